import { describe, expect, test } from "vitest";
import { linked, type Own, placeOf, type Step, unheard, walked } from "./course";

const step = (code: string, milestone: Step["milestone"] = null): Step => ({
  code,
  name_zh: code,
  name_en: code,
  milestone,
  started_by: [],
  done_by: [`opening:${code}:done`],
  failed_by: [],
});
const steps = [
  step("phone"),
  step("id"),
  step("submit", "submitted"),
  step("review"),
  step("account", "opened"),
];
const own = (done: string[], more: Partial<Own> = {}) =>
  ({
    state: "under_way",
    step: steps.find(({ code }) => !done.includes(code))?.code ?? null,
    returned_step: null,
    returned_reason: null,
    steps: steps.map(({ code }) => ({
      code,
      name_zh: code,
      name_en: code,
      done: done.includes(code),
      reason: null,
    })),
    ...more,
  }) as Own;

test("the applicant walks up to the submission", () => {
  expect(walked(steps).map(({ code }) => code)).toEqual(["phone", "id", "submit"]);
});

describe("where he stands", () => {
  test("nothing told, nothing known: the start", () => {
    expect(placeOf(undefined, { done: [] }, steps)).toEqual({ at: "start" });
  });
  test("the phone goes on before the server has heard", () => {
    expect(placeOf(own(["phone"]), { done: ["id"] }, steps)).toMatchObject({ at: "step", number: 3, all: 3 });
    expect(placeOf(undefined, { done: ["phone"] }, steps)).toMatchObject({ at: "step", number: 2 });
  });
  test("a failure is said at its own step only", () => {
    const told = { done: [], failed: { step: "id", reason: "blurred" } };
    expect(placeOf(own(["phone"]), told, steps)).toMatchObject({ reason: "blurred" });
    expect(placeOf(own(["phone", "id"]), told, steps)).toMatchObject({ number: 3, reason: null });
  });
  test("what a review sends back stands again until it is done again", () => {
    const back = own(["phone", "id", "submit"], {
      state: "sent_back",
      step: "id",
      returned_step: "id",
      returned_reason: "id_unclear",
    });
    expect(placeOf(back, { done: [] }, steps)).toMatchObject({
      number: 2,
      sentBack: true,
      reason: "id_unclear",
    });
    expect(placeOf(back, { done: ["id"] }, steps)).toMatchObject({ at: "review" });
  });
  test.each([
    ["submitted", "review"],
    ["opened", "opened"],
    ["ineligible", "ineligible"],
  ] as const)("%s", (state, at) => expect(placeOf(own([], { state }), { done: [] }, steps)).toEqual({ at }));
});

test("what the server has shown is no longer told", () => {
  expect(unheard(own(["phone"]), { done: ["phone", "id"] })).toEqual({ done: ["id"] });
  const failed = { step: "id", reason: "blurred" };
  expect(unheard(own(["phone"]), { done: [], failed })).toEqual({ done: [], failed });
  expect(unheard(own(["phone", "id"]), { done: [], failed })).toEqual({ done: [] });
});

test("a link leads to the very step", () => {
  expect(linked("/open/D1a/id")).toEqual({ opening_id: "D1a", step: "id" });
  expect(linked("请点 https://firm.example/open/D1a/bank 继续")).toEqual({ opening_id: "D1a", step: "bank" });
  expect(linked("/me")).toBeUndefined();
  expect(linked(null)).toBeUndefined();
});
