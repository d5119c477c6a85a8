import { useEffect } from "react";
import { type Answer, useStaff, useWrite, write } from "../../../api";
import { serverSpeed } from "../../../live";
import { useTell } from "../../../ui";
import { heartbeat } from "../enquiries/lists";
import { useScopedTopic } from "../scoped";

export type Presence = Answer<"/api/v1/presence", "get">["items"][number];
export type PresenceState = Presence["state"];

/** What the product takes this person to be, and how to say otherwise. */
export function usePresence() {
  const me = useStaff().id;
  const tell = useTell();
  const { rows, state: topic } = useScopedTopic<Presence>("presence");
  const mine = rows.get(me);
  const state: PresenceState = mine?.state ?? "offline";
  const writing = useWrite("put", "/api/v1/presence", { onProblem: tell.problem });
  const say = (next: PresenceState, capacity?: number) =>
    writing.run({ body: { state: next, capacity: capacity ?? null } });
  return {
    state,
    loading: topic === "loading",
    load: mine?.load ?? 0,
    capacity: mine?.capacity,
    say,
    pending: writing.pending,
    colleagues: rows,
  };
}

/** A sign of life while somebody is on duty. Stands once, in the bar that is on every page. */
export function useHeartbeat(state: PresenceState): void {
  useEffect(() => {
    if (state === "offline") return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const beat = () => {
      timer = setTimeout(
        () => {
          // One that is lost does no harm: the next comes in time, and the page says when the server is away.
          void write("put", "/api/v1/presence", { body: { state } }).catch(() => undefined);
          beat();
        },
        heartbeat(serverSpeed()) * 1000,
      );
    };
    beat();
    return () => clearTimeout(timer);
  }, [state]);
}
