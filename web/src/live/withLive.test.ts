import { expect, test } from "vitest";
import { withLive } from "./withLive";

interface Row {
  id: string;
  at: string;
  state: string;
}

const row = (minute: number, state = "read"): Row => ({
  id: `r${minute}`,
  at: new Date(Date.UTC(2026, 2, 10, 2, minute)).toISOString(),
  state,
});
const by = { key: (r: Row) => r.id, at: (r: Row) => r.at, fits: () => true, all: true };
const topic = (...rows: Row[]) => new Map(rows.map((each) => [each.id, each]));

test("each row once, the topic's version, the latest first", () => {
  for (let seed = 1; seed < 60; seed++) {
    const read = Array.from({ length: 10 }, (_, n) => row(50 - n * 3));
    const live = topic(...Array.from({ length: 8 }, (_, n) => row((seed * 7 + n * 5) % 59, "live")));
    const rows = withLive(read, live, by);
    expect(new Set(rows.map((r) => r.id)).size).toBe(rows.length);
    expect(rows.map((r) => r.at)).toEqual(
      rows
        .map((r) => r.at)
        .sort()
        .reverse(),
    );
    for (const each of live.values()) expect(rows).toContain(each);
  }
});

test("what does not fit stays out, but a row that is on the page is kept up to date", () => {
  const rows = withLive([row(5)], topic(row(5, "live"), row(9, "live")), { ...by, fits: () => false });
  expect(rows).toEqual([row(5, "live")]);
});

test("older rows wait for their page", () => {
  expect(withLive([row(9)], topic(row(3, "live")), { ...by, all: false })).toEqual([row(9)]);
});
