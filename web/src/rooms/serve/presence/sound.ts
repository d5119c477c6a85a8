import { useSyncExternalStore } from "react";

const KEY = "bihuan.offerSound";
const listeners = new Set<() => void>();

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

let on = stored();
let context: AudioContext | undefined;

/** Two short notes. Browsers allow them once the person has clicked somewhere; before that nothing sounds. */
export function ring(): void {
  if (!on || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  const start = context.currentTime;
  for (const [at, pitch] of [
    [0, 660],
    [0.16, 880],
  ] as const) {
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start + at);
    volume.gain.exponentialRampToValueAtTime(0.12, start + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + at + 0.15);
    note.connect(volume).connect(context.destination);
    note.start(start + at);
    note.stop(start + at + 0.16);
  }
}

/** Whether offers sound in this browser, and how to change it; turning it on lets one hear it. */
export function useSound(): [boolean, (next: boolean) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => on,
  );
  const set = (next: boolean) => {
    on = next;
    try {
      localStorage.setItem(KEY, next ? "1" : "0");
    } catch {
      // Kept for this page only.
    }
    for (const listener of listeners) listener();
    if (next) ring();
  };
  return [value, set];
}
