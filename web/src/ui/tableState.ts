import { useEffect, useState } from "react";
import { useUrlState } from "./filters";

export interface Sorting {
  column: string;
  descending: boolean;
}

export type Sortable = string | number | null | undefined;

/** "-stuck" <-> stuck, descending. */
export function sortingOf(text: string): Sorting | undefined {
  if (text === "") return undefined;
  return text.startsWith("-")
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}

/** Rows in order of `key`; what has no value comes last either way. Equal rows keep their order. */
export function sorted<R>(rows: readonly R[], key: (row: R) => Sortable, descending: boolean): R[] {
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  const empty = (value: Sortable) => value === null || value === undefined || value === "";
  return rows.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (empty(a) || empty(b)) return Number(empty(a)) - Number(empty(b));
    const order =
      typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
    return descending ? -order : order;
  });
}

/** Sorting kept in the URL: none, up, down, none. */
export function useSorting(name: string, initial: string): [Sorting | undefined, (column: string) => void] {
  const [text, set] = useUrlState(name, initial);
  const now = sortingOf(text);
  const turn = (column: string) => {
    if (now?.column !== column) set(column);
    else set(now.descending ? null : `-${column}`);
  };
  return [now, turn];
}

/** The keys that appeared after the first showing, for two seconds each. */
export function useFresh(keys: readonly string[], on: boolean): ReadonlySet<string> {
  const [known, setKnown] = useState<ReadonlySet<string>>(() => new Set(keys));
  const fresh = on ? keys.filter((key) => !known.has(key)) : [];
  const sign = fresh.join();
  useEffect(() => {
    if (sign === "") return undefined;
    const timer = setTimeout(() => setKnown((before) => new Set([...before, ...sign.split(",")])), 2000);
    return () => clearTimeout(timer);
  }, [sign]);
  return new Set(fresh);
}

/** One cell for a CSV file. A text that a spreadsheet would run as a formula is made harmless. */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Offers a CSV to save, with the mark by which Excel knows UTF-8. */
export function saveCsv(
  name: string,
  rows: readonly (readonly (string | number | null | undefined)[])[],
): void {
  const text = `\uFEFF${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
