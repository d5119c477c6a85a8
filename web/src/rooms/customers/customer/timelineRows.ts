import type { Answer } from "../../../api";
import { exchangeDay } from "../../../ui";

export type Entry = Answer<"/api/v1/customers/{customer_id}/timeline", "get">["items"][number];

export const groups = [
  "behaviour",
  "opening",
  "trade",
  "serve",
  "reach",
  "decide",
  "credit",
  "profile",
] as const;
export type Group = (typeof groups)[number];

const byRoom: Readonly<Record<string, Group>> = {
  opening: "opening",
  understand: "opening",
  deposit: "trade",
  trade: "trade",
  flow: "trade",
  holding: "trade",
  serve: "serve",
  reach: "reach",
  decide: "decide",
  credit: "credit",
  customers: "profile",
  comply: "profile",
  people: "profile",
};

/** Which part of a customer's life an entry belongs to. */
export function groupOf(entry: Pick<Entry, "name">): Group {
  if (entry.name === "identify" || entry.name === "alias") return "profile";
  const room = /^([a-z]+)[:_. ]/.exec(entry.name)?.[1];
  return (room !== undefined && byRoom[room]) || "behaviour";
}

export interface Run {
  key: string;
  name: string;
  entries: Entry[];
}

export interface DayOf {
  day: string;
  runs: Run[];
}

/** Entries by day of the exchange, latest first as they come; the same thing again and again is one run. */
export function days(entries: readonly Entry[]): DayOf[] {
  const found: DayOf[] = [];
  for (const entry of entries) {
    const day = exchangeDay(new Date(entry.occurred_at));
    let last = found.at(-1);
    if (last?.day !== day) found.push((last = { day, runs: [] }));
    const run = last.runs.at(-1);
    if (run?.name === entry.name) run.entries.push(entry);
    else last.runs.push({ key: `${entry.source}/${entry.message_id}`, name: entry.name, entries: [entry] });
  }
  return found;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{32}$/i;

/** What is worth saying of an entry in one line: plain values, no ids of machines, five at most. */
export function worthSaying(detail: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(detail)
    .filter(([name, value]) => {
      if (value === null || value === "" || typeof value === "object") return false;
      return (
        !name.endsWith("_id") && name !== "customer_id" && !(typeof value === "string" && ID.test(value))
      );
    })
    .slice(0, 5)
    .map(([name, value]) => [name, String(value)]);
}
