import type { Answer } from "../../api";
import { format, type Language } from "../../language";
import type { Difference } from "../../ui";

export type Cockpit = Answer<"/api/v1/cockpit", "get">;
export type FigureOf = Cockpit["opened_today"];
export type Metric = Answer<"/api/v1/metrics-catalogue", "get">["items"][number];

/** The words a figure needs that depend on the language; the texts of the room have them. */
export interface Units {
  points: (n: string) => string;
  minutes: (n: string) => string;
  stars: (n: string) => string;
  perHour: (n: string) => string;
}

/** The words for what a figure was counted from. */
export interface Counting {
  kOfN: (k: string, n: string) => string;
  nOnly: (n: string) => string;
  interval95: (low: string, high: string) => string;
}

const TIGHT = /\s+/g;

/** A value in the unit of its metric; "—" where there is none. */
export function said(
  value: number | null | undefined,
  unit: string | undefined,
  language: Language,
  units: Units,
): string {
  if (value === null || value === undefined) return "—";
  switch (unit) {
    case "share":
      return format.percent(value, 1, language);
    case "seconds":
      return format.duration(value, language).replace(TIGHT, language === "zh" ? "" : " ");
    case "yuan":
      return format.money(Math.round(value * 100) / 100, language);
    case "minutes":
      return units.minutes(format.decimal(value, language, 0));
    case "accounts_per_hour":
      return units.perHour(format.decimal(value, language, 2));
    case "stars":
      return units.stars(format.decimal(value, language, 1));
    case "points":
      return format.points(value / 100, language);
    default:
      return format.large(value, language);
  }
}

/** How a figure changed against the same time of the day it is compared with; undefined without that. */
export function changeOf(
  figure: FigureOf,
  unit: string | undefined,
  language: Language,
  units: Units,
  against: string,
): Difference | undefined {
  const change = figure.change;
  if (change === null || change === undefined) return undefined;
  const direction = change > 0 ? "up" : change < 0 ? "down" : "flat";
  const size = Math.abs(change);
  const text =
    unit === "share"
      ? units.points(format.decimal(size * 100, language, 1))
      : unit === "count" || unit === undefined
        ? relative(change, language)
        : said(size, unit === "points" ? "count" : unit, language, units);
  return { text, direction, against };
}

/** A relative change: a share, or from tenfold on a multiple, which a percentage of four digits hides. */
function relative(change: number, language: Language): string {
  const size = Math.abs(change);
  if (change >= 9) return `×${format.count(Math.round(change + 1), language)}`;
  return format.percent(size, 1, language, size < 0.1 ? 1 : 0);
}

/** "45 of 1,200", or "n = 12" where a figure is of so many and no part of them; undefined where nothing was counted. */
export function countedFrom(
  { numerator, denominator }: Pick<FigureOf, "numerator" | "denominator">,
  language: Language,
  words: Counting,
): string | undefined {
  if (denominator === null || denominator === undefined) return undefined;
  const say = (value: number) => format.decimal(value, language, Number.isInteger(value) ? 0 : 1);
  if (numerator === null || numerator === undefined) return words.nOnly(say(denominator));
  return words.kOfN(say(numerator), say(denominator));
}

/** "95% 2.1 to 18.4 · person 100, message 100": what an estimate stands on; undefined for what is none. */
export function estimatedFrom(
  { low, high, sizes }: Pick<FigureOf, "low" | "high" | "sizes">,
  language: Language,
  words: Counting,
  arm: (code: string) => string,
): string | undefined {
  if (low === null || low === undefined || high === null || high === undefined) return undefined;
  const said = words.interval95(format.points(low / 100, language), format.points(high / 100, language));
  const each = Object.entries(sizes ?? {}).map(
    ([code, n]) => `${arm(code)} ${words.nOnly(format.count(n, language))}`,
  );
  return [said, ...each].join(" · ");
}

// Told by a worker; when none is left to tell, what the server says when asked is the truth.
const ASKED = new Set(["lanes_behind"]);

/** The cockpit as it was read, with the rows that the live topic has told since. */
export function withRows(read: Cockpit, rows: ReadonlyMap<string, unknown>): Cockpit {
  if (rows.size === 0) return read;
  const row = <T>(key: string): T | undefined => rows.get(key) as T | undefined;
  const opened = row<{ figure: FigureOf; planned_today: number | null }>("opened_today");
  const strip = (name: "experience" | "efficiency" | "cost") =>
    row<{ figures: FigureOf[] }>(name)?.figures ?? read[name];
  const told = [...rows].filter(([key]) => key.startsWith("need:")).map(([, value]) => value);
  const needs = [
    ...(told as Cockpit["needs"]).filter((need) => !ASKED.has(need.kind)),
    ...read.needs.filter((need) => ASKED.has(need.kind)),
  ];
  const settled = row<{ settlement: Cockpit["settlement"] }>("settlement");
  return {
    ...read,
    loop: read.loop.map((stage) => row<Cockpit["loop"][number]>(`stage:${stage.stage}`) ?? stage),
    opened_today: opened?.figure ?? read.opened_today,
    planned_today: opened === undefined ? read.planned_today : opened.planned_today,
    settlement: settled === undefined ? read.settlement : settled.settlement,
    experience: strip("experience"),
    efficiency: strip("efficiency"),
    cost: strip("cost"),
    needs: told.length > 0 ? needs : read.needs,
  };
}
