import type { Stage, Texts } from "../../../language";
import { to } from "../../../paths";
import { type Column, Count, Elapsed, Money, Pill, type RingStage } from "../../../ui";
import { Button } from "antd";
import type { texts } from "../texts";

type T = Texts<typeof texts>;

export interface Sample {
  id: string;
  name: string;
  step: string;
  since: string;
  assets: number;
  state: "waiting" | "taken" | "sentBack";
}

const surnames = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];

export function sampleRows(t: T, now: Date): Sample[] {
  const steps = [t.identity, t.risk, t.bank, t.video];
  return Array.from({ length: 240 }, (_, index) => ({
    id: String(index),
    name: `${surnames[index % 10]}*${["", "明", "芳", "强"][index % 4]}`,
    step: steps[(index * 7) % 4] ?? "",
    since: new Date(now.getTime() - (index * 37 + 400) * 1000).toISOString(),
    assets: (index * 7919) % 900_000,
    state: (["waiting", "taken", "sentBack"] as const)[(index * 5) % 3] ?? "waiting",
  }));
}

const tones = { waiting: "warn", taken: "accent", sentBack: "danger" } as const;

export function sampleColumns(t: T, take: () => void): Column<Sample>[] {
  return [
    { id: "name", title: t.customer, cell: (row) => row.name, sort: (row) => row.name },
    { id: "step", title: t.step, cell: (row) => row.step, sort: (row) => row.step },
    {
      id: "stuck",
      title: t.stuck,
      number: true,
      cell: (row) => <Elapsed since={row.since} />,
      sort: (row) => -Date.parse(row.since),
      text: (row) => row.since,
    },
    {
      id: "assets",
      title: t.assets,
      number: true,
      cell: (row) => <Money yuan={row.assets} />,
      sort: (row) => row.assets,
    },
    {
      id: "state",
      title: t.state,
      cell: (row) => <Pill tone={tones[row.state]}>{t[row.state]}</Pill>,
      sort: (row) => row.state,
    },
    {
      id: "act",
      title: t.act,
      width: 88,
      acts: true,
      cell: () => (
        <Button size="small" onClick={take}>
          {t.take}
        </Button>
      ),
    },
  ];
}

export function sampleStages(t: T): Record<Stage, RingStage> {
  return {
    collect: {
      figure: <Count value={184_920} short />,
      what: t.events,
      change: { text: "6%", direction: "up", against: t.sameDay },
      leak: { text: t.leakQuarantine, act: false },
      to: to.events(),
    },
    understand: {
      figure: <Count value={312} />,
      what: t.underWay,
      change: { text: "4%", direction: "down", against: t.sameDay },
      leak: { text: t.leakVideo, act: true },
      to: to.openings(),
    },
    decide: {
      figure: <Count value={48_210} short />,
      what: t.decided,
      change: { text: "2%", direction: "up", against: t.sameDay },
      leak: { text: t.leakExpired, act: false },
      to: to.decisions(),
    },
    reach: {
      figure: <Count value={1_906} />,
      what: t.delivered,
      change: { text: "0%", direction: "flat", against: t.sameDay },
      leak: { text: t.leakTemplate, act: false },
      to: to.deliveries(),
    },
    serve: {
      figure: "0.9 s",
      what: t.connect,
      change: { text: "0.2 s", direction: "down", against: t.sameDay },
      leak: { text: t.leakPromise, act: true },
      to: to.enquiries(),
    },
    credit: {
      figure: <Count value={371} />,
      what: t.credited,
      change: { text: "5%", direction: "up", against: t.sameDay },
      leak: { text: t.leakDispute, act: false },
      to: to.credits(),
    },
    measure: {
      figure: "61.4%",
      what: t.completion,
      change: { text: "1.8", direction: "up", against: t.sameDay },
      to: to.funnel(),
    },
    learn: { figure: "+11.3", what: t.lift, to: to.experiments() },
  };
}
