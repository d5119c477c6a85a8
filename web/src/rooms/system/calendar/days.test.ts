import { expect, test } from "vitest";
import { changedPast, closedWeekdays, type Closure, faultOf, isDue, lengthOf, tradingDays } from "./days";

const closure = (first: string, last: string): Closure => ({ first, last, name: "" });

test("a year's trading days are its weekdays, less the closures", () => {
  expect(lengthOf(2028)).toBe(366);
  expect(tradingDays(2027, [])).toBe(261);
  expect(tradingDays(2027, [closure("2027-01-01", "2027-01-03")])).toBe(260);
  expect([...closedWeekdays([closure("2027-01-01", "2027-01-03")])]).toEqual(["2027-01-01"]);
});

test.each([
  ["", "2027-01-03", "dates"],
  ["2026-12-31", "2027-01-03", "year"],
  ["2027-01-03", "2027-01-01", "order"],
  ["2027-01-01", "2027-02-01", "long"],
  ["2027-05-04", "2027-05-06", "overlap"],
  ["2027-01-01", "2027-01-31", undefined],
])("%s to %s: %s", (first, last, fault) => {
  expect(faultOf(2027, closure(first, last), [closure("2027-05-01", "2027-05-05")])).toBe(fault);
});

test("what is over stays as it was, weekends aside", () => {
  const before = [closure("2026-10-01", "2026-10-07")];
  expect(changedPast(before, [closure("2026-10-01", "2026-10-08")], "2026-11-01")).toBe("2026-10-08");
  expect(changedPast(before, [], "2026-11-01")).toBe("2026-10-01");
  expect(changedPast(before, [closure("2026-10-01", "2026-10-08")], "2026-10-08")).toBeUndefined();
  expect(
    changedPast([closure("2026-10-01", "2026-10-02")], [closure("2026-10-01", "2026-10-04")], "2026-11-01"),
  ).toBe(undefined);
});

test("next year is due in December, or when the table ends within 60 days", () => {
  expect(isDue("2026-10-15", "2026-12-31")).toBe(false);
  expect(isDue("2026-11-25", "2026-12-31")).toBe(true);
  expect(isDue("2026-12-02", "2027-12-31")).toBe(false);
  expect(isDue("2026-12-02", "2026-12-31")).toBe(true);
  expect(isDue("2026-03-01", null)).toBe(true);
});
