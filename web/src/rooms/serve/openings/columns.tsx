import { Button } from "antd";
import { useMay } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { type Column, useBranches, useBranchName, useOpen, useStepName } from "../../../ui";
import css from "../serve.module.css";
import { texts } from "../texts";
import { channels, reasons } from "../words";
import { nameOf, RescueState, Silence, Where, Why } from "./parts";
import { type DeskRow, isMine } from "./rows";

type Take = (id: string) => Promise<void>;

/** Take it, or go on with what is one's own; nothing where nothing may be done. */
function Act({ row, me, take, pending }: { row: DeskRow; me: string; take: Take; pending: boolean }) {
  const t = useTexts(texts);
  const may = useMay("rescue:take");
  const [, setOpen] = useOpen();
  if (!may || row.rescue === undefined) return null;
  if (row.rescue.state === "open")
    return (
      <Button type="primary" className={css.act} loading={pending} onClick={() => void take(row.id)}>
        {t.take}
      </Button>
    );
  if (!isMine(row, me)) return null;
  return (
    <Button className={css.act} onClick={() => setOpen(row.id)}>
      {row.rescue.contacted_at ? t.conclude : t.contact}
    </Button>
  );
}

export function useDeskColumns(me: string, take: Take, pending: boolean): Column<DeskRow>[] {
  const t = useTexts(texts);
  const step = useStepName();
  const branchName = useBranchName();
  const channel = useWords(channels);
  const reason = useWords(reasons);
  const several = useBranches().length > 1;
  const name = (row: DeskRow) => nameOf(row, t.unknownCustomer);
  return [
    { id: "customer", title: t.customer, cell: name, sort: name },
    {
      id: "step",
      title: t.step,
      cell: (row) => <Where of={row} />,
      sort: (row) => step(row.step),
      text: (row) =>
        [step(row.step), row.returned_reason ?? row.stuck_reason]
          .filter(Boolean)
          .map((each, at) => (at ? reason(each) : each))
          .join(" / "),
    },
    {
      id: "silent",
      title: t.silent,
      number: true,
      cell: (row) => <Silence of={row} />,
      sort: (row) => (row.stuck_since ? -Date.parse(row.stuck_since) : null),
      text: (row) => row.stuck_since,
    },
    ...(several
      ? [
          {
            id: "branch",
            title: t.branch,
            cell: (row: DeskRow) =>
              row.branch_id ? branchName(row.branch_id) : <span className={css.quiet}>{t.noBranchYet}</span>,
            sort: (row: DeskRow) => row.branch_id && branchName(row.branch_id),
            text: (row: DeskRow) => (row.branch_id ? branchName(row.branch_id) : t.noBranchYet),
          },
        ]
      : []),
    {
      id: "channel",
      title: t.channel,
      cell: (row) => channel(row.channel),
      sort: (row) => channel(row.channel),
    },
    {
      id: "rescue",
      title: t.whoHasIt,
      acts: true,
      cell: (row) => <RescueState of={row.rescue} me={me} />,
      sort: (row) => row.rescue?.state,
      text: (row) => row.rescue?.staff_name ?? row.rescue?.state,
    },
    {
      id: "act",
      title: t.action,
      width: 96,
      acts: true,
      cell: (row) => <Act row={row} me={me} take={take} pending={pending} />,
    },
  ];
}

/** A row on a phone: what matters in two lines, the button where the thumb is. */
export function DeskCard({
  row,
  me,
  take,
  pending,
}: {
  row: DeskRow;
  me: string;
  take: Take;
  pending: boolean;
}) {
  const t = useTexts(texts);
  const step = useStepName();
  const branchName = useBranchName();
  const channel = useWords(channels);
  const several = useBranches().length > 1;
  return (
    <div className={css.deskCard}>
      <div className={css.cardTop}>
        <strong>{nameOf(row, t.unknownCustomer)}</strong>
        <span className={css.push}>
          <Silence of={row} />
        </span>
      </div>
      <div className={css.cardStep}>
        {step(row.step)} <Why of={row} />
      </div>
      <div className={css.cardFoot}>
        <span className={css.quiet}>
          {[channel(row.channel), several && (row.branch_id ? branchName(row.branch_id) : t.noBranchYet)]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className={`${css.push} ${css.raised}`}>
          <RescueState of={row.rescue} me={me} />
          <Act row={row} me={me} take={take} pending={pending} />
        </span>
      </div>
    </div>
  );
}
