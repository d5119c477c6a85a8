import { format, useLanguage, useTexts, useWords } from "../../../language";
import css from "../measure.module.css";
import { arms, texts } from "../texts";
import type { Result } from "./says";

/** Whether the arms are as large as they were meant to be. */
export function SampleRatio({ of }: { of: Result["sample_ratio"] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const name = useWords(arms);
  if (of.p === null) return <p className={css.faint}>{t.ratioNone}</p>;
  const p = of.p < 0.001 ? "< 0.001" : format.decimal(of.p, language, 3);
  return (
    <>
      <p style={{ color: of.alarm ? "var(--danger)" : undefined }}>
        {of.alarm ? t.ratioAlarm(p) : t.ratioFine(p)}
      </p>
      <table className={css.plain} style={{ maxWidth: 480, marginTop: 8 }}>
        <thead>
          <tr>
            <th scope="col">{t.arm}</th>
            <th scope="col" className={css.num}>
              {t.observed}
            </th>
            <th scope="col" className={css.num}>
              {t.expected}
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(of.observed).map(([arm, n]) => (
            <tr key={arm}>
              <td>{name(arm)}</td>
              <td className={css.num}>{format.count(n, language)}</td>
              <td className={css.num}>{format.decimal(of.expected[arm] ?? 0, language, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
