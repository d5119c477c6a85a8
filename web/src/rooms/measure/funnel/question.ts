import type { Answer } from "../../../api";
import type { Span } from "../../../ui";

export type FunnelOf = Answer<"/api/v1/funnel", "get">;
export type StepOf = FunnelOf["steps"][number];

export const MOST_STEPS = 16;

/** "a,b,c" <-> its steps. An event name never holds a comma here: the server's own separator. */
export function stepsOf(text: string): string[] {
  return text
    .split(",")
    .map((step) => step.trim())
    .filter((step) => step !== "");
}

/** A list with the item at `from` put at `to`; the same list when either is outside. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  if (from < 0 || to < 0 || from >= list.length || to >= list.length || from === to) return list;
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, list[from] as T);
}

/** The step where the most of those who came before were lost; undefined when nobody was. */
export function worst(steps: readonly StepOf[]): StepOf | undefined {
  const lossy = steps.slice(1).filter((step) => step.previous > 0 && step.customers < step.previous);
  return lossy.sort((one, other) => one.customers / one.previous - other.customers / other.previous)[0];
}

const SAFE = /^[\w:.,/@%+=-]+$/;

/** A word of a shell command line, quoted where a shell would take it apart. */
export function shellWord(text: string): string {
  return SAFE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The same question as a command for the server's shell. */
export function commandOf(steps: readonly string[], window: string, by: string, span: Span): string {
  const words = ["bihuan funnel --steps", shellWord(steps.join(",")), "--window", window];
  if (by) words.push("--by", shellWord(by));
  if (span.from) words.push("--from", span.from);
  if (span.to) words.push("--to", span.to);
  return words.join(" ");
}

/** One bar of the funnel, as it stands in the URL: `2`, `3-` (who was lost before it), `2=value` (of a breakdown). */
export interface Mark {
  step: number;
  lost: boolean;
  value: string | undefined;
}

export function markText({ step, lost, value }: Mark): string {
  return `${step}${lost ? "-" : ""}${value === undefined ? "" : `=${value}`}`;
}

/** The bar that a text names; undefined for a text that names none of a funnel with so many steps. */
export function markOf(text: string, steps: number): Mark | undefined {
  const found = /^(\d{1,2})(-?)(?:=(.*))?$/s.exec(text);
  if (!found) return undefined;
  const mark: Mark = { step: Number(found[1]), lost: found[2] === "-", value: found[3] };
  const least = mark.lost ? 2 : 1;
  return mark.step >= least && mark.step <= steps ? mark : undefined;
}
