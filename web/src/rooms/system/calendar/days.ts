/**
 * A year's days as src/bihuan/comply/calendar/rules.py counts them, so that a form can say what the server would
 * refuse while one types. Days are "2026-10-01"; they compare as text.
 */

export interface Closure {
  first: string;
  last: string;
  name: string;
}

export type Fault = "dates" | "year" | "order" | "long" | "overlap";

const DAY_MS = 86_400_000;
const LONGEST = 31;
const SOON_DAYS = 60;
const time = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Both days included; none where one is missing or they are in the wrong order. */
function daysOf({ first, last }: Closure): string[] {
  const found: string[] = [];
  for (let at = time(first); at <= time(last) && found.length < 366; at += DAY_MS) found.push(dayOf(at));
  return found;
}

const isWeekday = (day: string): boolean => ![0, 6].includes(new Date(time(day)).getUTCDay());

/** The weekdays of a year that fall into a closure. */
export function closedWeekdays(closures: readonly Closure[]): Set<string> {
  return new Set(closures.flatMap(daysOf).filter(isWeekday));
}

/** How many days the year has. */
export function lengthOf(year: number): number {
  return Math.round((Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / DAY_MS);
}

/** How many days the exchange trades in a year with these closures. */
export function tradingDays(year: number, closures: readonly Closure[]): number {
  const all = daysOf({ first: `${year}-01-01`, last: `${year}-12-31`, name: "" }).filter(isWeekday);
  const closed = closedWeekdays(closures);
  return all.filter((day) => !closed.has(day)).length;
}

/** What is wrong with one closure among the others; undefined where nothing is. */
export function faultOf(year: number, closure: Closure, others: readonly Closure[]): Fault | undefined {
  const { first, last } = closure;
  if (!first || !last) return "dates";
  if (first.slice(0, 4) !== String(year) || last.slice(0, 4) !== String(year)) return "year";
  if (last < first) return "order";
  if ((time(last) - time(first)) / DAY_MS >= LONGEST) return "long";
  if (others.some((other) => other.first && other.first <= last && other.last >= first)) return "overlap";
  return undefined;
}

/** The first day before today that these closures would change; undefined where the past stays as it was. */
export function changedPast(
  before: readonly Closure[],
  after: readonly Closure[],
  today: string,
): string | undefined {
  const [was, is] = [closedWeekdays(before), closedWeekdays(after)];
  const moved = [...was].filter((day) => !is.has(day)).concat([...is].filter((day) => !was.has(day)));
  return moved.filter((day) => day < today).sort()[0];
}

/** Whether next year should be entered by now: it is not known, and it is December or the table ends in 60 days. */
export function isDue(today: string, knownUntil: string | null): boolean {
  const year = Number(today.slice(0, 4));
  if (knownUntil !== null && knownUntil >= `${year + 1}-01-01`) return false;
  const left = knownUntil === null ? 0 : (time(knownUntil) - time(today)) / DAY_MS;
  return today.slice(5, 7) === "12" || left <= SOON_DAYS;
}
