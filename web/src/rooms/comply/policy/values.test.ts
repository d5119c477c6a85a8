import { expect, test } from "vitest";
import { policyNames } from "../texts";
import { entryOf, grouped } from "./values";

test("every row has a way to be entered, and `yesno` is only for yes or no", () => {
  const yesno = Object.keys(policyNames).filter((key) => entryOf(key) === "yesno");
  expect(yesno).toEqual(["quiet.marketing_on_trading_days_only", "consent.personalisation"]);
  expect(entryOf("risk.longest_days")).toBe("days");
});

test("groups lose no row and keep the reading order", () => {
  const order = Object.keys(policyNames);
  const rows = [...order].sort().map((key) => ({ key }));
  const found = grouped(rows, order);
  expect(found.flatMap(([, list]) => list.map((row) => row.key))).toEqual(order);
  expect(found.map(([name]) => name)).toEqual(["risk", "quiet", "cap", "consent"]);
});
