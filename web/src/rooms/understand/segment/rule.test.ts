import { describe, expect, it } from "vitest";
import {
  asGroup,
  bare,
  complete,
  fresh,
  kinds,
  negated,
  type Rule,
  replaced,
  ruleOf,
  turned,
  withParts,
} from "./rule";

const senior: Rule = { tag: "senior", op: "is", value: true };

describe("a rule in the editor", () => {
  it("is asked only when everything has been filled in", () => {
    for (const kind of kinds) expect(complete(fresh(kind))).toBe(false);
    expect(complete(senior)).toBe(true);
    expect(complete({ tag: "senior", op: "is", value: false })).toBe(true);
    expect(complete({ tag: "stage", op: "in", value: [] })).toBe(false);
    expect(complete({ all: [] })).toBe(false);
    expect(complete({ all: [senior, { not: fresh("did") }] })).toBe(false);
    expect(complete({ tag: "stage", op: "unknown" })).toBe(true);
  });

  it("is itself again when it is negated twice, and keeps its not when a part is filled in", () => {
    expect(negated(negated(senior))).toEqual(senior);
    expect(bare(negated(senior))).toEqual(senior);
    expect(replaced(negated(senior), { segment: "s" })).toEqual({ not: { segment: "s" } });
  });

  it("keeps its parts when all becomes any, and stands in a group at the top", () => {
    expect(turned({ all: [senior] })).toEqual({ any: [senior] });
    expect(withParts({ any: [] }, [senior])).toEqual({ any: [senior] });
    expect(asGroup(senior)).toEqual({ all: [senior] });
  });

  it("is read from an address, and from a broken one begins empty", () => {
    expect(ruleOf(JSON.stringify({ any: [senior] }))).toEqual({ any: [senior] });
    for (const broken of [null, "", "{", "7", '{"all": 1}']) expect(ruleOf(broken)).toEqual({ all: [] });
  });
});
