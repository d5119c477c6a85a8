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
