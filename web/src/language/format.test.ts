import { describe, expect, test } from "vitest";
import { duration, exact, money, percent, points, relative } from "./format";

describe("money", () => {
  test.each([
    [9871, "¥9,871", "¥9,871"],
    [9871.5, "¥9,871.50", "¥9,871.50"],
    [125_430, "¥12.5 万", "¥125k"],
    [320_000_000, "¥3.20 亿", "¥320m"],
    [-45_000, "−¥4.50 万", "−¥45.0k"],
  ])("%d", (yuan, zh, en) => {
    expect(money(yuan, "zh")).toBe(zh);
    expect(money(yuan, "en")).toBe(en);
  });
});

test("a share of nothing has no percentage", () => {
  expect(percent(0, 0, "en")).toBe("—");
  expect(percent(7, 20, "en")).toBe("35.0%");
});

test("differences carry their sign", () => {
  expect(points(0.113, "en")).toBe("+11.3");
  expect(points(-0.02, "zh")).toBe("−2.0");
});

test("durations are said in at most two units", () => {
  expect(duration(95, "en")).toBe("1 min 35 s");
  expect(duration(7200, "zh")).toBe("2 小时");
  expect(duration(90_000, "en")).toBe("1 d 1 h");
});

test("times are told relative to the given now and exactly in exchange time", () => {
  const at = new Date("2026-03-02T01:31:07Z");
  expect(relative(at, new Date("2026-03-02T01:34:30Z"), "zh")).toBe("3 分钟前");
  expect(relative(at, new Date("2026-03-01T23:31:07Z"), "en")).toBe("in 2 h");
  expect(relative(at, new Date("2026-04-02T01:31:07Z"), "en")).toBe("Mon 2 Mar");
  expect(relative(at, new Date("2025-12-02T01:31:07Z"), "en")).toBe("2 Mar 2026");
  expect(exact(at)).toBe("2026-03-02 09:31:07");
});
