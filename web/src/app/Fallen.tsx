import { Button } from "antd";
import { Link, useRouteError } from "react-router";
import { Problem } from "../api";
import { useTexts } from "../language";
import { Empty, ErrorState } from "../ui";
import { texts } from "./texts";

/** A page that threw: what happened and what to do; the rest of the product stays usable. */
export function Fallen() {
  const t = useTexts(texts);
  const error = useRouteError();
  const reload = (
    <Button type="primary" onClick={() => location.reload()}>
      {t.reload}
    </Button>
  );
  if (error instanceof Problem) return <ErrorState problem={error} retry={() => location.reload()} />;
  // A chunk of an older build is gone after an upgrade.
  if (error instanceof TypeError && /import|module/i.test(error.message))
    return <Empty what={t.updated} advice={t.updatedAdvice} action={reload} />;
  return (
    <Empty
      what={t.crashed}
      advice={
        <>
          {t.crashedAdvice}
          <br />
          <code>{error instanceof Error ? error.message : String(error)}</code>
        </>
      }
      action={reload}
    />
  );
}

export function Missing() {
  const t = useTexts(texts);
  return <Empty what={t.missing} advice={t.missingAdvice} action={<Link to="/home">{t.home}</Link>} />;
}

export function NoRooms() {
  const t = useTexts(texts);
  return <Empty what={t.noRooms} advice={t.noRoomsAdvice} />;
}
