export type ReadObject = { value: Record<string, unknown> } | { fault: true; line?: number };

/** The object a text spells; else where it stops being JSON (line from 1), or no line when it is no object. */
export function objectOf(text: string): ReadObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: true, line: lineOf(text, error) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { fault: true };
  return { value: value as Record<string, unknown> };
}

function lineOf(text: string, error: unknown): number {
  const said = error instanceof Error ? error.message : "";
  const line = /line (\d+)/.exec(said);
  if (line?.[1]) return Number(line[1]);
  const position = /position (\d+)/.exec(said);
  const till = position?.[1] ? Number(position[1]) : text.length;
  return text.slice(0, till).split("\n").length;
}

/** A text set out for reading when it is JSON; else as it is. */
export function setOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
