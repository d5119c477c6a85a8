import { Link } from "react-router";
import { type Answer, useMay, useRead } from "../../../api";
import { sensitivities, tagFamilies, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import { Card, Empty, Pill, Reading, RelativeTime, useTagValue } from "../../../ui";
import css from "../customers.module.css";
import { texts } from "../texts";

type Tag = Answer<"/api/v1/customers/{customer_id}/tags", "get">["items"][number];

/** What is known of him as tags, by family; what nothing is known of stands folded below. */
export function Tags({ id }: { id: string }) {
  const t = useTexts(texts);
  const family = useWords(tagFamilies);
  const read = useRead("/api/v1/customers/{customer_id}/tags", { path: { customer_id: id } });
  return (
    <Reading
      of={read}
      shape="detail"
      empty={
        <Card>
          <Empty what={t.tagsEmpty} advice={t.tagsEmptyAdvice} />
        </Card>
      }
    >
      {({ items, as_of }) => {
        const known = items.filter((tag) => tag.value !== null);
        const families = [...new Set(known.map((tag) => tag.family))];
        const unknown = items.filter((tag) => tag.value === null);
        return (
          <div className={css.stack}>
            <div className={css.quiet}>
              {t.tagsAsOf} <RelativeTime at={as_of} />
            </div>
            {families.map((code) => (
              <Card key={code} title={family(code)}>
                <dl className={css.tags}>
                  {known
                    .filter((tag) => tag.family === code)
                    .map((tag) => (
                      <Shown key={tag.code} of={tag} />
                    ))}
                </dl>
              </Card>
            ))}
            {unknown.length > 0 && (
              <Card>
                <details>
                  <summary>{t.tagsUnknown(unknown.length)}</summary>
                  <ul className={css.groups} style={{ padding: 0, marginTop: 12, listStyle: "none" }}>
                    {unknown.map((tag) => (
                      <li key={tag.code} className={css.quiet}>
                        <Name of={tag} />
                      </li>
                    ))}
                  </ul>
                </details>
              </Card>
            )}
          </div>
        );
      }}
    </Reading>
  );
}

function Name({ of }: { of: Tag }) {
  const language = useLanguage();
  const may = useMay("tag:read");
  const means = language === "en" ? of.means_en : of.means_zh;
  return may ? (
    <Link to={to.tag(of.code)} title={means}>
      {of[language]}
    </Link>
  ) : (
    <span title={means}>{of[language]}</span>
  );
}

function Shown({ of }: { of: Tag }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const sensitivity = useWords(sensitivities);
  const say = useTagValue();
  const own = (language === "en" ? of.shown_en : of.shown_zh) ?? "";
  const each = (code: string) => say(of, code);
  const value =
    typeof of.value !== "string"
      ? own
      : of.type === "set"
        ? of.value.split("|").map(each).join(t.joiner)
        : own === of.value
          ? each(of.value)
          : own;
  const quiet = of.sensitivity === "open" || of.sensitivity === "personal";
  return (
    <div>
      <dt>
        <Name of={of} />{" "}
        {!quiet && (
          <Pill tone={of.sensitivity === "aml" ? "warn" : "neutral"}>{sensitivity(of.sensitivity)}</Pill>
        )}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
