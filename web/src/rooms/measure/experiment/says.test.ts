import { expect, test } from "vitest";
import { inLanguage } from "../../../language";
import { texts } from "../texts";
import { type Comparison, headlineOf, sentence, smallest, young } from "./says";

const t = inLanguage(texts, "en");
const comparison = (more: Partial<Comparison>): Comparison => ({
  arm: "person",
  against: "message",
  headline: true,
  difference: 0.113,
  low: 0.09,
  high: 0.13,
  always_low: 0.08,
  always_high: 0.142,
  z: 4,
  p: 0.0001,
  state: "better",
  ...more,
});
const early = { need: 100, have: 40 };
const say = (of: Comparison, have = 40) => sentence(of, (arm) => arm, t, "en", { ...early, have });

test("the sentence names arms, points and interval", () => {
  expect(say(comparison({}))).toBe(
    "person completes 11.3 points more than message, 95% between 8.0 and 14.2",
  );
  expect(say(comparison({ state: "worse", difference: -0.05, always_low: -0.08, always_high: -0.02 }))).toBe(
    "person completes 5.0 points less than message, 95% between 2.0 and 8.0",
  );
  expect(say(comparison({ state: "no_difference_yet", always_low: -0.01, always_high: 0.05 }))).toContain(
    "−1.0 and +5.0",
  );
});

test("too early is never a number, and says what is missing", () => {
  const none = comparison({ state: "too_early", difference: null, always_low: null, always_high: null });
  expect(say(none)).toBe("Too early to say: each arm needs 100, the smallest has 40");
  expect(say(none, 300)).toBe(t.tooEarlyEvents);
  expect(say(comparison({ state: "too_early" }))).not.toMatch(/11/);
});

test("those whose horizon is not over are the rest of all assigned", () => {
  const arms = (...sizes: number[]) => sizes.map((n) => ({ n }) as never);
  expect(
    young({ arms: arms(10, 20), immediate: { state: "too_early", arms: arms(12, 25), comparisons: [] } }),
  ).toBe(7);
});

test("the headline is the one that is marked, and its smaller arm counts", () => {
  const other = comparison({ headline: false, against: "control" });
  expect(headlineOf({ comparisons: [other, comparison({})] })?.against).toBe("message");
  expect(headlineOf({ comparisons: [] })).toBeUndefined();
  const arms = ["control", "message", "person"].map((arm, index) => ({ arm, n: index * 10 + 5 }) as never);
  expect(smallest({ arms }, comparison({}))).toBe(15);
  expect(smallest({ arms: [] }, undefined)).toBe(0);
});
