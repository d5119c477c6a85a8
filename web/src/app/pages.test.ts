import { expect, test } from "vitest";
import { roles } from "../language";
import { files } from "./modules";
import { openPages, pages } from "./pages";

test("every page there is can be reached", () => {
  const known = [...pages, ...openPages].map((page) => page.file);
  expect(files.filter((file) => !known.includes(file))).toEqual([]);
});

test("every role has one page to land on", () => {
  for (const role of roles) expect(pages.filter((page) => page.landing?.includes(role))).toHaveLength(1);
});

test("nobody lands where they may not be, and no address is given twice", () => {
  for (const page of pages) expect(page.roles).toEqual(expect.arrayContaining([...(page.landing ?? [])]));
  expect(new Set(pages.map((page) => page.path)).size).toBe(pages.length);
});
