import { expect, test } from "vitest";
import { delay, merged, type Seen } from "./rows";

function row(seq: number, more: Partial<Seen> = {}): Seen {
  const at = new Date(Date.UTC(2026, 2, 10, 2, 0, seq % 60)).toISOString();
  return {
    seq,
    name: "page",
    source: "app",
    user_id: null,
    anonymous_id: "a",
    customer_id: null,
    occurred_at: at,
    received_at: at,
    ...more,
  };
}

test("every event once, the latest first, never more than asked for", () => {
  let state = 7;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let round = 0; round < 50; round++) {
    let rows: readonly Seen[] = [];
    const all = new Set<number>();
    for (let batch = 0; batch < 8; batch++) {
      const came = Array.from({ length: 5 }, () => row(Math.floor(random() * 60)));
      for (const each of came) all.add(each.seq);
      rows = merged(rows, came, 30);
      const seqs = rows.map((each) => each.seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => other - one));
      expect(seqs.length).toBeLessThanOrEqual(30);
    }
    if (all.size <= 30) expect(new Set(rows.map((each) => each.seq))).toEqual(all);
  }
});

test("nothing new is the same list, and a body is never lost to a row without one", () => {
  const full = merged([], [row(3, { body: { type: "page" } })], 10);
  expect(merged(full, [row(3)], 10)).toBe(full);
  expect(merged([row(3)], full, 10)[0]?.body).toEqual({ type: "page" });
});

test("a clock that runs ahead makes no negative delay", () => {
  expect(delay({ occurred_at: "2026-03-10T02:00:00Z", received_at: "2026-03-10T02:00:03Z" })).toBe(3);
  expect(delay({ occurred_at: "2026-03-10T02:00:09Z", received_at: "2026-03-10T02:00:03Z" })).toBe(0);
});
