import type { Answer } from "../../../api";
import { format, type Language, type Texts } from "../../../language";
import type { texts } from "../texts";

export type Result = Answer<"/api/v1/experiments/{key}/result", "get">;
export type Comparison = Result["comparisons"][number];
export type Arm = Result["arms"][number];

type T = Pick<Texts<typeof texts>, "tooEarly" | "tooEarlyEvents" | "better" | "worse" | "noDifference">;

/** A comparison as a sentence: which arm, how many points, between what and what at all looks together. */
export function sentence(
  of: Comparison,
  name: (arm: string) => string,
  t: T,
  language: Language,
  early: { need: number; have: number },
): string {
  const { arm, against, difference, always_low: low, always_high: high, state } = of;
  if (state === "too_early" || difference === null || low === null || high === null)
    return early.have >= early.need
      ? t.tooEarlyEvents
      : t.tooEarly(format.count(early.need, language), format.count(early.have, language));
  const size = (value: number) => format.decimal(Math.abs(value) * 100, language, 1);
  if (state === "better") return t.better(name(arm), name(against), size(difference), size(low), size(high));
  if (state === "worse") return t.worse(name(arm), name(against), size(difference), size(high), size(low));
  const signed = (value: number) => format.points(value, language);
  return t.noDifference(name(arm), name(against), signed(low), signed(high));
}

/** How many of all assigned have not been looked at for the whole horizon yet. */
export function young(result: Pick<Result, "arms" | "immediate">): number {
  const sum = (arms: readonly Arm[]) => arms.reduce((total, arm) => total + arm.n, 0);
  return sum(result.immediate.arms) - sum(result.arms);
}

/** The comparison that answers the experiment's question; undefined before there is any. */
export function headlineOf(result: Pick<Result, "comparisons">): Comparison | undefined {
  return result.comparisons.find((each) => each.headline) ?? result.comparisons[0];
}

/** The size of the smaller of the arms that are compared; 0 before anybody was assigned. */
export function smallest(result: Pick<Result, "arms">, of: Comparison | undefined): number {
  const looked = result.arms.filter((arm) => of === undefined || [of.arm, of.against].includes(arm.arm));
  return looked.length === 0 ? 0 : Math.min(...looked.map((arm) => arm.n));
}
