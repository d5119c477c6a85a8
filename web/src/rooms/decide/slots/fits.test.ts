import { expect, test } from "vitest";
import { fits } from "./fits";

test("an item fits where kind and topic do, and only while it is on", () => {
  const item = { active: true, kind: "content", topics: ["news"] } as const;
  const both = { ...item, topics: ["news"] };
  expect(fits(both, { kinds: ["content"], topics: [] })).toBe(true);
  expect(fits(both, { kinds: ["content"], topics: ["news", "ipo"] })).toBe(true);
  expect(fits(both, { kinds: ["content"], topics: ["ipo"] })).toBe(false);
  expect(fits(both, { kinds: ["product"], topics: [] })).toBe(false);
  expect(fits({ ...both, active: false }, { kinds: ["content"], topics: [] })).toBe(false);
  expect(fits({ ...both, topics: [] }, { kinds: ["content"], topics: ["news"] })).toBe(false);
});
