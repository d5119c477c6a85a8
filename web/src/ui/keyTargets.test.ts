import { expect, test } from "vitest";
import { answersItself, typing } from "./keyTargets";

/** An element inside one that fits `selector`, and no other. */
const inside = (selector: string) => ({
  closest: (wanted: string) => (wanted.split(",").includes(selector) ? ({} as Element) : null),
});

test.each(["button", "a[href]", "summary", "[role=option]", "[role=menuitem]", "[role=tab]", "[role=radio]"])(
  "Enter and Space stay with %s; letters are shortcuts",
  (selector) => {
    expect(answersItself(inside(selector), "Enter")).toBe(true);
    expect(answersItself(inside(selector), " ")).toBe(true);
    expect(answersItself(inside(selector), "c")).toBe(false);
  },
);

test("Enter on the page itself is a shortcut", () => {
  expect(answersItself(inside("main"), "Enter")).toBe(false);
});

test("no shortcut while somebody types", () => {
  expect(typing({ tagName: "TEXTAREA", isContentEditable: false })).toBe(true);
  expect(typing({ tagName: "DIV", isContentEditable: true })).toBe(true);
  expect(typing({ tagName: "BUTTON", isContentEditable: false })).toBe(false);
});
