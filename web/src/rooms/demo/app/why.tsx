import { InfoCircleOutlined } from "@ant-design/icons";
import { useState } from "react";
import { format, useLanguage, useTexts } from "../../../language";
import css from "../demo.module.css";
import { texts } from "../texts";
import { Sheet } from "./chrome";
import type { Decided, Item } from "./slots";

interface WhyProps {
  slot: string;
  decided: Decided;
}

/** "Why do I see this?": the decision's own reasons, and whether it knew who was asking. */
export function Why({ item, ...props }: WhyProps & { item: Item }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const name = language === "en" ? item.name_en : item.name_zh;
  return <Asked label={`${t.why}: ${name}`} title={t.whyTitle} items={[item]} {...props} />;
}

/** One "why" for a whole slot: each of its items with its reasons, in the order it is shown. */
export function WhyThese({ items, ...props }: WhyProps & { items: readonly Item[] }) {
  const t = useTexts(texts);
  return <Asked label={t.whyThese} title={t.whyThese} items={items} {...props} />;
}

function Asked(props: WhyProps & { label: string; title: string; items: readonly Item[] }) {
  const t = useTexts(texts);
  const { label, title, items, slot, decided } = props;
  const [open, setOpen] = useState(false);
  const byDefault = decided.slots.find((each) => each.slot === slot)?.by_default ?? false;
  return (
    <>
      <button type="button" className={css.why} aria-label={label} onClick={() => setOpen(true)}>
        <InfoCircleOutlined aria-hidden />
      </button>
      {open && (
        <Sheet title={title} close={() => setOpen(false)}>
          {byDefault && <p>{t.byDefault}</p>}
          {items.map((item) => (
            <Reasons key={item.item} of={item} />
          ))}
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

function Reasons({ of }: { of: Item }) {
  const language = useLanguage();
  return (
    <div>
      <p className={css.strong}>{language === "en" ? of.name_en : of.name_zh}</p>
      <ul className={css.reasons}>
        {of.reasons.map((reason) => (
          <li key={reason.code}>{language === "en" ? reason.en : reason.zh}</li>
        ))}
      </ul>
    </div>
  );
}
