import { describe, expect, test } from "vitest";
import {
  afterPause,
  type Enquiry,
  heartbeat,
  heldInOrder,
  lastQuestion,
  matching,
  type Message,
  offersInOrder,
  secondsLeft,
  takers,
  thread,
} from "./lists";

const enquiry = (id: string, more: Partial<Enquiry>) => ({ id, awaiting_since: null, ...more }) as Enquiry;
const message = (number: number, more: Partial<Message> = {}) =>
  ({
    number,
    author: "customer",
    text: `m${number}`,
    client_id: null,
    at: "2026-03-02T01:00:00Z",
    ...more,
  }) as Message;
const ids = (found: Enquiry[]) => found.map(({ id }) => id);

test("whose customer waits longest is offered first", () => {
  const offers = [
    enquiry("late", { person_asked_at: "2026-03-02T01:05:00Z" }),
    enquiry("early", { person_asked_at: null, asked_at: "2026-03-02T01:01:00Z" }),
  ];
  expect(ids(offersInOrder(offers))).toEqual(["early", "late"]);
});

test("customers who wait for an answer come before those who do not", () => {
  const held = [
    enquiry("spoken", { last_at: "2026-03-02T01:09:00Z" }),
    enquiry("spoken-last", { last_at: "2026-03-02T01:10:00Z" }),
    enquiry("waits", { awaiting_since: "2026-03-02T01:08:00Z", last_at: "2026-03-02T01:08:00Z" }),
    enquiry("waits-longer", { awaiting_since: "2026-03-02T01:02:00Z", last_at: "2026-03-02T01:02:00Z" }),
  ];
  expect(ids(heldInOrder(held))).toEqual(["waits-longer", "waits", "spoken-last", "spoken"]);
});

test("a conversation is handed to whoever is online, licensed where needed, and has room", () => {
  const who = (staff_id: string, more = {}) => ({
    staff_id,
    state: "online",
    licensed: true,
    load: 1,
    capacity: 3,
    ...more,
  });
  const all = [
    who("me"),
    who("full", { load: 3 }),
    who("busy", { load: 2 }),
    who("idle", { load: 0 }),
    who("away", { state: "away" }),
    who("unlicensed", { licensed: false }),
  ];
  const found = takers(all, { owner_id: "me", needs_licence: true }, "me");
  expect(found.map(({ who: one, room }) => [one.staff_id, room])).toEqual([
    ["idle", true],
    ["busy", true],
    ["full", false],
  ]);
});

describe("time that runs faster than the wall's", () => {
  const now = new Date("2026-03-02T01:00:00Z");
  test.each([
    ["2026-03-02T01:00:45Z", 1, 45],
    ["2026-03-02T01:00:45Z", 20, 3],
    ["2026-03-02T00:59:00Z", 1, 0],
    [null, 1, 0],
  ])("%s at %d", (until, speed, seconds) => expect(secondsLeft(until, now, speed)).toBe(seconds));

  test("a sign of life goes out well before half an hour of product time, but not every second", () => {
    for (const speed of [1, 5, 20, 60]) expect(heartbeat(speed) * speed).toBeLessThan(1800);
    expect(heartbeat(1)).toBe(120);
  });
});

test("one's own message is shown at once and only once", () => {
  const outgoing = [
    { client_id: "c1", text: "one", failed: false },
    { client_id: "c2", text: "two", failed: false },
  ];
  const found = thread([message(2, { client_id: "c1" }), message(1)], outgoing);
  expect(found.said.map(({ number }) => number)).toEqual([1, 2]);
  expect(found.outgoing.map(({ client_id }) => client_id)).toEqual(["c2"]);
});

test("a clock stands over the first message and after a pause", () => {
  expect(afterPause(undefined, message(1))).toBe(true);
  expect(afterPause(message(1), message(2, { at: "2026-03-02T01:04:00Z" }))).toBe(false);
  expect(afterPause(message(1), message(2, { at: "2026-03-02T01:06:00Z" }))).toBe(true);
});

test("an answer is sought for the customer's last words", () => {
  expect(lastQuestion([message(1), message(2), message(3, { author: "staff" })])).toBe("m2");
  expect(lastQuestion([])).toBeUndefined();
});

test("all words after the slash must be found", () => {
  const entries = [
    { topic: "commission", phrasings_zh: ["佣金多少"], phrasings_en: ["how much is the commission"] },
    { topic: "fees", phrasings_zh: ["印花税多少"], phrasings_en: ["stamp duty"] },
  ];
  expect(matching(entries, "多少").length).toBe(2);
  expect(matching(entries, "多少 duty").map(({ topic }) => topic)).toEqual(["fees"]);
  expect(matching(entries, "").length).toBe(2);
});
