import { EXCHANGE } from "../language/format";

/** The stretches of time that lists are cut by, as people say them. */
export const periods = ["today", "yesterday", "week", "month", "quarter", "custom"] as const;
export type PeriodName = (typeof periods)[number];

/** Half open: from `from` until before `to`, ISO 8601; a missing end is open. */
export interface Span {
  from?: string;
  to?: string;
}

const DAY = 86_400_000;

/** The day in exchange time as "2026-03-10". */
export function exchangeDay(at: Date): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: EXCHANGE }).format(at);
}

/** The beginning of a day in exchange time; Shanghai has had no summer time since 1991. */
export function startOf(day: string): Date {
  return new Date(`${day}T00:00:00+08:00`);
}

/**
 * What a named period spans at `now`, in whole days of exchange time, today included. A custom one goes from the
 * first to the last of two days, both included, either of which may be absent.
 */
export function spanOf(name: string, now: Date, first = "", last = ""): Span {
  const midnight = startOf(exchangeDay(now)).getTime();
  const since = (days: number) => new Date(midnight - days * DAY).toISOString();
  switch (name) {
    case "today":
      return { from: since(0) };
    case "yesterday":
      return { from: since(1), to: since(0) };
    case "week":
      return { from: since(6) };
    case "month":
      return { from: since(29) };
    case "quarter":
      return { from: since(89) };
    case "custom": {
      const day = /^\d{4}-\d{2}-\d{2}$/;
      return {
        from: day.test(first) ? startOf(first).toISOString() : undefined,
        to: day.test(last) ? new Date(startOf(last).getTime() + DAY).toISOString() : undefined,
      };
    }
    default:
      return {};
  }
}
