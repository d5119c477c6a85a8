import type { Event } from "./own";

/** Each answer is 0, 1 or 2: the more, the more can be borne. */
export interface RiskAnswers {
  loss: number;
  time: number;
  experience: number;
}

const KINDS = ["cash", "fixed_income", "mixed", "equity"];
const GOALS = ["preserve", "income", "growth", "speculation"];

/** What the firm's questionnaire finds, as its event carries it; undefined until all is answered. */
export function assessed({ loss, time, experience }: Partial<RiskAnswers>): Partial<Event> | undefined {
  if (loss === undefined || time === undefined || experience === undefined) return undefined;
  // Somebody who can bear hardly any loss is careful whatever else he says.
  const level = loss === 0 ? 1 : Math.min(5, 1 + Math.ceil(((loss + time + experience) * 4) / 6));
  const width = Math.min(KINDS.length, Math.max(2, level));
  return {
    level: `C${level}`,
    lowest_category: false,
    term: (["short", "medium", "long"] as const)[time] ?? "short",
    kinds: KINDS.slice(0, width),
    goals: GOALS.slice(0, width),
  };
}
