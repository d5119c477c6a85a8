import { InfoCircleOutlined } from "@ant-design/icons";
import { useState } from "react";
import { format, useLanguage, useTexts } from "../../../language";
import css from "../demo.module.css";
import { texts } from "../texts";
import { Sheet } from "./chrome";
import type { Decided, Item } from "./slots";

/** "Why do I see this?": the decision's own reasons, and whether it knew who was asking. */
export function Why({ item, slot, decided }: { item: Item; slot: string; decided: Decided }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const byDefault = decided.slots.find((each) => each.slot === slot)?.by_default ?? false;
  const name = language === "en" ? item.name_en : item.name_zh;
  return (
    <>
      <button
        type="button"
        className={css.why}
        aria-label={`${t.why}: ${name}`}
        onClick={() => setOpen(true)}
      >
        <InfoCircleOutlined aria-hidden />
      </button>
      {open && (
        <Sheet title={t.whyTitle} close={() => setOpen(false)}>
          <p className={css.strong}>{name}</p>
          <ul className={css.reasons}>
            {byDefault && <li>{t.byDefault}</li>}
            {item.reasons.map((reason) => (
              <li key={reason.code}>{language === "en" ? reason.en : reason.zh}</li>
            ))}
          </ul>
          <p className={css.quiet}>{decided.personalised ? t.personal : t.notPersonal}</p>
          <p className={css.quiet}>
            {t.decidedAt} {format.exact(new Date(decided.decided_at))}
            <br />
            {t.decision} <code>{decided.decision_id}</code>
          </p>
        </Sheet>
      )}
    </>
  );
}
