import { beforeEach, describe, expect, test } from "vitest";
import { serverClock } from "./clock";
import { backOff, Live, type Socket } from "./connection";
import { after, type Change, type Kept, ofSnapshot } from "./topic";

/** A small generator with a seed, so that a failing case can be run again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

function someChanges(random: () => number, from: number, count: number): Change[] {
  return Array.from({ length: count }, (_, index) => {
    const key = `k${Math.floor(random() * 8)}`;
    return [from + index + 1, key, random() < 0.3 ? null : { value: Math.floor(random() * 100) }] as const;
  });
}

/** What the server would put into a snapshot: a plain fold, written another way than the code under test. */
function snapshotAfter(rows: Record<string, unknown>, changes: readonly Change[]): Record<string, unknown> {
  const result = { ...rows };
  for (const [, key, row] of changes) {
    if (row === null) Reflect.deleteProperty(result, key);
    else result[key] = row;
  }
  return result;
}

describe("a topic", () => {
  test("snapshot + changes == new snapshot, however they are cut into messages", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = chance(seed);
      const changes = someChanges(random, 10, 40);
      const start = { k1: { value: 1 }, k9: { value: 9 } };
      let kept: Kept | "gap" = ofSnapshot(10, start);
      for (let at = 0; at < changes.length;) {
        const size = 1 + Math.floor(random() * 6);
        const overlap = Math.min(at, Math.floor(random() * 3)); // the server may send again what is known
        if (kept === "gap") throw new Error(`gap at seed ${seed}`);
        kept = after(kept, changes.slice(at - overlap, at + size));
        at += size;
      }
      if (kept === "gap") throw new Error(`gap at seed ${seed}`);
      expect(kept.number).toBe(50);
      expect(Object.fromEntries(kept.rows)).toEqual(snapshotAfter(start, changes));
    }
  });

  test("a missing change is a gap, never a guess", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = chance(seed);
      const changes = someChanges(random, 0, 12);
      const lost = Math.floor(random() * 11); // not the last: its loss shows only with the next change
      expect(after(ofSnapshot(0, {}), changes.toSpliced(lost, 1))).toBe("gap");
    }
  });

  test("changes that are known already change nothing", () => {
    const kept = ofSnapshot(5, { a: 1 });
    expect(after(kept, [[4, "a", null]])).toBe(kept);
    expect(after(kept, [])).toBe(kept);
  });
});

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: unknown[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
    this.onclose?.();
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

describe("the connection", () => {
  let sockets: FakeSocket[];
  let timers: { run: () => void; at: number; milliseconds: number }[];
  let live: Live;
  const latest = (): FakeSocket => sockets.at(-1) as FakeSocket;
  const fire = (milliseconds?: number): void => {
    const due = timers.filter((each) => milliseconds === undefined || each.milliseconds === milliseconds);
    timers = timers.filter((each) => !due.includes(each));
    for (const each of due) each.run();
  };

  beforeEach(() => {
    sockets = [];
    timers = [];
    live = new Live({
      open: () => {
        sockets.push(new FakeSocket());
        return latest();
      },
      clock: serverClock(() => 0),
      local: () => 0,
      random: () => 1,
      later: (run, milliseconds) => {
        const timer = { run, at: 0, milliseconds };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
    });
    live.start();
  });

  test("a topic loads, is live, pauses with its rows and resumes by number", () => {
    live.subscribe("cockpit", () => undefined);
    expect(live.view("cockpit").state).toBe("loading");
    latest().onopen?.();
    expect(latest().sent).toEqual([{ op: "subscribe", topic: "cockpit" }]);
    latest().say({ op: "snapshot", topic: "cockpit", number: 7, rows: { a: { n: 1 } } });
    latest().say({ op: "changes", topic: "cockpit", changes: [[8, "b", { n: 2 }]] });
    expect([...live.view("cockpit").rows.keys()]).toEqual(["a", "b"]);

    latest().close();
    expect(live.view("cockpit")).toMatchObject({ state: "paused" });
    expect(live.view("cockpit").rows.size).toBe(2);
    expect(live.status().state).toBe("paused");

    fire(500);
    latest().onopen?.();
    expect(latest().sent).toEqual([{ op: "subscribe", topic: "cockpit", from: 8 }]);
    latest().say({ op: "changes", topic: "cockpit", changes: [] });
    expect(live.view("cockpit").state).toBe("live");
  });

  test("a gap leads to a fresh snapshot, and the old rows stay until it comes", () => {
    live.subscribe("events", () => undefined);
    latest().onopen?.();
    latest().say({ op: "snapshot", topic: "events", number: 1, rows: { a: 1 } });
    latest().say({ op: "changes", topic: "events", changes: [[3, "c", 3]] });
    expect(latest().sent.at(-1)).toEqual({ op: "subscribe", topic: "events" });
    expect(live.view("events").rows.size).toBe(1);
    latest().say({ op: "snapshot", topic: "events", number: 3, rows: { b: 2, c: 3 } });
    expect([...live.view("events").rows.keys()]).toEqual(["b", "c"]);
  });

  test("a refusal is told with its problem", () => {
    live.subscribe("openings:all", () => undefined);
    latest().onopen?.();
    latest().say({
      op: "error",
      topic: "openings:all",
      problem: { type: "urn:bihuan:problem:scope", status: 403, title: "Not allowed", detail: "Ask." },
    });
    const view = live.view("openings:all");
    expect(view.state).toBe("refused");
    expect(view.problem?.code).toBe("scope");
  });

  test("silence counts as lost, and a topic nobody looks at is given up", () => {
    const leave = live.subscribe("cockpit", () => undefined);
    latest().onopen?.();
    leave();
    fire(3000);
    expect(latest().sent.at(-1)).toEqual({ op: "unsubscribe", topic: "cockpit" });
    fire(45_000);
    expect(live.status().state).toBe("paused");
    live.hurry();
    expect(sockets).toHaveLength(2);
  });
});

test("waits grow and stay under fifteen seconds", () => {
  expect(backOff(0, 0)).toBe(250);
  expect(backOff(3, 1)).toBe(4000);
  for (let attempt = 0; attempt < 40; attempt++) expect(backOff(attempt, 1)).toBeLessThanOrEqual(15_000);
});

test("the server's clock runs at its own speed", () => {
  let local = 1000;
  const clock = serverClock(
    () => local,
    () => 0,
  );
  clock.observe(new Date("2026-03-02T01:30:00Z"), 60, 1000);
  local = 2000;
  expect(clock.now().toISOString()).toBe("2026-03-02T01:31:00.000Z");
});
