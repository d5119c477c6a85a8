import { describe, expect, it } from "vitest";
import { currentOf, doneOf } from "./progress";
import { stories } from "./stories";

const rescue = stories.find((story) => story.key === "rescue");
const refused = stories.find((story) => story.key === "refused");
if (!rescue || !refused) throw new Error("the stories are gone");

describe("how far a story is", () => {
  it("begins with its first scene", () => {
    expect(currentOf(rescue, doneOf(rescue, [], []))?.key).toBe("stall");
  });
  it("goes on by what the product has published", () => {
    const done = doneOf(rescue, ["understand:opening:started", "understand:opening:stuck"], []);
    expect(currentOf(rescue, done)?.key).toBe("take");
  });
  it("does not wait for what was skipped", () => {
    const done = doneOf(rescue, ["understand:opening:stuck", "understand:opening:opened"], []);
    expect(done).toEqual([true, false, false, true, false]);
    expect(currentOf(rescue, done)?.key).toBe("credit");
  });
  it("takes the visitor's word where nothing is published", () => {
    expect(currentOf(refused, doneOf(refused, [], ["refused/faces"]))?.key).toBe("buy");
    expect(doneOf(refused, [], ["rescue/faces"])).toEqual([false, false, false]);
  });
  it("ends", () => {
    const all = ["refused/faces", "refused/buy", "refused/why"];
    expect(currentOf(refused, doneOf(refused, [], all))).toBeUndefined();
  });
});
