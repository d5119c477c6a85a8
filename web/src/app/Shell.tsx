import { Suspense, useEffect, useRef, useState } from "react";
import { Outlet, useLocation } from "react-router";
import { refresh, useSession } from "../api";
import { useTexts } from "../language";
import { live, useLiveStatus } from "../live";
import { usePreference } from "../preferences";
import { Tour } from "../rooms/demo/tour/Tour";
import { usePhone } from "../theme";
import { ErrorState, Loading, ShortcutHelp } from "../ui";
import css from "./app.module.css";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { SignIn } from "./SignIn";
import { texts } from "./texts";
import { ThumbBar } from "./ThumbBar";
import { TopBar } from "./TopBar";

/** After a change of page the keyboard starts at its top; not after a change of its filters. */
function useFocusOnPage() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.scrollTo(0, 0);
    main.current?.focus();
  }, [pathname]);
  return main;
}

function Desk() {
  const t = useTexts(texts);
  const folded = usePreference("railFolded");
  const phone = usePhone();
  const main = useFocusOnPage();
  const [finding, setFinding] = useState(false);
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, []);
  const { state } = useLiveStatus();
  useEffect(() => {
    // The connection may be gone because the session is: then the sign-in page says so.
    if (state === "paused") refresh("/api/v1/session");
  }, [state]);
  return (
    <div className={css.shell} data-folded={folded}>
      <a className={css.skip} href="#main">
        {t.skip}
      </a>
      {!phone && <Rail />}
      <TopBar onFind={() => setFinding(true)} />
      <main id="main" ref={main} tabIndex={-1} className={css.main}>
        <Suspense fallback={<Loading shape="cards" />}>
          <Outlet />
        </Suspense>
      </main>
      {phone && <ThumbBar />}
      <Palette open={finding} setOpen={setFinding} />
      <ShortcutHelp />
      <Tour />
    </div>
  );
}

/** What stands round every page: the sign-in page for strangers, rail and bars for staff. */
export function Shell() {
  const session = useSession();
  if (session.data === undefined)
    return session.error ? (
      <ErrorState problem={session.error} retry={() => void session.refetch()} />
    ) : (
      <Loading shape="cards" />
    );
  return session.data === null ? (
    <>
      <SignIn />
      <Tour />
    </>
  ) : (
    <Desk />
  );
}
