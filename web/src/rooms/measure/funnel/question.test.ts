import { expect, test } from "vitest";
import { commandOf, markOf, markText, moved, shellWord, type StepOf, stepsOf, worst } from "./question";

const step = (name: string, customers: number, previous: number): StepOf => ({
  name,
  customers,
  first: 100,
  previous,
  conversion: customers / 100,
  step_conversion: previous ? customers / previous : null,
  median_seconds: null,
});

test("steps come back from their text, whatever the spaces", () => {
  expect(stepsOf(" a , b,,c ")).toEqual(["a", "b", "c"]);
  expect(stepsOf("")).toEqual([]);
});

test("moving loses nothing, and back again is where it began", () => {
  const list = ["a", "b", "c", "d", "e"];
  for (let from = -1; from <= 5; from++)
    for (let to = -1; to <= 5; to++) {
      const there = moved(list, from, to);
      expect([...there].sort()).toEqual(list);
      if (there !== list) expect(there[to]).toBe(list[from]);
      expect(moved(there, to, from)).toEqual(there === list ? list : list);
    }
});

test("the worst step is by share of those who came before", () => {
  expect(worst([step("a", 100, 100), step("b", 60, 100), step("c", 30, 60), step("d", 29, 30)])?.name).toBe(
    "c",
  );
  expect(worst([step("a", 100, 100), step("b", 100, 100)])).toBeUndefined();
  expect(worst([step("a", 0, 0), step("b", 0, 0)])).toBeUndefined();
});

test("a command says the same, and a name with blanks or quotes stays one word", () => {
  expect(
    commandOf(["opening:visit", "opening:submitted"], "30d", "channel", { from: "2026-03-01T00:00:00Z" }),
  ).toBe(
    "bihuan funnel --steps opening:visit,opening:submitted --window 30d --by channel --from 2026-03-01T00:00:00Z",
  );
  expect(commandOf(["Order Completed"], "1h", "", {})).toContain("--steps 'Order Completed'");
  expect(shellWord("it's $(x)")).toBe("'it'\\''s $(x)'");
});

test("a bar stands in the URL and comes back", () => {
  const marks = [
    { step: 1, lost: false, value: undefined },
    { step: 3, lost: true, value: undefined },
    { step: 2, lost: false, value: "a=b-\n中" },
    { step: 2, lost: true, value: "" },
  ];
  for (const mark of marks) expect(markOf(markText(mark), 3)).toEqual(mark);
});

test("a text that names no bar of this funnel is none", () => {
  for (const text of ["", "0", "4", "1-", "x", "-1", "2 "]) expect(markOf(text, 3)).toBeUndefined();
});
