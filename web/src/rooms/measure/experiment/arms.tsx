import type { ReactNode } from "react";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import { Percent } from "../../../ui";
import css from "../measure.module.css";
import { useMetrics } from "../metrics";
import { arms, texts } from "../texts";
import type { Arm } from "./says";

/** Every arm by assignment: how many, how many opened, and how they were reached. */
export function Arms({ of, label }: { of: readonly Arm[]; label: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const name = useWords(arms);
  const metrics = useMetrics();
  const count = (value: number) => format.count(value, language);
  const seconds = (value: number | null) => (value === null ? "—" : format.duration(value, language));
  const columns: [string, (arm: Arm) => ReactNode, string?][] = [
    [t.n, (arm) => count(arm.n)],
    [t.opened, (arm) => count(arm.opened)],
    [t.completion, (arm) => <Rate of={arm.completion} />, metrics.definition("completion")],
    [t.interval, (arm) => <Interval of={arm.completion} />],
    [t.resumed, (arm) => <Rate of={arm.resumed} />],
    [t.reached, (arm) => <Rate of={arm.reached_in_time} />, metrics.definition("reached_in_time")],
    [t.byPerson, (arm) => <Rate of={arm.reached_by_person} />],
    [t.stillOpen, (arm) => count(arm.under_way)],
    [t.toReach, (arm) => seconds(arm.median_seconds_to_reach)],
    [t.toResume, (arm) => seconds(arm.median_seconds_to_resume)],
  ];
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={css.plain}>
        <thead>
          <tr>
            <th scope="col">{t.arm}</th>
            {columns.map(([title, , definition]) => (
              <th key={title} scope="col" className={css.num} title={definition}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((arm) => (
            <tr key={arm.arm}>
              <td>
                {name(arm.arm)}{" "}
                <span className={css.faint}>{format.percent(arm.weight, 1, language, 0)}</span>
              </td>
              {columns.map(([title, cell]) => (
                <td key={title} className={css.num}>
                  {cell(arm)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rate({ of }: { of: Arm["completion"] }) {
  return of.denominator === 0 ? <>—</> : <Percent part={of.numerator} whole={of.denominator} />;
}

function Interval({ of }: { of: Arm["completion"] }) {
  const language = useLanguage();
  if (of.low === null || of.high === null) return <>—</>;
  const say = (share: number) => format.percent(share, 1, language);
  return (
    <>
      {say(of.low)} – {say(of.high)}
    </>
  );
}
