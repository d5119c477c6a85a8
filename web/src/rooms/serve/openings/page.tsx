import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useMay, useStaff } from "../../../api";
import { useTexts } from "../../../language";
import { asks } from "../../../paths";
import {
  BranchChoice,
  Choice,
  Count,
  DataTable,
  Elapsed,
  Empty,
  ErrorState,
  Figure,
  Figures,
  Loading,
  Page,
  type Shortcut,
  Tabs,
  useOpen,
  usePhone,
  useShortcuts,
  useStepName,
  useAsked,
} from "../../../ui";
import { useScopedTopic } from "../scoped";
import css from "../serve.module.css";
import { texts } from "../texts";
import { DeskCard, useDeskColumns } from "./columns";
import { OpeningDrawer } from "./drawer";
import {
  type DeskRow,
  deskRows,
  figuresOf,
  fits,
  held,
  neighbour,
  type OpeningRow,
  type Rescue,
} from "./rows";
import { useRescue } from "./useRescue";

/** The opening desk: everybody who is opening an account, the longest stuck on top, live. */
export default function OpeningDesk() {
  const t = useTexts(texts);
  const me = useStaff().id;
  const phone = usePhone();
  const [branch] = useAsked("openings", "branch");
  const [tab] = useAsked("openings", "tab");
  const [shown] = useAsked("openings", "show");
  const [step] = useAsked("openings", "step");
  const openings = useScopedTopic<OpeningRow>("openings", branch);
  const rescues = useScopedTopic<Rescue>("rescues", branch);
  // Who has whom is told by the second topic: before it came, everybody would look free of rescues.
  const loading = openings.state === "loading" || rescues.state === "loading";
  const problem = openings.problem ?? rescues.problem;
  const all = deskRows(openings.rows, rescues.rows, me);
  const filter = { tab, shown, step, me };
  const rows = all.filter((row) => fits(row, filter));
  return (
    <Page title={t.deskTitle} about={t.deskAbout} live={openings.state} filters={<Filters rows={all} />}>
      {problem ? (
        <ErrorState problem={problem} />
      ) : loading ? (
        <Loading shape="table" />
      ) : (
        <>
          {!phone && <Strip rows={all} me={me} />}
          <Tabs
            label={t.views}
            items={asks.openings.tab.map((key) => ({
              key,
              label: { all: t.all, under_way: t.underWay, sent_back: t.sentBack }[key],
              count: all.filter((row) => fits(row, { ...filter, tab: key })).length,
            }))}
          />
          <Desk rows={rows} any={all.length > 0} me={me} />
        </>
      )}
      <OpeningDrawer rows={all} />
    </Page>
  );
}

function Filters({ rows }: { rows: readonly DeskRow[] }) {
  const t = useTexts(texts);
  const name = useStepName();
  const steps = [...new Set(rows.map((row) => row.step))].filter((code) => code !== null);
  const may = useMay("rescue:take");
  return (
    <>
      <Choice
        name="show"
        label={t.show}
        any={t.everybody}
        options={[
          { value: "stuck", label: t.onlyStuck },
          { value: "free", label: t.onlyFree },
          ...(may ? [{ value: "mine", label: t.onlyMine }] : []),
        ]}
      />
      <BranchChoice />
      <Choice
        name="step"
        label={t.step}
        any={t.anyStep}
        options={steps.map((code) => ({ value: code, label: name(code) }))}
      />
    </>
  );
}

function Strip({ rows, me }: { rows: readonly DeskRow[]; me: string }) {
  const t = useTexts(texts);
  const may = useMay("rescue:take");
  const figures = figuresOf(rows, me);
  return (
    <Figures>
      <Figure label={t.figStuck} value={<Count value={figures.stuck} />} />
      <Figure label={t.figFree} value={<Count value={figures.free} />} />
      {may && <Figure label={t.figMine} value={<Count value={figures.mine} />} />}
      <Figure label={t.figLongest} value={figures.longest ? <Elapsed since={figures.longest} /> : "—"} />
    </Figures>
  );
}

function Desk({ rows: all, any, me }: { rows: readonly DeskRow[]; any: boolean; me: string }) {
  const t = useTexts(texts);
  const [order, setOrder] = useState<readonly string[] | null>(null);
  const { rows, waiting } = held(all, order);
  const hold = () => setOrder(all.map((row) => row.id));
  const [, setOpen] = useOpen();
  const [current, setCurrent] = useAsked("openings", "row");
  const [, setShown] = useAsked("openings", "show");
  const rescue = useRescue();
  const take = async (id: string) => {
    if (await rescue.take(id)) setOpen(id);
  };
  useKeys(rows, current || null, setCurrent, (id) => void take(id));
  const columns = useDeskColumns(me, take, rescue.pending);
  const empty = any ? (
    <Empty
      what={t.deskNoneFit}
      advice={t.deskNoneFitAdvice}
      action={<Button onClick={() => setShown(null)}>{t.showAll}</Button>}
    />
  ) : (
    <Empty what={t.deskEmpty} advice={t.deskEmptyAdvice} />
  );
  return (
    <div
      onPointerEnter={(event) => event.pointerType === "mouse" && hold()}
      onPointerLeave={() => setOrder(null)}
      className={css.calm}
    >
      {waiting > 0 && (
        <Button className={css.arrivals} size="small" shape="round" onClick={hold}>
          {t.arrived(waiting)}
        </Button>
      )}
      <DataTable
        name="desk"
        label={t.deskTitle}
        rows={rows}
        rowKey={(row) => row.id}
        columns={columns}
        live
        current={current || null}
        onOpen={setOpen}
        empty={empty}
        card={(row) => <DeskCard row={row} me={me} take={take} pending={rescue.pending} />}
        height="calc(100dvh - 330px)"
      />
    </div>
  );
}

/** J and K move, C takes, Enter opens. */
function useKeys(
  rows: readonly DeskRow[],
  current: string | null,
  setCurrent: (id: string | null) => void,
  take: (id: string) => void,
) {
  const t = useTexts(texts);
  const [, setOpen] = useOpen();
  const may = useMay("rescue:take");
  const keys = rows.map((row) => row.id);
  const byKey = useRef(false);
  const move = (by: 1 | -1) => () => {
    byKey.current = true;
    setCurrent(neighbour(keys, current, by));
  };
  const row = rows.find((each) => each.id === current);
  useEffect(() => {
    const marked = current ? document.querySelector("tr[data-current=true]") : null;
    marked?.scrollIntoView({ block: "nearest" });
    // The focus goes along, so that Enter and Tab act on the marked row and not on the one left behind.
    if (byKey.current) marked?.querySelector("button")?.focus({ preventScroll: true });
    byKey.current = false;
  }, [current]);
  const shortcuts: Shortcut[] = [
    { key: "j", does: t.nextRow, run: move(1) },
    { key: "k", does: t.previousRow, run: move(-1) },
    { key: "Enter", does: t.openRow, run: () => row && setOpen(row.id) },
    ...(may ? [{ key: "c", does: t.take, run: () => row?.rescue?.state === "open" && take(row.id) }] : []),
  ];
  useShortcuts(shortcuts as Shortcut[]);
}
