import { expect, test } from "vitest";
import { fieldsOf } from "../tagParts";
import { byDay, inOrder, number } from "./values";

const level = (code: string) => ({ code, zh: code, en: code });

test("levels stand as the catalogue has them, what is unknown last", () => {
  const rows = [
    { value: null, customers: 9 },
    { value: "high", customers: 5 },
    { value: "other", customers: 7 },
    { value: "low", customers: 1 },
  ];
  const found = inOrder(rows, { type: "level", levels: [level("low"), level("high")] });
  expect(found.map((row) => row.value)).toEqual(["low", "high", "other", null]);
});

test("values without levels stand by size, months by time", () => {
  const rows = [
    { value: "2026-10-01", customers: 1 },
    { value: "2026-11-01", customers: 1 },
  ];
  expect(inOrder(rows, { type: "date", levels: [] })[0]?.value).toBe("2026-11-01");
  const sizes = [
    { value: "a", customers: 1 },
    { value: "b", customers: 3 },
  ];
  expect(inOrder(sizes, { type: "set", levels: [] })[0]?.value).toBe("b");
});

test("a day on which nobody had a value counts nought", () => {
  const trend = [
    { day: "2026-11-02", value: "a", customers: 3 },
    { day: "2026-11-01", value: "b", customers: 2 },
    { day: "2026-11-02", value: null, customers: 9 },
  ];
  expect(byDay(trend, 5)).toEqual({
    days: ["2026-11-01", "2026-11-02"],
    lines: [
      ["a", [0, 3]],
      ["b", [2, 0]],
    ],
  });
});

test("figures are as exact as they are large", () => {
  expect([0.372, 3, 5204.9, 125_000].map((value) => number(value, "en"))).toEqual([
    "0.37",
    "3",
    "5,205",
    "125k",
  ]);
});

test("the attributes a formula asks for are each named once", () => {
  expect(fieldsOf("if(trait('income') = '', NULL, trait('income'))")).toEqual(["income"]);
});
