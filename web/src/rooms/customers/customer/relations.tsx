import { format, useLanguage, useTexts, useWords } from "../../../language";
import { BranchName, Card, Empty, Pill, StaffName } from "../../../ui";
import css from "../customers.module.css";
import { relationReasons, texts } from "../texts";
import type { Customer } from "./page";

type Relation = Customer["relations"][number];

/** Whose customer he is and was: acquisition, service, contract, each with its dates. */
export function Relations({ of }: { of: readonly Relation[] }) {
  const t = useTexts(texts);
  const kinds: Record<string, string> = {
    acquisition: t.acquisition,
    service: t.service,
    contract: t.contract,
  };
  if (of.length === 0)
    return (
      <Card>
        <Empty what={t.noRelations} advice={t.noRelationsAdvice} />
      </Card>
    );
  return (
    <div className={css.stack}>
      {Object.entries(kinds).map(([kind, name]) => {
        const rows = of
          .filter((relation) => relation.kind === kind)
          .sort((one, other) => Date.parse(other.valid_from) - Date.parse(one.valid_from));
        return (
          rows.length > 0 && (
            <Card key={kind} title={name}>
              <Dated of={rows} />
            </Card>
          )
        );
      })}
    </div>
  );
}

function Dated({ of }: { of: readonly Relation[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const reason = useWords(relationReasons);
  const day = (at: string) => (
    <time dateTime={at} title={format.exact(new Date(at))}>
      {format.exact(new Date(at)).slice(0, 10)}
    </time>
  );
  return (
    <div className={css.scroll}>
      <table className={css.plain}>
        <thead>
          <tr>
            <th scope="col">{t.branch}</th>
            <th scope="col">{t.person}</th>
            <th scope="col" className={css.number}>
              {t.share}
            </th>
            <th scope="col">{t.since}</th>
            <th scope="col">{t.until}</th>
            <th scope="col">{t.why}</th>
          </tr>
        </thead>
        <tbody>
          {of.map((each) => (
            <tr key={`${each.branch_id}/${each.staff_id}/${each.valid_from}`}>
              <td>
                <BranchName id={each.branch_id} />
              </td>
              <td>
                <StaffName id={each.staff_id} />
              </td>
              <td className={css.number}>{format.percent(Number(each.share), 1, language, 0)}</td>
              <td>{day(each.valid_from)}</td>
              <td>{each.valid_to ? day(each.valid_to) : <Pill tone="accent">{t.now}</Pill>}</td>
              <td className={css.quiet}>{reason(each.reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
