import type { Answer } from "../../../../api";
import type { Stage } from "../holder";

export type Own = Answer<"/api/v1/demo/openings", "get">["items"][number];
export type Step = Stage["steps"][number];

/** The steps that the applicant walks himself: up to and including the submission. */
export function walked(steps: readonly Step[]): Step[] {
  const last = steps.findIndex((step) => step.milestone === "submitted");
  return steps.slice(0, last + 1);
}

/** What the phone has just told and the server has not shown yet, by application. */
export interface Told {
  /** Steps done since, in their order. */
  done: readonly string[];
  failed?: { step: string; reason: string };
}

/** The screen of the application: which step, or how it ended. */
export type Place =
  | { at: "start" }
  | { at: "step"; step: Step; number: number; all: number; reason: string | null; sentBack: boolean }
  | { at: "review" | "opened" | "ineligible" };

/**
 * Where the applicant stands. The phone goes on at once with what it has told itself; the server's word wins as soon
 * as it has heard the same.
 */
export function placeOf(own: Own | undefined, told: Told, steps: readonly Step[]): Place {
  const course = walked(steps);
  const submission = course.at(-1);
  if (own?.state === "ineligible") return { at: "ineligible" };
  if (own?.state === "opened" || told.done.includes("account")) return { at: "opened" };
  const submitted =
    own?.state === "submitted" || (submission !== undefined && told.done.includes(submission.code));
  if (submitted) return { at: "review" };
  if (own === undefined && told.done.length === 0 && told.failed === undefined) return { at: "start" };
  const done = new Set([
    ...(own?.steps.filter((step) => step.done).map((step) => step.code) ?? []),
    ...told.done,
  ]);
  // A review sends back one step; it stands again although it was done once.
  if (own?.state === "sent_back" && own.step && !told.done.includes(own.step)) done.delete(own.step);
  const number = course.findIndex((step) => !done.has(step.code));
  const step = course[number];
  if (step === undefined) return { at: "review" };
  const failed = told.failed?.step === step.code ? told.failed.reason : null;
  const known = own?.steps.find((each) => each.code === step.code)?.reason ?? null;
  const sentBack = own?.state === "sent_back" && own.returned_step === step.code;
  return {
    at: "step",
    step,
    number: number + 1,
    all: course.length,
    reason: failed ?? known ?? (sentBack ? (own?.returned_reason ?? null) : null),
    sentBack,
  };
}

/** What of the told the server has not shown yet; nothing is left once it has. */
export function unheard(own: Own | undefined, told: Told): Told {
  if (own === undefined) return told;
  const shown = new Set(own.steps.filter((step) => step.done).map((step) => step.code));
  const done = own.state === "sent_back" ? told.done : told.done.filter((code) => !shown.has(code));
  const failed = told.failed;
  const heard =
    failed &&
    own.steps.some((step) => step.code === failed.step && (step.done || step.reason === failed.reason));
  return heard ? { done } : { ...told, done };
}

/** "/open/D123/id" -> the application and its step; undefined for any other link. */
export function linked(link: string | null | undefined): { opening_id: string; step: string } | undefined {
  const found = link?.match(/\/open\/([^/\s]+)\/([a-z_]+)/);
  return found?.[1] && found[2] ? { opening_id: found[1], step: found[2] } : undefined;
}

/** Events by which the opening system may say that a step has failed, with reasons people know. */
export const FAILURES: Readonly<Record<string, readonly string[]>> = {
  phone: ["code_not_received"],
  id: ["blurred", "expired"],
  face: ["light", "glasses"],
  bank: ["card_not_class_one", "bank_maintenance", "other_broker_bound"],
  password: ["weak_password"],
  video: ["network"],
};
