import { expect, test } from "vitest";
import { inChinese } from "./problems";

const problem = (code: string, body: Record<string, unknown> = {}) => ({ code, body, detail: "In English." });

test("a known refusal is Chinese, an unknown one stays the server's", () => {
  expect(inChinese(problem("own-branch"))).toMatch(/裁判/);
  expect(inChinese(problem("never-heard-of"))).toBeUndefined();
  expect(inChinese(problem("constructor"))).toBeUndefined();
});

test("forbidden phrases are named", () => {
  expect(inChinese(problem("wording", { phrases: ["稳赚", "保本"] }))).toContain("稳赚、保本");
  expect(inChinese(problem("wording"))).toMatch(/改写/);
  expect(inChinese(problem("still-wrong"))).toContain("In English.");
});
