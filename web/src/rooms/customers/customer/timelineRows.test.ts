import { expect, test } from "vitest";
import { days, type Entry, groupOf, groups, worthSaying } from "./timelineRows";

function entry(minute: number, name: string): Entry {
  return {
    occurred_at: new Date(Date.UTC(2026, 2, 10, 18) - minute * 60_000).toISOString(),
    kind: "tracked",
    name,
    source: "app",
    detail: {},
    message_id: `m${minute}`,
  };
}

test("days hold every entry once, in order, each under its own exchange day", () => {
  let state = 11;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const names = ["page", "opening:visit", "reach:message:sent"];
  const entries = Array.from({ length: 300 }, (_, index) =>
    entry(index * 17, names[Math.floor(random() * 3)] as string),
  );
  const found = days(entries);
  expect(found.flatMap((day) => day.runs.flatMap((run) => run.entries))).toEqual(entries);
  for (const { runs } of found)
    for (const [index, run] of runs.entries()) expect(run.name).not.toBe(runs[index + 1]?.name);
  expect(new Set(found.map((each) => each.day)).size).toBe(found.length);
  expect(found[0]?.day).toBe("2026-03-11"); // 18:00 UTC is the next day in Shanghai
});

test("every name has a group", () => {
  for (const [name, group] of [
    ["page", "behaviour"],
    ["Product Viewed", "behaviour"],
    ["opening:visit", "opening"],
    ["understand:opening:stuck", "opening"],
    ["deposit:first", "trade"],
    ["identify", "profile"],
    ["credit:account:credited", "credit"],
    ["unheard:of", "behaviour"],
  ] as const) {
    expect(groupOf({ name })).toBe(group);
    expect(groups).toContain(group);
  }
});

test("ids of machines are not worth a line", () => {
  expect(
    worthSaying({
      opening_id: "o1",
      step: "id",
      rescue: "0198a7c0-1111-7000-8000-000000000000",
      n: 3,
      nested: { a: 1 },
      none: null,
    }),
  ).toEqual([
    ["step", "id"],
    ["n", "3"],
  ]);
});
