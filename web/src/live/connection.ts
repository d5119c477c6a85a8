import { Problem, type ProblemBody } from "../api/problem";
import type { ServerClock } from "./clock";
import { after, type Change, type Kept, ofSnapshot } from "./topic";

/** `paused`: shown rows are as old as the connection's end. `refused`: the server said no, with a problem. */
export type TopicState = "loading" | "live" | "paused" | "refused";

export interface TopicView<R> {
  readonly rows: ReadonlyMap<string, R>;
  readonly state: TopicState;
  readonly problem?: Problem;
}

export interface Status {
  readonly state: "off" | "connecting" | "live" | "paused";
  /** When the connection was lost, by the server's clock. */
  readonly since?: Date;
}

/** The part of a WebSocket that is used, so that tests can stand in for it. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Surroundings {
  open: () => Socket;
  clock: ServerClock;
  local: () => number;
  random: () => number;
  later: (run: () => void, milliseconds: number) => () => void;
}

type FromServer =
  | { op: "snapshot"; topic: string; number: number; rows: Record<string, unknown> }
  | { op: "changes"; topic: string; changes: Change[] }
  | { op: "error"; topic: string; problem: ProblemBody }
  | { op: "time"; now: string; factor: number };

interface Topic {
  listeners: Set<() => void>;
  kept?: Kept;
  view: TopicView<unknown>;
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();
const LOADING: TopicView<unknown> = { rows: NOTHING, state: "loading" };
// The server tells its time every 15 s; three times unheard, the connection is dead although nobody closed it.
const SILENCE_MS = 45_000;
// A topic left for another page and come back to at once keeps its subscription.
const LINGER_MS = 3_000;

/** Milliseconds before try number `attempt` (from 0): doubling to 15 s, the half of it by chance. */
export function backOff(attempt: number, random: number): number {
  return Math.min(15_000, 500 * 2 ** attempt) * (0.5 + random / 2);
}

/** The one WebSocket of a browser: subscribe to topics, resume by number, reconnect by itself. */
export class Live {
  private readonly around: Surroundings;
  private readonly topics = new Map<string, Topic>();
  private readonly statusListeners = new Set<() => void>();
  private socket: Socket | undefined;
  private open = false;
  private wanted = false;
  private attempt = 0;
  private cancelRetry: (() => void) | undefined;
  private cancelSilence: (() => void) | undefined;
  private now: Status = { state: "off" };

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** Connect and stay connected until `stop`. */
  start(): void {
    this.wanted = true;
    if (this.socket === undefined) this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.cancelRetry?.();
    this.cancelSilence?.();
    const socket = this.socket;
    this.socket = undefined;
    this.open = false;
    if (socket !== undefined) {
      socket.onclose = null;
      socket.close();
    }
    this.topics.clear();
    this.become({ state: "off" });
  }

  /** Try now, for the moment at which the network or the window comes back. */
  hurry(): void {
    if (!this.wanted || this.open || this.cancelRetry === undefined) return;
    this.attempt = 0;
    this.connect();
  }

  subscribe(name: string, listener: () => void): () => void {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = { listeners: new Set(), view: LOADING };
      this.topics.set(name, topic);
      this.ask(name, topic);
    }
    const kept = topic;
    kept.listeners.add(listener);
    return () => {
      kept.listeners.delete(listener);
      if (kept.listeners.size > 0) return;
      this.around.later(() => this.forget(name, kept), LINGER_MS);
    };
  }

  view(name: string): TopicView<unknown> {
    return this.topics.get(name)?.view ?? LOADING;
  }

  onStatus(listener: () => void): () => void {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  }

  status(): Status {
    return this.now;
  }

  private forget(name: string, topic: Topic): void {
    if (topic.listeners.size > 0 || this.topics.get(name) !== topic) return;
    this.topics.delete(name);
    this.send({ op: "unsubscribe", topic: name });
  }

  private connect(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    if (this.now.state !== "paused") this.become({ state: "connecting" });
    const socket = this.around.open();
    this.socket = socket;
    socket.onopen = () => {
      this.open = true;
      this.attempt = 0;
      this.heard();
      this.become({ state: "live" });
      for (const [name, topic] of this.topics) this.ask(name, topic);
    };
    socket.onmessage = (event) => {
      this.heard();
      this.take(JSON.parse(event.data) as FromServer);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  private lost(): void {
    this.socket = undefined;
    this.open = false;
    this.cancelSilence?.();
    const since = this.now.state === "paused" ? this.now.since : this.around.clock.now();
    this.become({ state: "paused", since });
    for (const topic of this.topics.values())
      if (topic.view.state === "live") this.show(topic, { ...topic.view, state: "paused" });
    this.cancelRetry = this.around.later(() => this.connect(), backOff(this.attempt++, this.around.random()));
  }

  private heard(): void {
    this.cancelSilence?.();
    this.cancelSilence = this.around.later(() => {
      const socket = this.socket;
      if (socket === undefined) return;
      socket.onclose = null;
      socket.close();
      this.lost();
    }, SILENCE_MS);
  }

  private ask(name: string, topic: Topic): void {
    this.send({ op: "subscribe", topic: name, ...(topic.kept && { from: topic.kept.number }) });
  }

  private take(message: FromServer): void {
    if (message.op === "time") {
      this.around.clock.observe(new Date(message.now), message.factor, this.around.local());
      return;
    }
    const topic = this.topics.get(message.topic);
    if (topic === undefined) return; // left meanwhile
    if (message.op === "error") {
      this.show(topic, { rows: topic.view.rows, state: "refused", problem: Problem.of(message.problem) });
      return;
    }
    const kept =
      message.op === "snapshot"
        ? ofSnapshot(message.number, message.rows)
        : topic.kept === undefined
          ? "gap"
          : after(topic.kept, message.changes);
    if (kept === "gap") {
      topic.kept = undefined; // rows stay on screen until the fresh snapshot replaces them
      this.ask(message.topic, topic);
      return;
    }
    const same = topic.kept === kept && topic.view.state === "live";
    topic.kept = kept;
    if (!same) this.show(topic, { rows: kept.rows, state: "live" });
  }

  private show(topic: Topic, view: TopicView<unknown>): void {
    topic.view = view;
    for (const listener of topic.listeners) listener();
  }

  private become(status: Status): void {
    this.now = status;
    for (const listener of this.statusListeners) listener();
  }

  private send(message: object): void {
    if (this.open) this.socket?.send(JSON.stringify(message));
  }
}
