import { useCallback, useMemo, useRef, useSyncExternalStore } from "react";
import { useStaff } from "../../api";
import { live, type TopicState, type TopicView } from "../../live";

/** The topics of several branches as one, in the worst of their states; of no branch: live, and empty. */
export function joined<R>(views: readonly TopicView<R>[]): TopicView<R> {
  const rank: readonly TopicState[] = ["refused", "paused", "loading"];
  const state = rank.find((each) => views.some((view) => view.state === each)) ?? "live";
  const problem = views.find((view) => view.problem)?.problem;
  if (views.length === 1 && views[0]) return views[0];
  return { rows: new Map(views.flatMap((view) => [...view.rows])), state, problem };
}

/** The topics that hold what this person sees: of the chosen branch, of all at once, or of each of his branches. */
export function scopedTopics(prefix: string, branch: string, seen: readonly string[] | null): string[] {
  if (branch !== "") return [`${prefix}:${branch}`];
  return seen === null ? [`${prefix}:all`] : seen.map((id) => `${prefix}:${id}`);
}

/** Rows of `prefix:<branch>` topics within the data scope, as one topic. */
export function useScopedTopic<R>(prefix: string, branch = ""): TopicView<R> {
  const { branch_ids: seen } = useStaff();
  const names = useMemo(() => scopedTopics(prefix, branch, seen), [prefix, branch, seen]);
  const kept = useRef<{ views: readonly TopicView<unknown>[]; joined: TopicView<unknown> }>(undefined);
  const subscribe = useCallback(
    (listener: () => void) => {
      const leave = names.map((name) => live.subscribe(name, listener));
      return () => leave.forEach((each) => each());
    },
    [names],
  );
  const look = () => {
    const views = names.map((name) => live.view(name));
    const before = kept.current;
    if (
      before &&
      before.views.length === views.length &&
      views.every((view, at) => view === before.views[at])
    )
      return before.joined;
    kept.current = { views, joined: joined(views) };
    return kept.current.joined;
  };
  return useSyncExternalStore(subscribe, look) as TopicView<R>;
}
