import type { ComponentType } from "react";
import { mayOpen, type PageEntry, pages } from "./pages";

const modules = import.meta.glob<{ default: ComponentType }>("../rooms/*/*/page.tsx");

/** Loads a page's module; undefined where it has none. */
export function moduleOf(file: string): (() => Promise<{ default: ComponentType }>) | undefined {
  return modules[`../rooms/${file}/page.tsx`];
}

/** The modules there are, as `file`s. */
export const files: readonly string[] = Object.keys(modules).map((name) =>
  name.slice("../rooms/".length, -"/page.tsx".length),
);

/** What the rail and the palette show to somebody with these roles, in the order of the loop. */
export function pagesFor(roles: readonly string[]): PageEntry[] {
  return pages.filter(
    (page) => page.under !== undefined && mayOpen(page, roles) && moduleOf(page.file) !== undefined,
  );
}

/** Where somebody with these roles lands: the page made for them, else the first they may open. */
export function landingOf(roles: readonly string[]): string | undefined {
  const seen = pagesFor(roles);
  const own = roles
    .map((role) => seen.find((page) => (page.landing as readonly string[] | undefined)?.includes(role)))
    .find((page) => page !== undefined);
  return (own ?? seen[0])?.path;
}
