import { Link } from "react-router";
import { useReadPages, useScopedTopic } from "../../../api";
import { creditRules, useTexts, useWords } from "../../../language";
import { useTopic, withLive } from "../../../live";
import { to } from "../../../paths";
import {
  BranchChoice,
  Choice,
  type Column,
  CustomerLink,
  DataTable,
  DetailDrawer,
  Empty,
  Page,
  PeriodChoice,
  Pill,
  Reading,
  RelativeTime,
  type Span,
  Tabs,
  useOpen,
  useSpan,
  useAsked,
} from "../../../ui";
import { type Entry, useHolders } from "../parts";
import { entryKinds, texts } from "../texts";
import { EntryDetails } from "./details";
import { Summary } from "./summary";

const KINDS = ["acquisition", "assist", "reversal", "correction"] as const;
type Kind = (typeof KINDS)[number];

/** The ledger: each entry with its rule, and what lost. */
export default function EntriesPage() {
  const t = useTexts(texts);
  const [tab] = useAsked("credits", "tab");
  const [branch] = useAsked("credits", "branch");
  const topic = useTopic<Entry>(useScopedTopic("credits", branch));
  return (
    <Page
      title={t.entriesTitle}
      about={t.entriesAbout}
      live={tab === "ledger" ? topic.state : undefined}
      filters={<Filters summary={tab === "summary"} />}
    >
      <Tabs
        label={t.views}
        items={[
          { key: "ledger", label: t.ledger },
          { key: "summary", label: t.summary },
        ]}
      />
      {tab === "summary" ? <Summary /> : <Ledger live={topic.rows} />}
    </Page>
  );
}

function Filters({ summary }: { summary: boolean }) {
  const t = useTexts(texts);
  const kind = useWords(entryKinds);
  const [branch] = useAsked("credits", "branch");
  const [customer] = useAsked("credits", "customer");
  if (summary)
    return (
      <>
        <Choice
          name="by"
          label={t.by}
          required
          options={[
            { value: "branch", label: t.byBranch },
            { value: "advisor", label: t.byAdvisor },
          ]}
        />
        <PeriodChoice />
      </>
    );
  return (
    <>
      <BranchChoice />
      {branch && (
        <Choice
          name="side"
          label={t.side}
          options={[
            { value: "won", label: t.won },
            { value: "lost", label: t.lost },
          ]}
        />
      )}
      <PeriodChoice />
      <Choice name="kind" label={t.kind} options={KINDS.map((value) => ({ value, label: kind(value) }))} />
      {customer && (
        <Choice name="customer" label={t.customer} options={[{ value: customer, label: t.thisCustomer }]} />
      )}
    </>
  );
}

function fitting(span: Span, kind: string, customer: string, other: boolean): (entry: Entry) => boolean {
  return (entry) =>
    !other &&
    (!kind || entry.kind === kind) &&
    (!customer || entry.customer_id === customer) &&
    (!span.from || Date.parse(entry.at) >= Date.parse(span.from)) &&
    (!span.to || Date.parse(entry.at) < Date.parse(span.to));
}

function useColumns(): Column<Entry>[] {
  const t = useTexts(texts);
  const kind = useWords(entryKinds);
  const rule = useWords(creditRules);
  const holders = useHolders();
  return [
    {
      id: "holder",
      title: t.holder,
      cell: holders,
      sort: holders,
    },
    {
      id: "kind",
      title: t.kind,
      cell: (row) => (
        <>
          <Pill tone={row.kind === "acquisition" ? "accent" : "neutral"}>{kind(row.kind)}</Pill>{" "}
          {row.reversed && <Pill>{t.reversed}</Pill>}
        </>
      ),
      sort: (row) => row.kind,
    },
    {
      id: "customer",
      title: t.customer,
      acts: true,
      cell: (row) => <CustomerLink id={row.customer_id} name={row.customer_name} />,
      text: (row) => row.customer_name,
    },
    { id: "rule", title: t.rule, cell: (row) => rule(row.rule), sort: (row) => row.rule },
    {
      id: "lost",
      title: t.lostClaims,
      number: true,
      cell: (row) => row.lost.length || "—",
      sort: (row) => row.lost.length,
    },
    {
      id: "at",
      title: t.happened,
      number: true,
      cell: (row) => <RelativeTime at={row.at} />,
      sort: (row) => row.at,
    },
  ];
}

function Ledger({ live }: { live: ReadonlyMap<string, Entry> }) {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const [branch] = useAsked("credits", "branch");
  const [side] = useAsked("credits", "side");
  const [kind] = useAsked("credits", "kind");
  const [customer] = useAsked("credits", "customer");
  const [advisor] = useAsked("credits", "advisor");
  const span = useSpan();
  const pages = useReadPages("/api/v1/credits", {
    query: {
      branch: branch || undefined,
      side: branch ? side : undefined,
      kind: (kind || undefined) as Kind | undefined,
      customer: customer || undefined,
      advisor: advisor || undefined,
      ...span,
      limit: 100,
    },
  });
  const rows = withLive(pages.items, live, {
    key: (entry) => entry.id,
    at: (entry) => entry.written_at,
    fits: fitting(span, kind, customer, advisor !== "" || side !== "all"),
    all: pages.more === undefined,
  });
  const columns = useColumns();
  const filtered = [branch, kind, customer, advisor, span.from, span.to].some(Boolean);
  const nothing = filtered ? (
    <Empty what={t.noneFit} />
  ) : (
    <Empty
      what={t.entriesEmpty}
      advice={t.entriesEmptyAdvice}
      action={<Link to={to.creditRules()}>{t.seeRules}</Link>}
    />
  );
  return (
    <>
      <Reading of={pages.read} isEmpty={() => rows.length === 0} empty={nothing}>
        {() => (
          <DataTable
            name="credits"
            label={t.entriesTitle}
            rows={rows}
            rowKey={(row) => row.id}
            columns={columns}
            live
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={nothing}
            card={(row) => <EntryCard row={row} />}
          />
        )}
      </Reading>
      <DetailDrawer title={t.entry} wide>
        {(id) => <EntryDetails id={id} />}
      </DetailDrawer>
    </>
  );
}

function EntryCard({ row }: { row: Entry }) {
  const kind = useWords(entryKinds);
  const rule = useWords(creditRules);
  const holders = useHolders();
  return (
    <div style={{ display: "grid", gap: 2 }}>
      <span style={{ display: "flex", justifyContent: "space-between", gap: 12 }}>
        <b style={{ fontWeight: 600 }}>{holders(row)}</b>
        <Pill tone={row.kind === "acquisition" ? "accent" : "neutral"}>{kind(row.kind)}</Pill>
      </span>
      <span style={{ color: "var(--muted)" }}>
        {row.customer_name} · {rule(row.rule)} · <RelativeTime at={row.at} />
      </span>
    </div>
  );
}
