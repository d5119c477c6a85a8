import { expect, test } from "vitest";
import { csvCell, sorted, sortingOf } from "./tableState";

test("rows without a value come last in both directions", () => {
  const rows = [{ n: 2 }, { n: null }, { n: 1 }];
  expect(sorted(rows, (row) => row.n, false).map((row) => row.n)).toEqual([1, 2, null]);
  expect(sorted(rows, (row) => row.n, true).map((row) => row.n)).toEqual([2, 1, null]);
});

test("sorting is read from the URL", () => {
  expect(sortingOf("-stuck")).toEqual({ column: "stuck", descending: true });
  expect(sortingOf("")).toBeUndefined();
});

test("an exported text is never a formula", () => {
  expect(csvCell('=HYPERLINK("x")')).toBe(`"'=HYPERLINK(""x"")"`);
  expect(csvCell(-5)).toBe("-5");
  expect(csvCell("深圳, 益田")).toBe('"深圳, 益田"');
});
