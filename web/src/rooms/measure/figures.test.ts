import { expect, test } from "vitest";
import { changeOf, type Cockpit, countedFrom, estimatedFrom, type FigureOf, said, withRows } from "./figures";

const units = {
  points: (n: string) => `${n}pp`,
  minutes: (n: string) => `${n}min`,
  stars: (n: string) => `${n}*`,
  perHour: (n: string) => `${n}/h`,
};

const figure = (value: number | null, change: number | null = null): FigureOf => ({
  metric: "m",
  value,
  numerator: null,
  denominator: null,
  before: null,
  change,
});

const cockpit: Cockpit = {
  as_of: "2026-03-10T02:00:00Z",
  compared_with: "2026-03-03",
  loop: ["collect", "serve"].map((stage) => ({ stage, figure: figure(1), leak: null })),
  opened_today: figure(3),
  planned_today: 40,
  settlement: null,
  experience: [figure(1)],
  efficiency: [],
  cost: [],
  needs: [{ kind: "open_disputes", count: 1, oldest_at: null }],
};

test("each unit has its way to be said, and nothing is never a number", () => {
  expect(said(0.614, "share", "en", units)).toBe("61.4%");
  expect(said(95, "seconds", "en", units)).toBe("1 min 35 s");
  expect(said(11.3, "points", "en", units)).toBe("+11.3");
  expect(said(12345, "count", "en", units)).toBe("12.3k");
  for (const unit of [
    "share",
    "seconds",
    "yuan",
    "minutes",
    "accounts_per_hour",
    "stars",
    "points",
    "count",
  ]) {
    expect(said(null, unit, "zh", units)).toBe("—");
    expect(said(1, unit, "zh", units)).not.toBe("—");
  }
});

const words = {
  kOfN: (k: string, n: string) => `${k} of ${n}`,
  nOnly: (n: string) => `n = ${n}`,
  interval95: (low: string, high: string) => `95% ${low} to ${high}`,
};

test("whatever was counted is said, also where a figure is no part of it", () => {
  expect(countedFrom({ numerator: 45, denominator: 1200 }, "en", words)).toBe("45 of 1,200");
  expect(countedFrom({ numerator: 2, denominator: 3.25 }, "en", words)).toBe("2 of 3.3");
  expect(countedFrom({ numerator: null, denominator: 12 }, "en", words)).toBe("n = 12");
  expect(countedFrom({ numerator: null, denominator: 0 }, "en", words)).toBe("n = 0");
  expect(countedFrom({ numerator: null, denominator: null }, "en", words)).toBeUndefined();
});

test("an estimate says its interval and the size of each arm, and a count says neither", () => {
  const sizes = { message: 1000, person: 990 };
  expect(estimatedFrom({ low: 2.1, high: 18.4, sizes }, "en", words, (arm) => arm)).toBe(
    "95% +2.1 to +18.4 · message n = 1,000 · person n = 990",
  );
  expect(estimatedFrom({ low: null, high: null, sizes: null }, "en", words, (arm) => arm)).toBeUndefined();
});

test("a change says its direction by sign, and its size without one", () => {
  for (const unit of ["share", "seconds", "count", "stars"])
    for (const change of [-0.2, 0, 0.2]) {
      const told = changeOf(figure(1, change), unit, "en", units, "Tue");
      expect(told?.direction).toBe(change > 0 ? "up" : change < 0 ? "down" : "flat");
      expect(told?.text).not.toMatch(/[-−+]/);
    }
  expect(changeOf(figure(1), "count", "en", units, "Tue")).toBeUndefined();
});

test("from tenfold on a change is said as a multiple", () => {
  expect(changeOf(figure(1, 8.9), "count", "en", units, "Tue")?.text).toBe("890%");
  expect(changeOf(figure(1, 234.37), "count", "en", units, "Tue")?.text).toBe("×235");
});

test("live rows take the place of what was read, and nothing else changes", () => {
  expect(withRows(cockpit, new Map())).toBe(cockpit);
  const stage = { stage: "serve", figure: figure(9), leak: null };
  const settlement = { day: "2026-03-09" } as Cockpit["settlement"];
  const rows = new Map<string, unknown>([
    ["stage:serve", stage],
    ["opened_today", { figure: figure(4), planned_today: null }],
    ["settlement", { settlement }],
    ["need:poison_entries", { kind: "poison_entries", count: 2, oldest_at: null }],
  ]);
  const now = withRows(cockpit, rows);
  expect(now.loop).toEqual([cockpit.loop[0], stage]);
  expect(now.opened_today.value).toBe(4);
  expect(now.planned_today).toBeNull();
  expect(now.settlement).toBe(settlement);
  expect(now.experience).toBe(cockpit.experience);
  expect(now.needs).toEqual([{ kind: "poison_entries", count: 2, oldest_at: null }]);
});

test("a worker that is gone cannot tell so: what the server found is taken instead", () => {
  const behind = (count: number) => ({ kind: "lanes_behind", count, oldest_at: null });
  const read = { ...cockpit, needs: [behind(2)] };
  const rows = new Map<string, unknown>([
    ["need:lanes_behind", behind(0)],
    ["need:open_disputes", { kind: "open_disputes", count: 4, oldest_at: null }],
  ]);
  expect(withRows(read, rows).needs).toEqual([
    { kind: "open_disputes", count: 4, oldest_at: null },
    behind(2),
  ]);
});
