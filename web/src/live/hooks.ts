import { useCallback, useSyncExternalStore } from "react";
import { serverClock } from "./clock";
import { Live, type Socket, type Status, type TopicView } from "./connection";

const clock = serverClock();

function address(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`;
}

/** A connection of its own; staff share `live`, the customer app opens one with its customer's token. */
export function connectionTo(url: () => string, protocols?: () => string[]): Live {
  return new Live({
    open: () => new WebSocket(url(), protocols?.()) as unknown as Socket,
    clock,
    local: () => performance.now(),
    random: Math.random,
    later: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}

export const live = connectionTo(address);

/**
 * How fast the product's time runs, asked by a connection of this customer's that lasts no longer: for pages where no
 * other tells it. Undefined where no answer comes.
 */
export function askSpeed(token: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(address(), ["bihuan.live", `token.${token}`]);
    socket.onmessage = (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as { op: string; factor?: number };
      if (message.op !== "time") return;
      resolve(message.factor);
      socket.close();
    };
    socket.onclose = () => resolve(undefined);
  });
}

/** A customer's own connection; browsers let a page give the token in no other way than as a protocol. */
export function customerConnection(token: string): Live {
  return connectionTo(address, () => ["bihuan.live", `token.${token}`]);
}

if (typeof window !== "undefined") {
  window.addEventListener("online", () => live.hurry());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") live.hurry();
  });
}

const IDLE: TopicView<unknown> = { rows: new Map(), state: "loading" };
const nothing = (): void => undefined;

/**
 * The rows of a live topic, kept up to date while the component is on screen; `null` subscribes to nothing.
 *
 *     const { rows, state } = useTopic<OpeningRow>(`openings:${branch}`);
 */
export function useTopic<R>(topic: string | null, connection: Live = live): TopicView<R> {
  const subscribe = useCallback(
    (listener: () => void) => (topic === null ? nothing : connection.subscribe(topic, listener)),
    [topic, connection],
  );
  return useSyncExternalStore(subscribe, () =>
    topic === null ? IDLE : connection.view(topic),
  ) as TopicView<R>;
}

export function useLiveStatus(connection: Live = live): Status {
  const subscribe = useCallback((listener: () => void) => connection.onStatus(listener), [connection]);
  return useSyncExternalStore(subscribe, () => connection.status());
}

/** The product's time: the server's, advanced by this browser at the server's speed. */
export function serverNow(): Date {
  return clock.now();
}

/** How many times as fast as the wall clock the product's time runs: 1 but in a demo. */
export function serverSpeed(): number {
  return clock.factor();
}

const tickers = new Set<() => void>();
let beat: ReturnType<typeof setInterval> | undefined;

function everySecond(listener: () => void): () => void {
  tickers.add(listener);
  beat ??= setInterval(() => {
    for (const tick of tickers) tick();
  }, 1000);
  return () => {
    tickers.delete(listener);
    if (tickers.size > 0) return;
    clearInterval(beat);
    beat = undefined;
  };
}

/** What `of` says of the server's time, looked at every second; renders again only when the answer differs. */
export function useServerTime<T extends string | number | boolean>(of: (now: Date) => T): T {
  return useSyncExternalStore(everySecond, () => of(clock.now()));
}
