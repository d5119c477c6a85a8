import type { ReactNode } from "react";
import { useMay } from "../../../api";
import { eventNames, format, useLanguage, useTexts, useWords } from "../../../language";
import { Card, Percent, useOpen } from "../../../ui";
import css from "../measure.module.css";
import { texts } from "../texts";
import { type FunnelOf, markText } from "./question";

type Group = FunnelOf["breakdown"][number];

/** The same funnel for each value of the property: how far each came, of its own first step. */
export function Breakdown({ of }: { of: FunnelOf }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const word = useWords(eventNames);
  const mayOpen = useMay("customer:read");
  const [, open] = useOpen();
  const name = (group: Group) => (group.is_other ? t.otherValues : (group.value ?? t.noValue));
  return (
    <Card title={t.breakdown(of.by ?? "")}>
      <div className={css.scroll} tabIndex={0} role="region" aria-label={t.breakdown(of.by ?? "")}>
        <table className={css.plain}>
          <thead>
            <tr>
              <th scope="col">{t.value}</th>
              {of.steps.map((step, index) => (
                <th key={`${index}${step.name}`} scope="col" className={css.num} title={step.name}>
                  {index === 0 ? t.firstStep : word(step.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.breakdown.map((group) => (
              <tr key={`${group.is_other}${group.value ?? "\u0000"}`}>
                <td>{name(group)}</td>
                {group.steps.map((step, index) => (
                  <td key={`${index}${step.name}`} className={css.num}>
                    <Bar
                      open={
                        mayOpen && !group.is_other && group.value !== null && step.customers > 0
                          ? () => open(markText({ step: index + 1, lost: false, value: group.value ?? "" }))
                          : undefined
                      }
                    >
                      {index === 0 ? (
                        format.count(step.customers, language)
                      ) : (
                        <Percent part={step.customers} whole={step.first} />
                      )}
                    </Bar>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** A figure that leads to the customers behind it, where there are any and one may see them. */
function Bar({ open, children }: { open: (() => void) | undefined; children: ReactNode }) {
  if (!open) return children;
  return (
    <button type="button" className={css.figure} onClick={open}>
      {children}
    </button>
  );
}
