import { useEffect, useRef, useState } from "react";
import { type Answer, customerWrite, Problem } from "../../../api";
import { usePhoneContext } from "./holder";

export type Decided = Answer<"/api/v1/decide", "post">;
export type SlotAnswer = Decided["slots"][number];
export type Item = SlotAnswer["items"][number];

export const HOME_SLOTS = ["home.banner", "home.functions", "home.cards", "home.news"];
const ELDER_FUNCTIONS = 4;

/** What a slot shows; in large type fewer functions, and none of the news. */
export function itemsOf(decided: Decided | undefined, slot: string, elder: boolean): Item[] {
  const items = decided?.slots.find((each) => each.slot === slot)?.items ?? [];
  if (!elder) return items;
  if (slot === "home.news") return [];
  return slot === "home.functions" ? items.slice(0, ELDER_FUNCTIONS) : items;
}

/** Every item of an answer with the slot it stands in. */
export function shownOf(decided: Decided): { slot: string; item: string }[] {
  return decided.slots.flatMap(({ slot, items }) => items.map(({ item }) => ({ slot, item })));
}

export interface Deciding {
  decided: Decided | undefined;
  /** Why nothing could be decided; `again` tries once more. */
  problem: Problem | undefined;
  again: () => void;
}

/** Have slots decided now for whoever holds the phone, and tell that they were shown. */
export function useDecided(slots: readonly string[], step?: string): Deciding {
  const { holder } = usePhoneContext();
  const { api, tracker } = holder;
  const wanted = slots.join();
  const [found, setFound] = useState<{ of: string; decided?: Decided; problem?: Problem }>();
  const [round, setRound] = useState(0);
  const key = `${api?.customerId}|${wanted}|${step ?? ""}`;
  const latest = useRef(tracker);
  useEffect(() => {
    latest.current = tracker;
  }, [tracker]);
  useEffect(() => {
    if (api === undefined) return undefined;
    let left = false;
    const body = { slots: wanted.split(","), context: { topics: [], step: step ?? null } };
    customerWrite(api, "post", "/api/v1/decide", { body }).then(
      (decided) => {
        if (left) return;
        setFound({ of: key, decided });
        latest.current.track("Slots Shown", {
          decision_id: decided.decision_id,
          items: shownOf(decided).map(({ item }) => item),
        });
      },
      (problem: unknown) => {
        if (!(problem instanceof Problem)) throw problem;
        // What was shown before stays.
        if (!left)
          setFound((before) => (before?.of === key && before.decided ? before : { of: key, problem }));
      },
    );
    return () => {
      left = true;
    };
  }, [api, wanted, step, key, round]);
  const mine = found?.of === key ? found : undefined;
  return {
    decided: mine?.decided,
    problem: mine?.problem,
    again: () => {
      setFound((before) => (before?.decided ? before : undefined));
      setRound((times) => times + 1);
    },
  };
}
