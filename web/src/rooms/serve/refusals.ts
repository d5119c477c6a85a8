import type { Problem } from "../../api";
import type { Texts } from "../../language";
import type { texts } from "./texts";

type T = Texts<typeof texts>;

/** Somebody else was faster, or the moment has passed: told politely, because nobody did anything wrong. */
export function politely(problem: Problem, t: T): string | undefined {
  const winner =
    typeof problem.body.winner === "string" && problem.body.winner ? problem.body.winner : t.somebody;
  switch (problem.code) {
    case "taken":
    case "not-taken":
      return t.loser(winner);
    case "claimed":
    case "not-owner":
      return t.claimLost(winner);
    case "held-out":
      return t.heldControlWhy;
    case "rescue":
      return t.gone;
    case "offer-ended":
    case "never-offered":
      return t.offerEnded;
    case "capacity":
      return t.full;
    default:
      return undefined;
  }
}

/** A phrase that compliance stops or marks, as the server names it. */
export interface WordingHit {
  found: string;
  severity: string;
  reason: string;
  reason_en: string;
}

/** What a refused message says about its words; undefined for any other problem. */
export function stoppedWords(
  problem: Problem | undefined,
): { hidden: boolean; phrases: string[]; hits: WordingHit[] } | undefined {
  if (problem?.code !== "wording" && problem?.code !== "hidden_answers") return undefined;
  const { phrases, hits } = problem.body;
  return {
    hidden: problem.code === "hidden_answers",
    phrases: Array.isArray(phrases) ? (phrases as string[]) : [],
    hits: Array.isArray(hits) ? (hits as WordingHit[]).filter((hit) => hit.severity !== "warn") : [],
  };
}
