import { useParams } from "react-router";
import { type Answer, useRead } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import {
  Card,
  type Column,
  Count,
  CustomerLink,
  DataTable,
  Empty,
  Facts,
  Figure,
  Figures,
  Lines,
  Page,
  Percent,
  Reading,
  RelativeTime,
  useUrlState,
} from "../../../ui";
import css from "../segment.module.css";
import { sensitivities, texts, types, uses } from "../tagTexts";

type One = Answer<"/api/v1/tags/{code}", "get">;
type Value = One["spread"][number];

/** One tag: what it means, how its values are spread and how that changed, and some customers who have it. */
export default function TagPage() {
  const { code = "" } = useParams();
  const t = useTexts(texts);
  const language = useLanguage();
  const [value] = useUrlState("value");
  const read = useRead("/api/v1/tags/{code}", { path: { code }, query: { value: value || undefined } });
  const tag = read.data?.tag;
  return (
    <Page
      title={tag ? t.oneTitle(language === "en" ? tag.en : tag.zh) : t.tag}
      about={tag && (language === "en" ? tag.means_en : tag.means_zh)}
    >
      <Reading of={read} isEmpty={() => false}>
        {(one) => <Shown one={one} />}
      </Reading>
    </Page>
  );
}

/** A value's name in the page's language. */
function useNames(tag: One["tag"]): (value: string | null) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  return (value) => {
    if (value === null) return t.noData;
    if (tag.type === "flag") return value === "1" ? t.yes : t.no;
    const level = tag.levels.find((each) => each.code === value);
    return level ? (language === "en" ? level.en : level.zh) : value;
  };
}

function Shown({ one }: { one: One }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const name = useNames(one.tag);
  const [value] = useUrlState("value");
  const known = one.tag.known ?? 0;
  const largest = one.spread.find((row) => row.value !== null)?.value ?? null;
  const days = [...new Set(one.trend.map((row) => row.day))];
  const shown = value || largest;
  const trend = days.map(
    (day) => one.trend.find((row) => row.day === day && row.value === shown)?.customers ?? 0,
  );
  return (
    <div className={css.columns}>
      <div className={css.stack}>
        <Figures>
          <Figure
            label={t.coverage}
            value={known > 0 ? <Percent part={known} whole={one.customers ?? 0} /> : t.noData}
          />
          <Figure label={t.moved} value={one.moved === null ? "—" : <Count value={one.moved} />} />
          <Figure label={t.asOf} value={one.as_of ? <RelativeTime at={one.as_of} /> : "—"} />
        </Figures>
        {one.quantiles ? <Quantiles of={one.quantiles} /> : <Spread one={one} />}
        {days.length > 1 && shown !== null && (
          <Card>
            <Lines
              message={t.trendSays(name(shown))}
              note={t.trendNote}
              at={days.map((day) => day.slice(5))}
              lines={[{ name: name(shown), values: trend }]}
              height={200}
              say={(count) => format.count(count, language)}
            />
          </Card>
        )}
      </div>
      <div className={css.stack}>
        <Definition of={one.tag} />
        <Card title={value ? t.sampleOf(name(value)) : t.sample}>
          {one.sample.length > 0 ? (
            <ul className={css.people}>
              {one.sample.map((each) => (
                <li key={each.customer_id}>
                  <CustomerLink id={each.customer_id} name={each.customer || undefined} />
                </li>
              ))}
            </ul>
          ) : (
            <Empty what={t.nobody} />
          )}
        </Card>
      </div>
    </div>
  );
}

function Spread({ one }: { one: One }) {
  const t = useTexts(texts);
  const name = useNames(one.tag);
  const [value, set] = useUrlState("value");
  const columns: Column<Value>[] = [
    { id: "value", title: t.value, cell: (row) => name(row.value), text: (row) => name(row.value) },
    {
      id: "customers",
      title: t.customers,
      number: true,
      cell: (row) => <Count value={row.customers} />,
      sort: (row) => row.customers,
    },
    {
      id: "share",
      title: t.share,
      number: true,
      cell: (row) => <Percent part={row.customers} whole={one.customers ?? 0} />,
      sort: (row) => row.customers,
    },
  ];
  return (
    <DataTable
      name="spread"
      label={t.spread}
      rows={one.spread}
      rowKey={(row) => row.value ?? ""}
      columns={columns}
      current={value}
      onOpen={(key) => set(key === "" || key === value ? null : key)}
      empty={<Empty what={t.nobody} />}
    />
  );
}

function Quantiles({ of }: { of: readonly number[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const places = ["5%", "25%", "50%", "75%", "95%"];
  return (
    <Card title={t.quantiles}>
      <Figures>
        {of.map((number, place) => (
          <Figure key={place} label={places[place] ?? ""} value={format.decimal(number, language, 2)} />
        ))}
      </Figures>
    </Card>
  );
}

function Definition({ of }: { of: One["tag"] }) {
  const t = useTexts(texts);
  const type = useWords(types);
  const sensitivity = useWords(sensitivities);
  const use = useWords(uses);
  const params = Object.entries(of.params);
  return (
    <Card>
      <Facts
        of={[
          [t.type, type(of.type)],
          [t.inputs, of.inputs.join(", ")],
          [t.formula, <code key="f">{of.formula}</code>],
          ...(params.length > 0
            ? ([[t.params, params.map(([key, number]) => `${key} = ${number}`).join(", ")]] as const)
            : []),
          [t.life, t.days(of.life_days)],
          [t.sensitivity, sensitivity(of.sensitivity)],
          [t.uses, of.uses.map(use).join(", ")],
          [t.owner, of.owner],
        ]}
      />
    </Card>
  );
}
