import { useMemo, useSyncExternalStore } from "react";

/** An application that a story plays. */
export interface Played {
  opening_id: string;
  user_id: string;
  anonymous_id: string;
}

/** Where somebody is in the tour; kept by the browser, because the tour leads over many pages. */
export interface Memory {
  /** The product this is about, by its write key: another data folder is another product. */
  product: string;
  on: boolean;
  folded: boolean;
  story: string;
  /** Story -> the application played for it. */
  played: Readonly<Record<string, Played>>;
  /** `story/scene` of scenes that were ticked off by hand. */
  seen: readonly string[];
  /** How fast time ran before the tour slowed it down; absent while it runs as it did. */
  pace?: number;
}

const KEY = "bihuan.demo.tour";
const unplayed = { story: "", played: {}, seen: [], pace: undefined };
const fresh: Memory = { product: "", on: false, folded: false, ...unplayed };

/** The beginning of the tour in this product, as far as nothing of it was played here. */
export function anew(product: string): Partial<Memory> {
  return { product, ...unplayed };
}

/** What was stored, or the beginning of the tour where that is nothing or was edited. */
export function parsed(text: string | null): Memory {
  try {
    const found: unknown = JSON.parse(text ?? "{}");
    return { ...fresh, ...(found && typeof found === "object" ? found : {}) };
  } catch {
    return fresh;
  }
}

let kept = "{}";
const listeners = new Set<() => void>();

function text(): string {
  try {
    return localStorage.getItem(KEY) ?? kept;
  } catch {
    return kept; // no storage: the tour lasts as long as the page
  }
}

export function change(more: Partial<Memory>): void {
  kept = JSON.stringify({ ...parsed(text()), ...more });
  try {
    localStorage.setItem(KEY, kept);
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const other = (event: StorageEvent) => event.key === KEY && listener();
  listeners.add(listener);
  window.addEventListener("storage", other);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", other);
  };
}

export function useMemory(): Memory {
  const found = useSyncExternalStore(subscribe, text);
  return useMemo(() => parsed(found), [found]);
}
