import { type Answer, useReadPages } from "../../../api";
import { useTexts, useWords } from "../../../language";
import {
  Card,
  Choice,
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Page,
  Pill,
  Reading,
  RelativeTime,
  Tabs,
  type Tone,
  useOpen,
  useAsked,
} from "../../../ui";
import { approvalKinds, approvalStates, texts } from "../texts";
import { ApprovalDetails } from "./details";

export type Approval = Answer<"/api/v1/approvals", "get">["items"][number];

const tones: Record<Approval["state"], Tone> = {
  pending: "warn",
  approved: "good",
  rejected: "danger",
  withdrawn: "neutral",
};

function useColumns(): Column<Approval>[] {
  const t = useTexts(texts);
  const kind = useWords(approvalKinds);
  const state = useWords(approvalStates);
  return [
    { id: "kind", title: t.kind, cell: (row) => kind(row.kind), sort: (row) => row.kind },
    { id: "subject", title: t.subject, cell: titleOf, text: titleOf },
    { id: "author", title: t.author, cell: (row) => row.author_name, sort: (row) => row.author_name },
    {
      id: "state",
      title: t.state,
      cell: (row) => <Pill tone={tones[row.state]}>{state(row.state)}</Pill>,
      sort: (row) => row.state,
    },
    {
      id: "decider",
      title: t.decider,
      cell: (row) => row.decided_by_name ?? "—",
      sort: (row) => row.decided_by_name,
    },
    {
      id: "asked",
      title: t.asked,
      number: true,
      cell: (row) => <RelativeTime at={row.asked_at} />,
      sort: (row) => row.asked_at,
    },
  ];
}

/** What it is about, in a line: a title, a topic, a version. */
export function titleOf(approval: Pick<Approval, "proposed" | "subject">): string {
  const { title, topic, name, version } = approval.proposed as Record<string, unknown>;
  const said = title ?? topic ?? name;
  if (typeof said === "string" && said !== "") return said;
  return version === undefined ? approval.subject : `${approval.subject} v${String(version)}`;
}

/** Proposals that wait for a second person, and those that were decided. */
export default function ApprovalsPage() {
  const t = useTexts(texts);
  const kind = useWords(approvalKinds);
  const [tab] = useAsked("approvals", "tab");
  const [only] = useAsked("approvals", "kind");
  const [open, setOpen] = useOpen();
  const pending = tab === "pending";
  const pages = useReadPages(
    "/api/v1/approvals",
    { query: { state: pending ? "pending" : undefined, kind: only || undefined, limit: 100 } },
    { every: 15_000 },
  );
  const rows = pending ? pages.items : pages.items.filter((row) => row.state !== "pending");
  const columns = useColumns();
  const nothing = (
    <Card>
      {pending ? (
        <Empty what={t.approvalsEmpty} advice={t.approvalsEmptyAdvice} />
      ) : (
        <Empty what={t.decidedEmpty} />
      )}
    </Card>
  );
  const opened = pages.items.find((row) => row.id === open);
  return (
    <Page
      title={t.approvalsTitle}
      about={t.approvalsAbout}
      filters={
        <Choice
          name="kind"
          label={t.kind}
          options={Object.keys(approvalKinds).map((value) => ({ value, label: kind(value) }))}
        />
      }
    >
      <Tabs
        label={t.views}
        items={[
          {
            key: "pending",
            label: t.pending,
            count: pending && pages.read.data && !pages.read.isPlaceholderData ? rows.length : undefined,
          },
          { key: "decided", label: t.decided },
        ]}
      />
      <Reading of={pages.read} isEmpty={() => rows.length === 0} empty={nothing}>
        {() => (
          <DataTable
            name="approvals"
            label={t.approvalsTitle}
            rows={rows}
            rowKey={(row) => row.id}
            columns={columns}
            live
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer title={opened ? titleOf(opened) : t.approval} wide>
        {() => opened && <ApprovalDetails key={opened.id} of={opened} />}
      </DetailDrawer>
    </Page>
  );
}
