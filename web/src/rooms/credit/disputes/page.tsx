import { Button } from "antd";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { type Answer, refresh, useReadPages, useScopedTopic, useWrite } from "../../../api";
import { creditRules, useTexts, useWords } from "../../../language";
import { useTopic } from "../../../live";
import { to } from "../../../paths";
import {
  BranchChoice,
  type Column,
  CustomerLink,
  DataTable,
  DetailDrawer,
  Empty,
  Facts,
  Page,
  Pill,
  Reading,
  RelativeTime,
  Tabs,
  TextDialog,
  useOpen,
  useTell,
  useAsked,
} from "../../../ui";
import css from "../credit.module.css";
import { Holders, LostClaims, Part, useHolders, useParty } from "../parts";
import { disputeStates, texts } from "../texts";

type Dispute = Answer<"/api/v1/disputes", "get">["items"][number];

const PATH = "/api/v1/disputes";

/** Objections between branches, and the judge's buttons. */
export default function DisputesPage() {
  const t = useTexts(texts);
  const [tab] = useAsked("disputes", "tab");
  const [branch] = useAsked("disputes", "branch");
  const [open, setOpen] = useOpen();
  const topic = useTopic(useScopedTopic("disputes", branch));
  // The topic says that something changed; who may judge it depends on who asks, so the list is read again.
  useEffect(() => refresh(PATH), [topic.rows]);
  const pages = useReadPages(PATH, {
    query: { state: tab === "open" ? "open" : undefined, branch: branch || undefined, limit: 100 },
  });
  const columns = useColumns();
  const nothing =
    tab === "open" ? (
      <Empty what={t.disputesEmpty} advice={t.disputesEmptyAdvice} />
    ) : (
      <Empty what={t.disputesNone} advice={t.disputesEmptyAdvice} />
    );
  const opened = pages.items.find((dispute) => dispute.id === open);
  return (
    <Page title={t.disputesTitle} about={t.disputesAbout} live={topic.state} filters={<BranchChoice />}>
      <Tabs
        label={t.views}
        items={[
          {
            key: "open",
            label: t.open,
            // What still stands there from the other tab is not counted as this one's.
            count:
              tab === "open" && pages.read.data && !pages.read.isPlaceholderData
                ? pages.items.length
                : undefined,
          },
          { key: "all", label: t.all },
        ]}
      />
      <Reading of={pages.read} empty={nothing}>
        {() => (
          <DataTable
            name="disputes"
            label={t.disputesTitle}
            rows={pages.items}
            rowKey={(row) => row.id}
            columns={columns}
            live
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={nothing}
            card={(row) => <DisputeCard row={row} />}
          />
        )}
      </Reading>
      <DetailDrawer title={t.disputeDetails} wide>
        {() => opened && <Details of={opened} />}
      </DetailDrawer>
    </Page>
  );
}

function State({ of }: { of: Dispute }) {
  const t = useTexts(texts);
  const state = useWords(disputeStates);
  if (of.state === "open" && of.overdue) return <Pill tone="danger">{t.overdue}</Pill>;
  return <Pill tone={of.state === "open" ? "warn" : "neutral"}>{state(of.state)}</Pill>;
}

function useColumns(): Column<Dispute>[] {
  const t = useTexts(texts);
  const party = useParty();
  const holders = useHolders();
  return [
    { id: "objector", title: t.objector, cell: party, sort: party },
    {
      id: "against",
      title: t.against,
      cell: (row) => holders(row.entry),
      sort: (row) => holders(row.entry),
    },
    {
      id: "customer",
      title: t.customer,
      acts: true,
      cell: (row) => <CustomerLink id={row.entry.customer_id} name={row.entry.customer_name} />,
      text: (row) => row.entry.customer_name,
    },
    { id: "state", title: t.state, cell: (row) => <State of={row} />, sort: (row) => row.state },
    {
      id: "opened",
      title: t.opened,
      number: true,
      cell: (row) => <RelativeTime at={row.opened_at} />,
      sort: (row) => row.opened_at,
    },
    {
      id: "due",
      title: t.due,
      number: true,
      cell: (row) => <RelativeTime at={row.due_at} />,
      sort: (row) => row.due_at,
    },
  ];
}

function DisputeCard({ row }: { row: Dispute }) {
  const party = useParty();
  const holders = useHolders();
  return (
    <div style={{ display: "grid", gap: 2 }}>
      <span style={{ display: "flex", justifyContent: "space-between", gap: 12 }}>
        <b style={{ fontWeight: 600 }}>{party(row)}</b>
        <State of={row} />
      </span>
      <span style={{ color: "var(--muted)" }}>
        {holders(row.entry)} · {row.entry.customer_name}
      </span>
    </div>
  );
}

function Details({ of }: { of: Dispute }) {
  const t = useTexts(texts);
  const party = useParty();
  const rule = useWords(creditRules);
  const { entry } = of;
  return (
    <div className={css.stack}>
      <Facts
        of={[
          [t.state, <State key="s" of={of} />],
          [t.objector, party(of)],
          [t.customer, <CustomerLink key="c" id={entry.customer_id} name={entry.customer_name} />],
          [
            t.rule,
            <span key="r">
              {rule(entry.rule)} · <Link to={to.credits({ open: entry.id })}>{t.onEntry}</Link>
            </span>,
          ],
          [t.opened, <RelativeTime key="o" at={of.opened_at} />],
          [t.due, <RelativeTime key="d" at={of.due_at} />],
        ]}
      />
      <Part title={t.reason}>
        <p className={css.quote}>{of.reason}</p>
      </Part>
      <Part title={t.against}>
        <Holders of={entry.holders} />
      </Part>
      <Part title={t.losers}>
        <LostClaims of={entry.lost} />
      </Part>
      {of.ruling && (
        <Part title={`${t.ruling} · ${of.judge_name ?? ""}`}>
          <p className={css.quote}>{of.ruling}</p>
        </Part>
      )}
      {of.may_decide && <Judge of={of} />}
      {of.state === "open" && !of.may_decide && <p className={css.quiet}>{t.mayNotJudge}</p>}
    </div>
  );
}

function Judge({ of }: { of: Dispute }) {
  const t = useTexts(texts);
  const tell = useTell();
  const party = useParty();
  const holders = useHolders();
  const [verdict, setVerdict] = useState<"upheld" | "moved">();
  const decide = useWrite("post", "/api/v1/disputes/{dispute_id}/decide", {
    refreshes: [PATH, "/api/v1/credits"],
  });
  const run = async (ruling: string) => {
    if (verdict === undefined) return;
    const answer = await decide.run({ path: { dispute_id: of.id }, body: { verdict, ruling } });
    if (answer === "failed") return;
    setVerdict(undefined);
    tell.done(t.judged);
  };
  const moves = verdict === "moved";
  return (
    <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
      <Button onClick={() => setVerdict("upheld")}>{t.uphold}</Button>
      <Button type="primary" onClick={() => setVerdict("moved")}>
        {t.move}
      </Button>
      {verdict && (
        <TextDialog
          title={moves ? t.moveTitle : t.upholdTitle}
          about={moves ? t.moveAbout(party(of)) : t.upholdAbout(holders(of.entry))}
          label={t.rulingText}
          action={moves ? t.move : t.uphold}
          least={5}
          pending={decide.pending}
          problem={decide.problem}
          onDone={(ruling) => void run(ruling)}
          onClose={() => setVerdict(undefined)}
        />
      )}
    </div>
  );
}
