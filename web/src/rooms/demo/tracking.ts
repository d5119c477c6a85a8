import { newKey } from "../../api";
import { serverNow } from "../../live";

/** One message of the tracking wire, as a stock SDK would send it. */
export interface Tracked {
  type: "track" | "page" | "screen";
  event?: string;
  name?: string;
  properties: Record<string, unknown>;
  userId?: string;
  anonymousId?: string;
  messageId: string;
  timestamp: string;
  context: { library: { name: string; version: string }; page: { path: string } };
}

export interface Who {
  userId?: string;
  anonymousId?: string;
}

export interface Tracker {
  /** Whose events they are from now on. */
  be: (who: Who) => void;
  track: (event: string, properties?: Record<string, unknown>) => void;
  screen: (name: string) => void;
  /** Send what is queued now. */
  flush: () => Promise<void>;
  stop: () => void;
}

const EVERY_MS = 1000;
const MOST = 100;

export function messageOf(
  type: Tracked["type"],
  name: string,
  properties: Record<string, unknown>,
  who: Who,
  at: Date,
  id: string,
): Tracked {
  return {
    type,
    ...(type === "track" ? { event: name } : { name }),
    properties,
    ...who,
    messageId: `demo-app-${id}`,
    timestamp: at.toISOString(),
    context: { library: { name: "bihuan-demo-app", version: "1" }, page: { path: "/demo/app" } },
  };
}

/** Queues and sends in batches with the write key; what could not be sent is sent with the next batch. */
export function trackerFor(writeKey: string | null): Tracker {
  let who: Who = {};
  let queue: Tracked[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = queue.slice(0, MOST);
    if (batch.length === 0) return;
    try {
      const response = await fetch("/v1/batch", {
        method: "POST",
        keepalive: true,
        credentials: "omit",
        headers: { "Content-Type": "application/json", Authorization: `Basic ${btoa(`${writeKey}:`)}` },
        body: JSON.stringify({ batch, sentAt: serverNow().toISOString() }),
      });
      // What the server refuses for good is not sent for ever.
      const refused = response.status >= 400 && response.status < 500 && response.status !== 429;
      if (response.ok || refused) queue = queue.slice(batch.length);
    } catch {
      // The next batch takes it along.
    }
    if (queue.length > 0) plan();
  };
  const plan = () => {
    timer ??= setTimeout(() => void flush(), EVERY_MS);
  };
  const add = (type: Tracked["type"], name: string, properties: Record<string, unknown>) => {
    if (writeKey === null) return;
    queue.push(messageOf(type, name, properties, who, serverNow(), newKey()));
    plan();
  };
  return {
    be: (next) => {
      who = next;
    },
    track: (event, properties = {}) => add("track", event, properties),
    screen: (name) => add("screen", name, { screen: name }),
    flush,
    stop: () => void flush(),
  };
}
