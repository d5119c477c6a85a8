import { useSyncExternalStore } from "react";

/** What a person chose for this browser. What a page shows is in its URL, never here. */
export interface Preferences {
  language: "zh" | "en";
  theme: "light" | "dark" | "system";
  /** Colour of rising prices. A-shares: red is up. `auto` follows the language. */
  rising: "auto" | "red" | "green";
  railFolded: boolean;
  /** Table name -> ids of the columns that are hidden. */
  hiddenColumns: Readonly<Record<string, readonly string[]>>;
}

const KEY = "bihuan.preferences";
const initial: Preferences = {
  language: "zh",
  theme: "system",
  rising: "auto",
  railFolded: false,
  hiddenColumns: {},
};

function stored(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
  } catch {
    return {}; // no storage (private window, tests) or an edited value: the defaults are fine
  }
}

let current: Preferences = { ...initial, ...stored() };
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function preferences(): Preferences {
  return current;
}

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener();
}

export function usePreference<K extends keyof Preferences>(name: K): Preferences[K] {
  return useSyncExternalStore(subscribe, () => current[name]);
}

export { subscribe as onPreference };
