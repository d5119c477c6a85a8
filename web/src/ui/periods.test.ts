import { expect, test } from "vitest";
import { exchangeDay, periods, spanOf, startOf } from "./periods";

const instants = Array.from(
  { length: 400 },
  (_, step) => new Date(Date.UTC(2026, 0, 1) + step * 7 * 3_600_000 + step * 61_000),
);

test("a day of the exchange begins at its midnight, wherever the browser is", () => {
  expect(exchangeDay(new Date("2026-03-10T16:00:00Z"))).toBe("2026-03-11");
  expect(startOf("2026-03-11").toISOString()).toBe("2026-03-10T16:00:00.000Z");
  for (const at of instants) {
    const start = startOf(exchangeDay(at)).getTime();
    expect(at.getTime() - start).toBeGreaterThanOrEqual(0);
    expect(at.getTime() - start).toBeLessThan(86_400_000);
  }
});

test("every named period is whole days and ends no earlier than it begins", () => {
  for (const at of instants)
    for (const name of periods) {
      const { from, to } = spanOf(name, at, "2026-02-01", "2026-02-28");
      if (from) expect(exchangeDay(new Date(Date.parse(from) - 1))).not.toBe(exchangeDay(new Date(from)));
      if (from && to) expect(Date.parse(to)).toBeGreaterThan(Date.parse(from));
    }
});

test("yesterday ends where today begins; both ends of a custom period are included", () => {
  const now = new Date("2026-03-10T02:00:00Z");
  expect(spanOf("yesterday", now).to).toBe(spanOf("today", now).from);
  expect(spanOf("custom", now, "2026-03-10", "2026-03-10")).toEqual({
    from: "2026-03-09T16:00:00.000Z",
    to: "2026-03-10T16:00:00.000Z",
  });
  expect(spanOf("custom", now, "x", "")).toEqual({});
  expect(spanOf("", now)).toEqual({});
});
