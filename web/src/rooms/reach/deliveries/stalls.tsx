import { Link } from "react-router";
import { type Answer, useReadPages } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import {
  BranchName,
  type Column,
  CustomerLink,
  DataTable,
  DetailDrawer,
  Empty,
  Facts,
  Pill,
  Reading,
  RelativeTime,
  StepName,
  type Tone,
  useBranchName,
  useOpen,
  useStepName,
  useAsked,
} from "../../../ui";
import css from "../reach.module.css";
import { arms, momentStates, refusals, texts } from "../texts";

type Moment = Answer<"/api/v1/moments", "get">["items"][number];

const tones: Partial<Record<Moment["state"], Tone>> = { refused: "warn", waiting: "accent", due: "accent" };

function State({ of }: { of: Moment }) {
  const word = useWords(momentStates);
  return <Pill tone={tones[of.state]}>{word(of.state)}</Pill>;
}

function useColumns(): Column<Moment>[] {
  const t = useTexts(texts);
  const arm = useWords(arms);
  const reason = useWords(refusals);
  const step = useStepName();
  const branch = useBranchName();
  return [
    { id: "step", title: t.step, cell: (row) => step(row.step), sort: (row) => row.step },
    { id: "state", title: t.state, cell: (row) => <State of={row} />, sort: (row) => row.state },
    {
      id: "reason",
      title: t.reason,
      cell: (row) => (row.reason ? reason(row.reason) : "—"),
      sort: (row) => row.reason,
    },
    { id: "arm", title: t.arm, cell: (row) => arm(row.arm), sort: (row) => row.arm },
    {
      id: "customer",
      title: t.customer,
      acts: true,
      cell: (row) => <CustomerLink id={row.customer_id} name={row.customer} />,
      text: (row) => row.customer,
    },
    {
      id: "branch",
      title: t.branch,
      cell: (row) => branch(row.branch_id),
      sort: (row) => branch(row.branch_id),
    },
    {
      id: "stuck",
      title: t.stuckAt,
      number: true,
      cell: (row) => <RelativeTime at={row.stuck_at} />,
      sort: (row) => row.stuck_at,
    },
  ];
}

/** Stalls in every arm, and what became of each; read again every five seconds. */
export function Stalls() {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const [branch] = useAsked("deliveries", "branch");
  const [state] = useAsked("deliveries", "became");
  const query = {
    branch: branch || undefined,
    state: (state || undefined) as Moment["state"] | undefined,
    limit: 100,
  };
  const pages = useReadPages("/api/v1/moments", { query }, { every: 5000 });
  const columns = useColumns();
  const nothing = <Empty what={branch || state ? t.noneFit : t.stallsEmpty} />;
  const opened = pages.items.find((row) => row.id === open);
  return (
    <>
      <Reading of={pages.read} empty={nothing}>
        {() => (
          <DataTable
            name="stalls"
            label={t.stalls}
            rows={pages.items}
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
      <DetailDrawer title={t.stall}>{() => opened && <Details of={opened} />}</DetailDrawer>
    </>
  );
}

function Details({ of }: { of: Moment }) {
  const t = useTexts(texts);
  const arm = useWords(arms);
  const reason = useWords(refusals);
  return (
    <div className={css.stack}>
      <Facts
        of={[
          [t.state, <State key="s" of={of} />],
          ...(of.reason ? ([[t.reason, reason(of.reason)]] as const) : []),
          [t.arm, arm(of.arm)],
          [t.customer, <CustomerLink key="c" id={of.customer_id} name={of.customer} />],
          [t.branch, <BranchName key="b" id={of.branch_id} />],
          [
            t.opening,
            <Link key="o" to={to.openings({ open: of.opening_id })}>
              {of.opening_id}
            </Link>,
          ],
          [t.step, <StepName key="st" code={of.step} />],
          [t.stuckAt, <RelativeTime key="k" at={of.stuck_at} />],
          ...(of.settled_at === null && of.due_at
            ? ([[t.due, <RelativeTime key="d" at={of.due_at} />]] as const)
            : []),
          [t.settled, <RelativeTime key="e" at={of.settled_at} />],
        ]}
      />
    </div>
  );
}
