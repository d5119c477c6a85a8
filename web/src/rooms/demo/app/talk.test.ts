import { expect, test } from "vitest";
import { daysUntil } from "./holdings";
import { itemsOf, shownOf, type Decided } from "./slots";
import { currentOf, hasNews, mayAskPerson, mayRate, type Mine } from "./talk";

const mine = (id: string, more: Partial<Mine> = {}) =>
  ({
    id,
    state: "claimed",
    last_at: "2026-03-02T01:00:00Z",
    last_author: "staff",
    last_number: 3,
    stars: null,
    advisor: null,
    by_bot: false,
    ...more,
  }) as Mine;

test("the conversation under way is shown, else the latest", () => {
  const closed = mine("closed", { state: "closed", last_at: "2026-03-02T02:00:00Z" });
  expect(currentOf([closed, mine("open")])?.id).toBe("open");
  expect(currentOf([mine("older", { state: "closed" }), closed])?.id).toBe("closed");
  expect(currentOf([])).toBeUndefined();
});

test("news are what others said after one has looked", () => {
  expect(hasNews(mine("m"), 2)).toBe(true);
  expect(hasNews(mine("m"), 3)).toBe(false);
  expect(hasNews(mine("m", { last_author: "customer" }), 0)).toBe(false);
});

test("a person may be asked after the assistant, a rating given once after the end", () => {
  expect(mayAskPerson(mine("m", { state: "bot" }))).toBe(true);
  expect(mayAskPerson(mine("m"))).toBe(false);
  expect(mayRate(mine("m", { state: "closed", by_bot: true }))).toBe(true);
  expect(mayRate(mine("m", { state: "closed", by_bot: true, stars: 4 }))).toBe(false);
  expect(mayRate(mine("m", { state: "closed" }))).toBe(false);
});

test("large type shows fewer functions and no news", () => {
  const items = (count: number) => Array.from({ length: count }, (_, at) => ({ item: `i${at}` }));
  const decided = {
    slots: [
      { slot: "home.functions", items: items(8) },
      { slot: "home.news", items: items(5) },
    ],
  } as unknown as Decided;
  expect(itemsOf(decided, "home.functions", false)).toHaveLength(8);
  expect(itemsOf(decided, "home.functions", true)).toHaveLength(4);
  expect(itemsOf(decided, "home.news", true)).toEqual([]);
  expect(itemsOf(undefined, "home.news", false)).toEqual([]);
  expect(shownOf(decided)).toHaveLength(13);
});

test("days to maturity are days of the exchange's calendar", () => {
  expect(daysUntil("2026-03-05", "2026-03-02")).toBe(3);
  expect(daysUntil("2026-03-02", "2026-03-02")).toBe(0);
  expect(daysUntil("2026-03-01", "2026-03-02")).toBe(-1);
});
