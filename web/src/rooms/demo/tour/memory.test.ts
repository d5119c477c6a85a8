import { expect, test } from "vitest";
import { anew, parsed } from "./memory";

test("in another product nothing was played yet, and the card stays as it was", () => {
  const before = JSON.stringify({
    ...{ product: "old", on: true, folded: false, story: "dispute", seen: ["refused/faces"], pace: 20 },
    played: { rescue: { opening_id: "D1", user_id: "u", anonymous_id: "a" } },
  });
  const after = parsed(JSON.stringify({ ...parsed(before), ...anew("new") }));
  expect(after).toEqual({ product: "new", on: true, folded: false, story: "", played: {}, seen: [] });
});

test("what somebody edited begins the tour", () => {
  expect(parsed("{").on).toBe(false);
  expect(parsed(null).played).toEqual({});
});
