import { useNavigate } from "react-router";
import { type Answer, useMay, useRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import {
  BranchName,
  Card,
  Choice,
  type Column,
  Count,
  DataTable,
  Empty,
  Figure,
  Figures,
  Lines,
  Money,
  Page,
  Percent,
  Reading,
  RelativeTime,
  useUrlState,
} from "../../../ui";
import { texts } from "../baseTexts";
import css from "../segment.module.css";

type Base = Answer<"/api/v1/customer-base", "get">;
type Group = Base["groups"][number];
type By = Base["by"];

const WAYS = [
  "age_band",
  "asset_band",
  "stage",
  "risk_level",
  "grade",
  "acquired_by",
  "region",
  "branch",
  "trading_activity",
  "app_activity",
  "order_habit",
  "gender",
] as const satisfies readonly By[];

/** Who the customers are, group by group, and how unevenly assets lie. */
export default function BasePage() {
  const t = useTexts(texts);
  const [asked] = useUrlState("by", "age_band");
  const by = WAYS.find((way) => way === asked) ?? "age_band";
  const read = useRead("/api/v1/customer-base", { query: { by } });
  return (
    <Page
      title={t.title}
      about={t.about}
      filters={
        <Choice
          required
          name="by"
          label={t.by}
          options={WAYS.map((way) => ({ value: way, label: t[way] }))}
        />
      }
    >
      <Reading of={read} isEmpty={() => false}>
        {(base) =>
          base.as_of === null ? (
            <Empty what={t.empty} advice={t.emptyAdvice} />
          ) : base.customers === 0 ? (
            <Empty what={t.nobody} />
          ) : (
            <Shown base={base} />
          )
        }
      </Reading>
    </Page>
  );
}

function Shown({ base }: { base: Base }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const percent = (share: number) => format.decimal(share * 100, language, 1);
  return (
    <div className={css.stack}>
      <Figures>
        <Figure label={t.customers} value={<Count value={base.customers} />} />
        <Figure label={t.settled} value={<Percent part={base.known} whole={base.customers} />} />
        <Figure label={t.assets} value={<Money yuan={base.assets} />} />
        <Figure label={t.asOf} value={base.as_of ? <RelativeTime at={base.as_of} /> : "—"} />
      </Figures>
      <Groups base={base} />
      {base.curve.length > 0 && (
        <Card>
          <Lines
            message={t.topTenth(percent(base.top_tenth ?? 0))}
            note={t.giniNote(format.decimal(base.gini ?? 0, language, 2))}
            at={base.curve.map((_, place) => `${(place + 1) * 5}%`)}
            lines={[
              { name: t.held, values: base.curve.map((share) => Math.round(share * 1000) / 10) },
              { name: t.equal, values: base.curve.map((_, place) => (place + 1) * 5), quiet: true },
            ]}
            say={(value) => `${value}%`}
          />
        </Card>
      )}
    </div>
  );
}

function Groups({ base }: { base: Base }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const go = useNavigate();
  const maySee = useMay("segment:read");
  const name = (group: Group) =>
    (language === "en" ? group.en : group.zh) ?? (base.by === "branch" ? t.noBranch : t.unknown);
  const columns: Column<Group>[] = [
    {
      id: "group",
      title: t.group,
      cell: (group) => (base.by === "branch" && group.value ? <BranchName id={group.value} /> : name(group)),
      text: name,
      sort: (group) => group.value ?? "",
    },
    {
      id: "customers",
      title: t.customers,
      number: true,
      cell: (group) => <Count value={group.customers} />,
      sort: (group) => group.customers,
    },
    {
      id: "shareOfCustomers",
      title: t.shareOfCustomers,
      number: true,
      cell: (group) => <Percent part={group.customers} whole={base.customers} />,
      sort: (group) => group.customers,
    },
    {
      id: "assets",
      title: t.assets,
      number: true,
      cell: (group) => (group.known > 0 ? <Money yuan={group.assets} /> : "—"),
      sort: (group) => group.assets,
    },
    {
      id: "shareOfAssets",
      title: t.shareOfAssets,
      number: true,
      cell: (group) => (base.assets > 0 ? <Percent part={group.assets} whole={base.assets} /> : "—"),
      sort: (group) => group.assets,
    },
    {
      id: "mean",
      title: t.mean,
      number: true,
      cell: (group) => (group.known > 0 ? <Money yuan={group.assets / group.known} /> : "—"),
      sort: (group) => (group.known > 0 ? group.assets / group.known : -1),
    },
    {
      id: "median",
      title: t.median,
      number: true,
      cell: (group) => (group.median === null ? "—" : <Money yuan={group.median} />),
      sort: (group) => group.median ?? -1,
    },
  ];
  // The customers behind a row are a segment that can be kept.
  const open = (value: string) => {
    const part = value === "" ? { tag: base.by, op: "unknown" } : { tag: base.by, op: "in", value: [value] };
    void go(to.segment("new", { rule: JSON.stringify({ all: [part] }) }));
  };
  return (
    <DataTable
      name="base"
      label={t.title}
      rows={base.groups}
      rowKey={(group) => group.value ?? ""}
      columns={columns}
      onOpen={maySee && base.by !== "branch" ? open : undefined}
      empty={<Empty what={t.nobody} />}
    />
  );
}
