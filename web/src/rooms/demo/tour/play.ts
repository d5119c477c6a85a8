import { type Answer, customerWrite, type CustomerApi, type Input, write } from "../../../api";
import { askSpeed } from "../../../live";
import { newVisitor, remember } from "../people";
import { change, type Memory, type Played } from "./memory";

type Stage = Answer<"/api/v1/demo/stage", "get">;
type Event = NonNullable<Input<"/api/v1/demo/opening-steps", "post">["body"]>["steps"][number];

const MINUTE = 60;
const STALLED_FOR = 17 * MINUTE; // longer than the 15 minutes after which an ID photo counts as stuck

async function customerOf(who: Pick<Played, "user_id" | "anonymous_id">): Promise<CustomerApi> {
  const { user_id, anonymous_id } = who;
  const told = await write("post", "/api/v1/demo/customer-session", { body: { user_id, anonymous_id } });
  return { token: told.token, customerId: told.customer_id };
}

/** The id of a persona, for pages that are about him. */
export async function customerIdOf(user_id: string): Promise<string> {
  const told = await write("post", "/api/v1/demo/customer-session", {
    body: { user_id, anonymous_id: null },
  });
  return told.customer_id;
}

async function somebodyNew(): Promise<Played> {
  const numbers = await write("post", "/api/v1/demo/openings", { body: { arm: "person" } });
  return { ...numbers, anonymous_id: newVisitor() };
}

async function tell(
  played: Played,
  steps: readonly (Partial<Event> & { event: string })[],
  name: string,
  phone: string,
): Promise<void> {
  await customerWrite(await customerOf(played), "post", "/api/v1/demo/opening-steps", {
    body: {
      opening_id: played.opening_id,
      steps: steps.map((step) => ({ ago_seconds: 0, ...step })),
      applicant: { name, phone },
    },
  });
}

function phoneOf(opening_id: string): string {
  return `15496${(Number.parseInt(opening_id.slice(1, 10), 16) % 1_000_000).toString().padStart(6, "0")}`;
}

const pace = (factor: number) => write("put", "/api/v1/demo/clock", { body: { factor } });

/** Time slows down to the visitor's; what it ran at before is kept, once. */
async function slowDown(memory: Memory, who: Played): Promise<void> {
  if (memory.pace === undefined) change({ pace: await askSpeed((await customerOf(who)).token) });
  await pace(1);
}

/** Time runs as fast as it did before the tour slowed it down. */
export async function speedUp(memory: Memory): Promise<void> {
  if (memory.pace === undefined) return;
  await pace(memory.pace);
  change({ pace: undefined });
}

/** Somebody opens an account and has stood still at the ID photo; time slows down to the visitor's. */
export async function stall(stage: Stage, memory: Memory): Promise<Played> {
  const played = await somebodyNew();
  await slowDown(memory, played);
  const branch_code = stage.seats?.advisor.branch ?? null;
  const steps = [
    { event: "opening:visit", channel: "search", ago_seconds: STALLED_FOR + 3 * MINUTE },
    { event: "opening:phone:verified", branch_code, ago_seconds: STALLED_FOR + 2 * MINUTE },
    { event: "opening:products:chosen", branch_code, ago_seconds: STALLED_FOR },
  ];
  await tell(played, steps, "林晓雨", phoneOf(played.opening_id));
  remember("young_beginner", {
    anonymous_id: played.anonymous_id,
    opening_id: played.opening_id,
    user_id: played.user_id,
    number: played.user_id,
  });
  return played;
}

/** The events of all steps from `first` to the opened account, one after the other. */
export function rest(steps: Stage["steps"], first: string | undefined): { event: string }[] {
  const from = first === undefined ? 0 : steps.findIndex((step) => step.code === first);
  const to = steps.findIndex((step) => step.milestone === "opened");
  return steps.slice(Math.max(from, 0), to + 1).flatMap((step) => {
    const event = step.done_by[0];
    if (event === undefined) return [];
    return event === "opening:risk:assessed"
      ? [
          {
            event,
            level: "C3",
            term: "medium" as const,
            kinds: ["fixed_income", "mixed"],
            goals: ["income", "growth"],
          },
        ]
      : [{ event }];
  });
}

/** The applicant walks the rest of the way, the back office approves. */
export async function finish(stage: Stage, played: Played, memory: Memory): Promise<void> {
  await tell(played, rest(stage.steps, "id"), "林晓雨", phoneOf(played.opening_id));
  await speedUp(memory);
}

/** Somebody scans a recruiter's code, chooses the visitor's branch and opens his account. */
export async function scan(stage: Stage): Promise<Played> {
  const played = await somebodyNew();
  const { recruiter, advisor } = stage.seats ?? {};
  const all = [
    { event: "opening:visit", channel: "staff_qr", staff_code: recruiter?.code ?? null },
    ...rest(stage.steps, undefined).map((step) => ({ ...step, branch_code: advisor?.branch ?? null })),
  ];
  const spaced = all.map((step, place) => ({ ...step, ago_seconds: (all.length - place) * 30 }));
  await tell(played, spaced, "周明远", phoneOf(played.opening_id));
  return played;
}
