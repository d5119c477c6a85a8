import { expect, test } from "vitest";
import { asks, type PageName, to } from "../paths";
import { pages } from "./pages";

/** Sources by their file, "serve/openings/page.tsx". */
const sources = Object.entries(
  import.meta.glob<string>("../rooms/*/*/*.tsx", { query: "?raw", import: "default", eager: true }),
).map(([name, source]) => [name.slice("../rooms/".length), source] as const);

/** All that is written in a page's folder. */
function written(file: string): string {
  return sources.flatMap(([name, source]) => (name.startsWith(`${file}/`) ? source : [])).join("\n");
}

function fileOf(page: PageName): string | undefined {
  const path = to[page]("x" as never).split("?")[0] ?? "";
  return pages.find((entry) => new RegExp(`^${entry.path.replace(/:\w+/, "[^/]+")}$`).test(path))?.file;
}

/** Keys that a piece of src/ui reads when it is given no other name. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  "<Search(?![^>]*name=)[ \n]": ["q"],
  "<BranchChoice(?![^>]*name=)": ["branch"],
  "<Tabs(?![^>]*name=)": ["tab"],
  "useOpen\\(\\)": ["open"],
  "<DetailDrawer(?![^>]*name=)": ["open"],
  "<PeriodChoice|useSpan\\(": ["period", "from", "to"],
};

function read(source: string): Set<string> {
  const found = [
    ...source.matchAll(/useUrlState\(\s*"(\w+)"/g),
    ...source.matchAll(/useAsked\(\s*"\w+",\s*"(\w+)"/g),
    ...source.matchAll(/useOpen\("(\w+)"\)/g),
    ...source.matchAll(/<(?:Choice|Search|Tabs|BranchChoice|DetailDrawer|Text)\s[^>]*?\bname="(\w+)"/g),
  ].map(([, key]) => key ?? "");
  for (const [piece, keys] of Object.entries(IMPLIED))
    if (new RegExp(piece).test(source)) found.push(...keys);
  return new Set(found);
}

const staffPages = (Object.keys(asks) as PageName[]).filter((page) => fileOf(page) !== undefined);

test("every page but the demo's phone is among them", () => {
  expect((Object.keys(asks) as PageName[]).filter((page) => !staffPages.includes(page))).toEqual(["demo"]);
});

test.each(staffPages.filter((page) => page !== "design"))("%s reads what it may be asked", (page) => {
  const source = written(fileOf(page) ?? "");
  expect([...read(source)].sort()).toEqual(Object.keys(asks[page]).sort());
  for (const values of Object.values(asks[page] as Readonly<Record<string, unknown>>))
    if (Array.isArray(values))
      for (const value of values.filter(Boolean) as string[])
        expect(source).toMatch(new RegExp(`"${value}"|\\b${value}:`));
});
