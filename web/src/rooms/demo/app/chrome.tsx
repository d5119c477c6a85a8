import { ArrowLeftOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { useTexts } from "../../../language";
import css from "../demo.module.css";
import { texts } from "../texts";
import { usePhoneContext } from "./holder";

/** The head of a screen that is not the home page. */
export function ScreenHead({
  title,
  extra,
  back = "home",
}: {
  title: string;
  extra?: ReactNode;
  back?: string;
}) {
  const t = useTexts(texts);
  const { go } = usePhoneContext();
  return (
    <header className={css.screenHead}>
      <Button type="text" icon={<ArrowLeftOutlined />} aria-label={t.back} onClick={() => go(back)} />
      <h3>{title}</h3>
      <span className={css.screenExtra}>{extra}</span>
    </header>
  );
}

/** What scrolls under a screen's head; by the keyboard too, once it has the focus. */
export function ScreenBody({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={css.screenBody} role="region" aria-label={title} tabIndex={0}>
      {children}
    </div>
  );
}

/** A sheet that rises from the bottom of the phone. Escape, the shade and its button close it. */
export function Sheet({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  const t = useTexts(texts);
  const { frame } = usePhoneContext();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    return () => before?.focus();
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => event.key === "Escape" && close();
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [close]);
  if (frame === null) return null;
  return createPortal(
    <div className={css.sheetFrame}>
      <button type="button" className={css.shade} aria-label={t.close} tabIndex={-1} onClick={close} />
      <div ref={box} role="dialog" aria-label={title} tabIndex={-1} className={css.sheet}>
        <h4>{title}</h4>
        {children}
        <Button block onClick={close}>
          {t.close}
        </Button>
      </div>
    </div>,
    frame,
  );
}
