import type { Answer } from "../../../api";

export type Event = Answer<"/api/v1/events/recent", "get">[number];

/** What list and live topic have in common; only the list carries the message itself. */
export type Seen = Omit<Event, "body" | "message_id" | "trusted"> & {
  body?: Event["body"];
  message_id?: string | null;
  trusted?: boolean;
  in_batch?: number;
};

/** Rows known so far and rows that came, each once, the latest first; what came fuller is kept. */
export function merged(known: readonly Seen[], came: Iterable<Seen>, most: number): readonly Seen[] {
  const rows = new Map(known.map((row) => [row.seq, row]));
  for (const row of came) {
    const before = rows.get(row.seq);
    if (before === undefined || (before.body === undefined && row.body !== undefined))
      rows.set(row.seq, { ...before, ...row });
  }
  const all = [...rows.values()].sort((one, other) => other.seq - one.seq).slice(0, most);
  return all.length === known.length && all.every((row, index) => row === known[index]) ? known : all;
}

/** How long a message was on its way, in seconds; devices whose clock runs ahead count as none. */
export function delay(row: Pick<Seen, "occurred_at" | "received_at">): number {
  return Math.max(0, (Date.parse(row.received_at) - Date.parse(row.occurred_at)) / 1000);
}
