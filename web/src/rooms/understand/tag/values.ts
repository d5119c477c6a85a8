import { format, type Language } from "../../../language";
import type { Tag, TagPage } from "../tagParts";

type Row = TagPage["spread"][number];
type Day = TagPage["trend"][number];

/** Values as a reader expects them: levels as the catalogue has them, months by time, others by size; unknown last. */
export function inOrder(rows: readonly Row[], tag: Pick<Tag, "type" | "levels">): Row[] {
  const order = tag.levels.map((level) => level.code);
  const place = (row: Row) => {
    const at = order.indexOf(row.value ?? "");
    return at < 0 ? order.length : at;
  };
  return rows.toSorted((one, other) => {
    if (one.value === null || other.value === null)
      return Number(one.value === null) - Number(other.value === null);
    if (tag.type === "date" || tag.type === "flag") return other.value < one.value ? -1 : 1;
    return place(one) - place(other) || other.customers - one.customers;
  });
}

/** A figure without false precision: whole from a hundred on, two digits below. */
export function number(value: number, language: Language): string {
  const size = Math.abs(value);
  if (size >= 10_000) return format.large(value, language);
  return format.decimal(value, language, size >= 100 || Number.isInteger(value) ? 0 : 2);
}

/** Counts by day as lines: the days in order, and of the `most` largest values (on the last day) a count for each. */
export function byDay(trend: readonly Day[], most: number): { days: string[]; lines: [string, number[]][] } {
  const days = [...new Set(trend.map((row) => row.day))].sort();
  const count = (day: string | undefined, value: string) =>
    trend.find((row) => row.day === day && row.value === value)?.customers ?? 0;
  const values = [...new Set(trend.map((row) => row.value))].filter((value) => value !== null);
  const last = days.at(-1);
  const largest = values.sort((one, other) => count(last, other) - count(last, one)).slice(0, most);
  return { days, lines: largest.map((value) => [value, days.map((day) => count(day, value))]) };
}
