import { useCallback, useMemo, useState } from "react";
import {
  customerWrite,
  Problem,
  refreshCustomer,
  type CustomerApi,
  useCustomerRead,
  write,
  type Input,
} from "../../../../api";
import { type Language, useLanguage } from "../../../../language";
import { serverNow } from "../../../../live";
import { remember, remembered } from "../../people";
import { usePhoneContext } from "../holder";
import { type Own, type Place, placeOf, type Step, type Told, unheard } from "./course";

const PATH = "/api/v1/demo/openings";
const EVERY_MS = 3_000;

type Sent = NonNullable<Input<"/api/v1/demo/opening-steps", "post">["body"]>["steps"][number];
/** One event of the opening system, that happens now unless it says how long ago. */
export type Event = Omit<Sent, "ago_seconds"> & { ago_seconds?: number };
export type Applicant = NonNullable<
  NonNullable<Input<"/api/v1/demo/opening-steps", "post">["body"]>["applicant"]
>;

/** The application of whoever holds the phone, as the product knows it; undefined before any. */
export function useOwnOpening(): { own: Own | undefined; loading: boolean } {
  const { holder } = usePhoneContext();
  const when = holder.opening_id !== undefined;
  const read = useCustomerRead(holder.api, PATH, undefined, { every: EVERY_MS, when });
  return {
    own: read.data?.items.find((each) => each.id === holder.opening_id),
    loading: when && read.data === undefined,
  };
}

/** A token for somebody who has just become a user: the page's own comes a moment later. */
async function tokenFor(user_id: string, anonymous_id: string): Promise<CustomerApi> {
  const { token, customer_id } = await write("post", "/api/v1/demo/customer-session", {
    body: { user_id, anonymous_id },
  });
  return { token, customerId: customer_id };
}

/** A number that nobody else in the demo has. */
function phoneNumber(opening_id: string): string {
  return `15495${(Number.parseInt(opening_id.slice(1, 10), 16) % 1_000_000).toString().padStart(6, "0")}`;
}

export interface Opening {
  loading: boolean;
  own: Own | undefined;
  place: Place;
  problem: Problem | undefined;
  pending: boolean;
  begin: (staffCode: string | null) => Promise<void>;
  done: (step: Step, more?: Partial<Event>, applicant?: Applicant) => Promise<void>;
  /** A step has begun and is not done: the video call's queue. */
  enter: (step: Step) => Promise<void>;
  fail: (step: Step, reason: string) => Promise<void>;
  again: () => void;
  /** What others than the applicant do: the review, the bank. */
  play: (events: Event[], thenDone?: string) => Promise<void>;
}

/** The opening system, played by the phone: every step is told to the product as the firm's own would. */
export function useOpening(): Opening {
  const { holder, stage } = usePhoneContext();
  const { own, loading } = useOwnOpening();
  const language = useLanguage();
  const [said, setSaid] = useState<{ of: string | undefined; told: Told }>({
    of: holder.opening_id,
    told: { done: [] },
  });
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const told = useMemo(
    () => unheard(own, said.of === holder.opening_id ? said.told : { done: [] }),
    [own, said, holder.opening_id],
  );

  const guarded = useCallback(async (work: () => Promise<void>) => {
    setPending(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setPending(false);
    }
  }, []);
  const send = async (api: CustomerApi, opening_id: string, steps: Event[], applicant: Applicant = {}) => {
    const told = steps.map((step) => ({ ago_seconds: 0, ...step }));
    await customerWrite(api, "post", "/api/v1/demo/opening-steps", {
      body: { opening_id, steps: told, applicant },
    });
    refreshCustomer(api, PATH);
  };
  const tell = (change: (before: Told) => Told, of = holder.opening_id) =>
    setSaid({ of, told: change(told) });

  const begin = (staffCode: string | null) =>
    guarded(async () => {
      if (holder.api === undefined || holder.anonymous_id === undefined) return;
      const numbers = await write("post", PATH, { body: { arm: "person" } });
      const event = {
        event: "opening:visit",
        channel: staffCode ? "staff_qr" : "search",
        staff_code: staffCode,
      };
      await send(holder.api, numbers.opening_id, [event]);
      const visitor = { anonymous_id: holder.anonymous_id };
      const began = serverNow().toISOString();
      remember(holder.part, { ...visitor, opening_id: numbers.opening_id, number: numbers.user_id, began });
      setSaid({ of: numbers.opening_id, told: { done: [], failed: { step: "", reason: "" } } });
    });

  const done = (step: Step, more: Partial<Event> = {}, applicant: Applicant = {}) =>
    guarded(async () => {
      const { opening_id, anonymous_id } = holder;
      const event = step.done_by[0];
      if (holder.api === undefined || opening_id === undefined || event === undefined) return;
      const known = remembered()[holder.part];
      const user_id = known?.number;
      if (step.code === "phone" && anonymous_id !== undefined && user_id !== undefined) {
        const traits = {
          phone: phoneNumber(opening_id),
          city: cityOf(stage, more.branch_code),
          ...tongue(language),
        };
        await send(await tokenFor(user_id, anonymous_id), opening_id, [{ event, ...more }], traits);
        remember(holder.part, { ...known, anonymous_id, opening_id, user_id });
      } else await send(holder.api, opening_id, [{ event, ...more }], applicant);
      tell((before) => ({ done: [...before.done, step.code] }));
    });

  const enter = (step: Step) =>
    guarded(async () => {
      const event = step.started_by[0];
      if (holder.api === undefined || holder.opening_id === undefined || event === undefined) return;
      await send(holder.api, holder.opening_id, [{ event }]);
    });

  const fail = (step: Step, reason: string) =>
    guarded(async () => {
      const event = step.failed_by[0];
      if (holder.api === undefined || holder.opening_id === undefined || event === undefined) return;
      await send(holder.api, holder.opening_id, [{ event, reason }]);
      tell((before) => ({ ...before, failed: { step: step.code, reason } }));
    });

  const play = (events: Event[], thenDone?: string) =>
    guarded(async () => {
      if (holder.api === undefined || holder.opening_id === undefined) return;
      await send(holder.api, holder.opening_id, events);
      tell((before) => (thenDone ? { ...before, done: [...before.done, thenDone] } : { done: [] }));
    });

  const again = () => tell(({ done: kept }) => ({ done: kept }));
  return {
    loading,
    own,
    place: placeOf(own, told, stage.steps),
    problem,
    pending,
    begin,
    done,
    enter,
    fail,
    again,
    play,
  };
}

const tongue = (language: Language) => ({ language: language === "en" ? "en" : "zh-CN" });

function cityOf(
  stage: { branches: { code: string; city: string }[] },
  code: string | null | undefined,
): string | null {
  return stage.branches.find((branch) => branch.code === code)?.city ?? null;
}
