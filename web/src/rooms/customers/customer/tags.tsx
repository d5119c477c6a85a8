import { Link } from "react-router";
import { type Answer, useMay, useRead } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import { Card, Empty, Facts, Pill, Reading, RelativeTime } from "../../../ui";
import css from "../customers.module.css";
import { texts } from "../texts";

type Tag = Answer<"/api/v1/customers/{customer_id}/tags", "get">["items"][number];

/** What is known of a customer, tag by tag; what is not known is named, and is no zero. */
export function Tags({ id }: { id: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const mayRead = useMay("tag:read");
  const read = useRead("/api/v1/customers/{customer_id}/tags", { path: { customer_id: id } });
  const name = (tag: Tag) => (language === "en" ? tag.en : tag.zh);
  const shown = (tag: Tag) => (language === "en" ? tag.shown_en : tag.shown_zh) ?? "—";
  return (
    <Reading of={read} empty={<Empty what={t.tagsEmpty} advice={t.tagsEmptyAdvice} />}>
      {({ items, as_of }) => {
        const known = items.filter((tag) => tag.value !== null);
        const unknown = items.filter((tag) => tag.value === null);
        const families = [...new Set(known.map((tag) => tag.family))];
        return (
          <div className={css.sections}>
            {as_of && (
              <p className={css.quiet}>
                {t.tagsAsOf} <RelativeTime at={as_of} />
              </p>
            )}
            {families.map((family) => (
              <Card key={family}>
                <Facts
                  of={known
                    .filter((tag) => tag.family === family)
                    .map((tag) => [
                      name(tag),
                      <span key={tag.code} title={language === "en" ? tag.means_en : tag.means_zh}>
                        {mayRead ? <Link to={to.tag(tag.code)}>{shown(tag)}</Link> : shown(tag)}{" "}
                        {tag.sensitivity === "aml" && <Pill tone="warn">AML</Pill>}
                      </span>,
                    ])}
                />
              </Card>
            ))}
            {unknown.length > 0 && (
              <details>
                <summary>{t.tagsUnknown(unknown.length)}</summary>
                <p className={css.quiet}>{unknown.map(name).join(" · ")}</p>
              </details>
            )}
          </div>
        );
      }}
    </Reading>
  );
}
