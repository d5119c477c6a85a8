import { expect, test } from "vitest";
import { weak } from "./forms";
import { assessed } from "./risk";

test("nothing is found before all is answered", () => {
  expect(assessed({ loss: 1, time: 2 })).toBeUndefined();
});

test("who can bear hardly any loss is C1, and more never makes a lower level", () => {
  const level = (loss: number, time: number, experience: number) =>
    Number(assessed({ loss, time, experience })?.level?.slice(1));
  expect(level(0, 2, 2)).toBe(1);
  expect(level(2, 2, 2)).toBe(5);
  for (const loss of [0, 1])
    for (const time of [0, 1, 2])
      for (const experience of [0, 1, 2])
        expect(level(loss + 1, time, experience)).toBeGreaterThanOrEqual(level(loss, time, experience));
});

test.each([
  ["111111", true],
  ["123456", true],
  ["654321", true],
  ["135790", false],
  ["246813", false],
])("%s", (digits, is) => expect(weak(digits)).toBe(is));
