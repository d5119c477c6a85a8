import { Link } from "react-router";
import { useHasRole, useRead } from "../../../api";
import { suitabilityWords, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import { Card, Empty, Facts, Pill, Reading, RelativeTime, type Tone } from "../../../ui";
import css from "../customers.module.css";
import { texts } from "../texts";

const tones: Record<string, Tone> = { valid: "neutral", expiring: "warn", expired: "danger", none: "warn" };

/** What the suitability gate knows of him, and all assessments there were. */
export function Suitability({ id }: { id: string }) {
  const t = useTexts(texts);
  const word = useWords(suitabilityWords);
  const mayCheck = useHasRole("compliance", "operator");
  const read = useRead("/api/v1/customers/{customer_id}/assessments", { path: { customer_id: id } });
  const all = (codes: readonly string[] | null) => codes?.map(word).join(t.joiner) || "—";
  return (
    <Reading of={read} shape="detail" isEmpty={() => false}>
      {({ investor, items }) => (
        <div className={css.stack}>
          <Card
            title={t.suitability}
            extra={mayCheck && <Link to={to.suitability({ customer: id })}>{t.check}</Link>}
          >
            <Facts
              of={[
                [t.level, investor.level ?? t.noLevel],
                [
                  t.assessment,
                  <span key="s">
                    <Pill tone={tones[investor.state]}>{word(investor.state)}</Pill>{" "}
                    {investor.source !== "none" && word(investor.source)}
                  </span>,
                ],
                [t.validUntil, investor.valid_until],
                [t.lowest, investor.lowest_category ? t.yes : t.no],
                [t.term, word(investor.term)],
                [t.kinds, all(investor.kinds)],
                [t.goals, all(investor.goals)],
                [t.investorClass, word(investor.investor_class)],
                [t.permissions, all(investor.permissions)],
              ]}
            />
          </Card>
          <Card title={t.history}>
            {items.length === 0 ? (
              <Empty what={t.noAssessments} advice={t.noAssessmentsAdvice} />
            ) : (
              <div className={css.scroll}>
                <table className={css.plain}>
                  <thead>
                    <tr>
                      <th scope="col">{t.level}</th>
                      <th scope="col">{t.source}</th>
                      <th scope="col">{t.term}</th>
                      <th scope="col">{t.kinds}</th>
                      <th scope="col">{t.validUntil}</th>
                      <th scope="col" className={css.number}>
                        {t.assessedAt}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((each) => (
                      <tr key={each.source + each.assessed_at}>
                        <td>{each.level}</td>
                        <td>{word(each.source)}</td>
                        <td>{word(each.term)}</td>
                        <td>{all(each.kinds)}</td>
                        <td>{each.valid_until}</td>
                        <td className={css.number}>
                          <RelativeTime at={each.assessed_at} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Card>
        </div>
      )}
    </Reading>
  );
}
