import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type Answer, type CustomerApi, Problem, useRead, write } from "../../../api";
import { customerConnection, type Live } from "../../../live";
import { newVisitor, onRemembered, type Part, remember, remembered, type Remembered } from "../people";
import { type Tracker, trackerFor } from "../tracking";

export type Stage = Answer<"/api/v1/demo/stage", "get">;

/** What the demo offers to play with; read once. */
export function useStage() {
  return useRead("/api/v1/demo/stage");
}

/** Somebody whose phone is held: who he is to the product, his calls and his live connection. */
export interface Holder {
  part: Part;
  user_id: string | undefined;
  anonymous_id: string | undefined;
  opening_id: string | undefined;
  age: number | undefined;
  api: CustomerApi | undefined;
  live: Live | undefined;
  tracker: Tracker;
  problem: Problem | undefined;
  /** Ask for a token again, after a problem. */
  again: () => void;
}

export interface PhoneContext {
  holder: Holder;
  stage: Stage;
  screen: string;
  go: (screen: string) => void;
  elder: boolean;
  setElder: (on: boolean) => void;
  /** The phone itself, over which sheets rise. */
  frame: HTMLElement | null;
}

const Context = createContext<PhoneContext | null>(null);
export const PhoneProvider = Context.Provider;

export function usePhoneContext(): PhoneContext {
  const found = useContext(Context);
  if (found === null) throw new Error("this stands inside a phone");
  return found;
}

/** What this browser remembers of a part; the same object until it changes. */
export function useRemembered(part: Part): Remembered | undefined {
  const text = useSyncExternalStore(onRemembered, () => JSON.stringify(remembered()[part] ?? null));
  return useMemo(() => (JSON.parse(text) as Remembered | null) ?? undefined, [text]);
}

/** Hold somebody's phone: his ids, a token from the demo's server, and a connection while it is on screen. */
export function useHolder(part: Part, stage: Stage): Holder {
  const known = useRemembered(part);
  const played = stage.personas.find((one) => one.part === part);
  const [stranger] = useState<Remembered>(() => ({ anonymous_id: newVisitor() }));
  const visitor = known ?? stranger;
  const user_id = played?.user_id ?? visitor.user_id;
  const anonymous_id = played ? undefined : visitor.anonymous_id;
  useEffect(() => {
    // Who starts over is somebody new: the forgotten visitor does not come back.
    if (!played && known === undefined) remember(part, { anonymous_id: newVisitor() });
  }, [part, played, known]);
  const [found, setFound] = useState<{ of: string; api: CustomerApi; live: Live }>();
  const [problem, setProblem] = useState<Problem>();
  const [round, setRound] = useState(0);
  const who = `${user_id ?? ""}|${anonymous_id ?? ""}`;
  useEffect(() => {
    let live: Live | undefined;
    let left = false;
    const body = { user_id: user_id ?? null, anonymous_id: anonymous_id ?? null };
    write("post", "/api/v1/demo/customer-session", { body }).then(
      ({ token, customer_id }) => {
        if (left) return;
        live = customerConnection(token);
        live.start();
        setProblem(undefined);
        setFound({ of: who, api: { token, customerId: customer_id }, live });
      },
      (error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        if (!left) setProblem(error);
      },
    );
    return () => {
      left = true;
      live?.stop();
    };
  }, [who, user_id, anonymous_id, round]);
  const tracker = useMemo(() => trackerFor(stage.write_key ?? null), [stage.write_key]);
  useEffect(() => {
    tracker.be({ ...(user_id && { userId: user_id }), ...(anonymous_id && { anonymousId: anonymous_id }) });
  }, [tracker, user_id, anonymous_id]);
  useEffect(() => () => tracker.stop(), [tracker]);
  const mine = found?.of === who ? found : undefined;
  return {
    part,
    user_id,
    anonymous_id,
    opening_id: known?.opening_id,
    age: played?.age,
    api: mine?.api,
    live: mine?.live,
    tracker,
    problem,
    again: () => {
      setProblem(undefined);
      setRound((times) => times + 1);
    },
  };
}
