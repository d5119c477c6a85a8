import { useNavigate } from "react-router";
import { type Answer, useReadPages } from "../../../api";
import { creditRules, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import {
  type Column,
  Count,
  DataTable,
  Empty,
  Pill,
  Reading,
  RelativeTime,
  useStepName,
  useShelfNames,
  usePersonName,
} from "../../../ui";
import css from "../customers.module.css";
import { enquiryStates, entryKinds, openingStates, texts } from "../texts";

type Opening = Answer<"/api/v1/openings", "get">["items"][number];
type Enquiry = Answer<"/api/v1/enquiries", "get">["items"][number];
type Decision = Answer<"/api/v1/decisions", "get">["items"][number];
type Credit = Answer<"/api/v1/credits", "get">["items"][number];

const HEIGHT = "520px";
const STATES = ["under_way", "sent_back", "submitted", "opened", "abandoned", "ineligible"] as const;

/** His applications, each on the opening desk. */
export function Openings({ id }: { id: string }) {
  const t = useTexts(texts);
  const step = useStepName();
  const state = useWords(openingStates);
  const navigate = useNavigate();
  const pages = useReadPages("/api/v1/openings", { query: { customer: id, state: [...STATES] } });
  const columns: Column<Opening>[] = [
    { id: "id", title: t.application, cell: (row) => row.id, sort: (row) => row.id },
    {
      id: "state",
      title: t.state,
      cell: (row) => (
        <>
          <Pill tone={row.state === "sent_back" ? "warn" : "neutral"}>{state(row.state)}</Pill>{" "}
          {row.stuck_at && <Pill tone="danger">{t.stuck}</Pill>}
        </>
      ),
      text: (row) => row.state,
    },
    { id: "step", title: t.step, cell: (row) => step(row.step), text: (row) => row.step },
    {
      id: "times",
      title: t.stuckTimes,
      number: true,
      cell: (row) => <Count value={row.times_stuck} />,
      sort: (row) => row.times_stuck,
    },
    at("began", t.began, (row) => row.first_fact_at),
    at("last", t.lastSign, (row) => row.last_fact_at),
  ];
  return (
    <Reading of={pages.read}>
      {() => (
        <DataTable
          name="customer.openings"
          label={t.openings}
          rows={pages.items}
          rowKey={(row) => row.id}
          columns={columns}
          height={HEIGHT}
          onOpen={(open) => void navigate(to.openings({ open }))}
          more={pages.more}
          loadingMore={pages.loadingMore}
          empty={<Empty what={t.noOpenings} />}
        />
      )}
    </Reading>
  );
}

/** A column of times. */
function at<R>(id: string, title: string, of: (row: R) => string | null): Column<R> {
  return {
    id,
    title,
    number: true,
    cell: (row) => <RelativeTime at={of(row)} />,
    sort: of,
  };
}

/** What he asked, each in the desk's conversation. */
export function Enquiries({ id }: { id: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const state = useWords(enquiryStates);
  const navigate = useNavigate();
  const pages = useReadPages("/api/v1/enquiries", { query: { customer: id } });
  const columns: Column<Enquiry>[] = [
    { id: "question", title: t.question, cell: (row) => row.question, text: (row) => row.question },
    {
      id: "state",
      title: t.state,
      cell: (row) => (
        <Pill tone={row.state === "waiting" || row.state === "callback_owed" ? "warn" : "neutral"}>
          {state(row.state)}
        </Pill>
      ),
      sort: (row) => row.state,
    },
    {
      id: "by",
      title: t.servedBy,
      cell: (row) =>
        row.owner ? (language === "en" && row.owner.name_en) || row.owner.name : row.by_bot ? t.bot : "—",
      text: (row) => row.owner?.name ?? null,
    },
    {
      id: "stars",
      title: t.stars,
      number: true,
      cell: (row) => (row.stars === null ? "—" : `${row.stars} / 5`),
      sort: (row) => row.stars,
    },
    at("asked", t.asked, (row) => row.asked_at),
  ];
  return (
    <Reading of={pages.read}>
      {() => (
        <DataTable
          name="customer.enquiries"
          label={t.enquiries}
          rows={pages.items}
          rowKey={(row) => row.id}
          columns={columns}
          height={HEIGHT}
          onOpen={(conversation) => void navigate(to.enquiries({ conversation }))}
          more={pages.more}
          loadingMore={pages.loadingMore}
          empty={<Empty what={t.noEnquiries} />}
        />
      )}
    </Reading>
  );
}

/** What was decided for him, each with its evidence. */
export function Decisions({ id }: { id: string }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const shown = useShown();
  const pages = useReadPages("/api/v1/decisions", { query: { customer: id } });
  const columns: Column<Decision>[] = [
    {
      id: "slots",
      title: t.slots,
      cell: (row) => <span className={css.clamp}>{shown(row)}</span>,
      text: shown,
    },
    {
      id: "personal",
      title: t.personalised,
      cell: (row) => (row.personalised ? t.yes : <Pill>{t.notPersonalised}</Pill>),
      sort: (row) => Number(row.personalised),
    },
    at("at", t.decided, (row) => row.decided_at),
  ];
  return (
    <Reading of={pages.read}>
      {() => (
        <DataTable
          name="customer.decisions"
          label={t.decisions}
          rows={pages.items}
          rowKey={(row) => row.id}
          columns={columns}
          height={HEIGHT}
          onOpen={(open) => void navigate(to.decisions({ customer: id, open }))}
          more={pages.more}
          loadingMore={pages.loadingMore}
          empty={<Empty what={t.noDecisions} />}
        />
      )}
    </Reading>
  );
}

/** What a decision showed, slot by slot, by the names of the catalogue. */
function useShown(): (row: Decision) => string {
  const t = useTexts(texts);
  const names = useShelfNames();
  const inWords = (slot: Decision["slots"][number]) => {
    const items = slot.winners.map((winner) => names.item(winner.item)).join(t.joiner) || "—";
    return `${names.slot(slot.slot)}${t.colon}${items}${slot.by_default ? ` (${t.byDefault})` : ""}`;
  };
  return (row) => row.slots.map(inWords).join(" · ");
}

/** Which branch his account was credited to, and every line about it. */
export function Credits({ id }: { id: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(entryKinds);
  const rule = useWords(creditRules);
  const person = usePersonName();
  const navigate = useNavigate();
  const pages = useReadPages("/api/v1/credits", { query: { customer: id } });
  const holders = (row: Credit) =>
    row.holders
      .map((each) => [
        language === "en" ? each.branch_name_en : each.branch_name,
        person(each.staff_id, each.staff_name),
      ])
      .map((pair) => pair.filter(Boolean).join(" "))
      .join(t.joiner);
  const columns: Column<Credit>[] = [
    {
      id: "kind",
      title: t.entry,
      cell: (row) => (
        <>
          {kind(row.kind)} {row.reversed && <Pill>{t.reversed}</Pill>}
        </>
      ),
      text: (row) => row.kind,
    },
    { id: "holders", title: t.credited, cell: holders, text: holders },
    { id: "rule", title: t.rule, cell: (row) => rule(row.rule), text: (row) => rule(row.rule) },
    at("at", t.written, (row) => row.written_at),
  ];
  return (
    <Reading of={pages.read}>
      {() => (
        <DataTable
          name="customer.credits"
          label={t.credits}
          rows={pages.items}
          rowKey={(row) => row.id}
          columns={columns}
          height={HEIGHT}
          onOpen={(open) => void navigate(to.credits({ customer: id, open }))}
          more={pages.more}
          loadingMore={pages.loadingMore}
          empty={<Empty what={t.noCredits} />}
        />
      )}
    </Reading>
  );
}
