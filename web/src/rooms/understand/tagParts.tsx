import type { Answer } from "../../api";
import { format, useLanguage, useTexts, useWords } from "../../language";
import { Percent } from "../../ui";
import css from "./tag.module.css";
import { inputs, texts } from "./tagTexts";

export type Tags = Answer<"/api/v1/tags", "get">;
export type TagPage = Answer<"/api/v1/tags/{code}", "get">;
export type Tag = TagPage["tag"];

/** Attributes of a customer that a formula asks for: "trait('income')" -> income. */
export function fieldsOf(formula: string): string[] {
  return [...new Set([...formula.matchAll(/trait\('(\w+)'\)/g)].map(([, name]) => name ?? ""))];
}

/** What a firm would have to send for a tag to be known. */
export function useNeeds(): (tag: Tag) => string {
  const t = useTexts(texts);
  const word = useWords(inputs);
  return (tag) => {
    const fields = fieldsOf(tag.formula);
    return tag.inputs.map(word).join(t.joiner) + (fields.length > 0 ? t.fields(fields.join(t.joiner)) : "");
  };
}

/** Of how many customers a tag is known: a bar with its share, or what is missing. */
export function Coverage({ of, whole }: { of: Tag; whole: number | null }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const needs = useNeeds();
  if (of.known === null || whole === null) return <>—</>;
  if (of.known === 0)
    return (
      <span className={css.quiet}>
        <b>{t.unknown}</b> · {t.wouldNeed(needs(of))}
      </span>
    );
  const said = t.ofCustomers(format.count(of.known, language), format.count(whole, language));
  return (
    <span className={css.coverage} title={said}>
      <span className={css.track} aria-hidden>
        <span className={css.fill} style={{ width: `${(of.known / Math.max(1, whole)) * 100}%` }} />
      </span>
      <span className={css.share}>
        <Percent part={of.known} whole={whole} digits={0} />
      </span>
    </span>
  );
}
