import { expect, test } from "vitest";
import { rendered, smsParts } from "./wording";

test("letters to text messages", () => {
  expect([0, 70, 71, 134, 135].map(smsParts)).toEqual([1, 1, 2, 2, 3]);
});

test("variables are filled once, unknown ones stay", () => {
  expect(rendered("{step}：{link} {x}", { step: "{link}", link: "L" })).toBe("{link}：L {x}");
});
