import type { Answer } from "../../../api";

export type Rescue = Answer<"/api/v1/rescues", "get">["items"][number];

/** One application as the live topic `openings:<branch>` carries it. */
export interface OpeningRow {
  id: string;
  customer: string;
  customer_id: string | null;
  branch_id: string | null;
  channel: string | null;
  state: "under_way" | "sent_back";
  step: string | null;
  first_fact_at: string;
  last_fact_at: string;
  stuck_at: string | null;
  stuck_since: string | null;
  stuck_reason: string | null;
  times_stuck: number;
  returned_step: string | null;
  returned_reason: string | null;
}

/** An application with the rescue that stands for it, where there is one. */
export interface DeskRow extends OpeningRow {
  rescue: Rescue | undefined;
}

/** Somebody on duty, as far as helping an applicant goes. */
interface OnDuty {
  staff_id: string;
  branch_id: string | null;
  state: string;
  name: string;
}

/** To whom a manager may give a stuck applicant: on duty, of the applicant's branch or of the whole firm's service. */
export function helpers<P extends OnDuty>(
  all: Iterable<P>,
  rescue: Pick<Rescue, "branch_id" | "staff_id">,
): P[] {
  return [...all]
    .filter((one) => one.state !== "offline" && one.staff_id !== rescue.staff_id)
    .filter((one) => one.branch_id === null || one.branch_id === rescue.branch_id)
    .sort(
      (one, other) =>
        Number(other.state === "online") - Number(one.state === "online") ||
        one.name.localeCompare(other.name),
    );
}

export type Shown = "" | "stuck" | "free" | "mine";
export type Tab = "all" | "under_way" | "sent_back";

const last = Number.POSITIVE_INFINITY;
const moment = (at: string | null) => (at === null ? last : Date.parse(at));

/** What one holds, what may be taken, what somebody else or nobody may do, and who is not stuck. */
function group(row: DeskRow, me: string): number {
  if (isMine(row, me)) return 0;
  if (row.rescue?.state === "open") return 1;
  return row.stuck_since !== null ? 2 : 3;
}

/** In the order of work: one's own, then the freshest stuck, for whom help comes soonest; then who is about to be. */
export function deskOrder(one: DeskRow, other: DeskRow, me: string): number {
  const [mine, its] = [group(one, me), group(other, me)];
  if (mine !== its) return mine - its;
  const [a, b] =
    mine === 3
      ? [moment(one.stuck_at), moment(other.stuck_at)]
      : [moment(other.stuck_since), moment(one.stuck_since)];
  if (a !== b) return a < b ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** Both live topics as one list in desk order. */
export function deskRows(
  openings: ReadonlyMap<string, OpeningRow>,
  rescues: ReadonlyMap<string, Rescue>,
  me: string,
): DeskRow[] {
  const rows = [...openings.values()].map((row) => ({ ...row, rescue: rescues.get(row.id) }));
  return rows.sort((one, other) => deskOrder(one, other, me));
}

/** What is shown while a pointer rests on the list: known rows where they were, new ones kept back and counted. */
export function held(
  rows: readonly DeskRow[],
  order: readonly string[] | null,
): { rows: readonly DeskRow[]; waiting: number } {
  if (order === null) return { rows, waiting: 0 };
  const now = new Map(rows.map((row) => [row.id, row]));
  const still = order.flatMap((id) => now.get(id) ?? []);
  return { rows: still, waiting: rows.length - still.length };
}

export interface Filter {
  tab: Tab;
  shown: Shown;
  step: string;
  /** Who "mine" is. */
  me: string;
}

export function fits(row: DeskRow, { tab, shown, step, me }: Filter): boolean {
  if (tab !== "all" && row.state !== tab) return false;
  if (step !== "" && row.step !== step) return false;
  if (shown === "stuck") return row.stuck_since !== null;
  if (shown === "free") return row.rescue?.state === "open";
  if (shown === "mine") return isMine(row, me);
  return true;
}

export function isMine(row: DeskRow, me: string): boolean {
  return row.rescue?.state === "taken" && row.rescue.staff_id === me;
}

export interface DeskFigures {
  stuck: number;
  free: number;
  mine: number;
  /** Since when the longest is stuck. */
  longest: string | null;
}

export function figuresOf(rows: readonly DeskRow[], me: string): DeskFigures {
  const stuck = rows.filter((row) => row.stuck_since !== null);
  return {
    stuck: stuck.length,
    free: rows.filter((row) => row.rescue?.state === "open").length,
    mine: rows.filter((row) => isMine(row, me)).length,
    longest: stuck.map((row) => row.stuck_since as string).sort()[0] ?? null,
  };
}

/** The key after (or before) `current`; the first when nothing is current, and the ends stay where they are. */
export function neighbour(keys: readonly string[], current: string | null, by: 1 | -1): string | null {
  if (keys.length === 0) return null;
  const at = current === null ? -1 : keys.indexOf(current);
  if (at === -1) return keys[0] ?? null;
  return keys[Math.min(keys.length - 1, Math.max(0, at + by))] ?? null;
}

/** A step's history as the server tells it. */
export type StepHistory = Answer<"/api/v1/openings/{opening_id}", "get">["history"][number];

/** How a step of the application stands, for the track of steps. */
export type Standing = "done" | "current" | "ahead";

export function standingOf(history: StepHistory, current: string | null): Standing {
  if (history.done_at !== null || history.passed) return "done";
  return history.step === current ? "current" : "ahead";
}
