import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { messageOf, trackerFor } from "./tracking";

interface Sent {
  batch: { event?: string; name?: string; userId?: string; anonymousId?: string; messageId: string }[];
}
let sent: Sent[];
let status: number;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  status = 200;
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body) as Sent);
    return Promise.resolve(new Response("{}", { status }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a message is what a stock SDK would send", () => {
  const at = new Date("2026-03-02T01:00:00Z");
  expect(messageOf("track", "News Read", { item: "x" }, { anonymousId: "a" }, at, "1")).toMatchObject({
    type: "track",
    event: "News Read",
    anonymousId: "a",
    messageId: "demo-app-1",
    timestamp: "2026-03-02T01:00:00.000Z",
  });
  expect(messageOf("screen", "home", {}, {}, at, "1")).toMatchObject({ type: "screen", name: "home" });
});

test("events go out together, each as whoever it was then", async () => {
  const tracker = trackerFor("key");
  tracker.be({ anonymousId: "a" });
  tracker.track("App Opened");
  tracker.be({ anonymousId: "a", userId: "u" });
  tracker.track("News Read");
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.map(({ batch }) => batch.map(({ userId }) => userId ?? null))).toEqual([[null, "u"]]);
});

test("a server that is busy gets the same again; one that refuses does not", async () => {
  const tracker = trackerFor("key");
  status = 503;
  tracker.track("App Opened");
  await vi.advanceTimersByTimeAsync(2000);
  expect(new Set(sent.map(({ batch }) => batch[0]?.messageId)).size).toBe(1);
  expect(sent.length).toBeGreaterThan(1);
  status = 401;
  await vi.advanceTimersByTimeAsync(1000);
  const tries = sent.length;
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent.length).toBe(tries);
});

test("without a key nothing is sent", async () => {
  trackerFor(null).track("App Opened");
  await vi.advanceTimersByTimeAsync(2000);
  expect(sent).toEqual([]);
});
