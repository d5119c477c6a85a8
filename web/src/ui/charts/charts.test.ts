import { expect, test } from "vitest";
import { ticks } from "./Effect";
import { worstStep } from "./Funnel";
import { arrow, middleOf } from "./ringShape";

const step = (key: string, customers: number) => ({ key, name: key, customers, medianSeconds: null });

test("the worst step is the one that keeps the smallest share", () => {
  expect(worstStep([step("a", 100), step("b", 90), step("c", 30), step("d", 29)])).toBe("c");
  expect(worstStep([step("a", 100), step("b", 100)])).toBeUndefined();
  expect(worstStep([step("a", 0), step("b", 0)])).toBeUndefined();
});

test("an axis holds zero and both ends in round steps", () => {
  const marks = ticks([-0.013, 0.142]);
  expect(marks[0]).toBeLessThanOrEqual(-0.013);
  expect(marks.at(-1)).toBeGreaterThanOrEqual(0.142);
  expect(marks.some((mark) => Math.abs(mark) < 1e-12)).toBe(true);
  expect(marks.length).toBeLessThanOrEqual(8);
});

test("the ring closes: eight arrows, evenly round", () => {
  expect(new Set(Array.from({ length: 8 }, (_, stage) => arrow(stage))).size).toBe(8);
  expect(middleOf(7) - middleOf(0)).toBeCloseTo((7 / 4) * Math.PI);
});
