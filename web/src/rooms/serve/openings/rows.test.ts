import { describe, expect, test } from "vitest";
import { joined, scopedTopics } from "../scoped";
import {
  deskRows,
  type DeskRow,
  figuresOf,
  fits,
  held,
  helpers,
  neighbour,
  type OpeningRow,
  type Rescue,
} from "./rows";

const row = (id: string, more: Partial<OpeningRow> = {}): OpeningRow => ({
  id,
  customer: "王**",
  customer_id: null,
  branch_id: null,
  channel: null,
  state: "under_way",
  step: "id",
  first_fact_at: "2026-03-02T01:00:00Z",
  last_fact_at: "2026-03-02T01:00:00Z",
  stuck_at: null,
  stuck_since: null,
  stuck_reason: null,
  times_stuck: 0,
  returned_step: null,
  returned_reason: null,
  ...more,
});
const rescue = (more: Partial<Rescue>) => ({ state: "open", staff_id: null, ...more }) as Rescue;
const map = (rows: OpeningRow[]) => new Map(rows.map((each) => [each.id, each]));

test("given to whoever is on duty in the branch or for the whole firm, and does not have it already", () => {
  const one = (staff_id: string, branch_id: string | null, state: string) => ({
    staff_id,
    branch_id,
    state,
    name: staff_id,
  });
  const all = [
    one("away", "b1", "away"),
    one("here", "b1", "online"),
    one("gone", "b1", "offline"),
    one("elsewhere", "b2", "online"),
    one("firm", null, "online"),
    one("has it", "b1", "online"),
  ];
  const found = helpers(all, { branch_id: "b1", staff_id: "has it" });
  expect(found.map((each) => each.staff_id)).toEqual(["firm", "here", "away"]);
});

test("own rows first, then the freshest to take, then the others, then whose clock runs out soonest", () => {
  const rows = [
    row("calm"),
    row("soon", { stuck_at: "2026-03-02T02:00:00Z" }),
    row("held", { stuck_since: "2026-03-02T01:50:00Z" }),
    row("old", { stuck_since: "2026-03-02T01:10:00Z" }),
    row("old2", { stuck_since: "2026-03-02T01:10:00Z" }),
    row("fresh", { stuck_since: "2026-03-02T01:30:00Z" }),
    row("mine", { stuck_since: "2026-03-02T01:00:00Z" }),
  ];
  const rescues = new Map([
    ["old", rescue({})],
    ["old2", rescue({})],
    ["fresh", rescue({})],
    ["held", rescue({ state: "held" })],
    ["mine", rescue({ state: "taken", staff_id: "me" })],
  ]);
  const order = ["mine", "fresh", "old", "old2", "held", "soon", "calm"];
  expect(deskRows(map(rows), rescues, "me").map(({ id }) => id)).toEqual(order);
  expect(deskRows(map(rows.toReversed()), rescues, "me").map(({ id }) => id)).toEqual(order);
});

test("under the pointer nothing moves: what leaves goes, what comes waits", () => {
  const rows = deskRows(map([row("a"), row("b"), row("new")]), new Map(), "me");
  const calm = held(rows, ["b", "gone", "a"]);
  expect(calm.rows.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(calm.waiting).toBe(1);
  expect(held(rows, null).rows).toBe(rows);
});

describe("filters", () => {
  const rows: DeskRow[] = deskRows(
    map([
      row("free", { stuck_since: "2026-03-02T01:30:00Z" }),
      row("mine", { stuck_since: "2026-03-02T01:20:00Z", state: "sent_back", step: "bank" }),
      row("calm"),
    ]),
    new Map([
      ["free", rescue({})],
      ["mine", rescue({ state: "taken", staff_id: "me" })],
    ]),
    "me",
  );
  const found = (filter: Partial<Parameters<typeof fits>[1]>) =>
    rows
      .filter((each) => fits(each, { tab: "all", shown: "", step: "", me: "me", ...filter }))
      .map(({ id }) => id);

  test.each([
    [{}, ["mine", "free", "calm"]],
    [{ tab: "sent_back" as const }, ["mine"]],
    [{ shown: "stuck" as const }, ["mine", "free"]],
    [{ shown: "free" as const }, ["free"]],
    [{ shown: "mine" as const }, ["mine"]],
    [{ shown: "mine" as const, me: "other" }, []],
    [{ step: "bank" }, ["mine"]],
  ])("%o", (filter, ids) => expect(found(filter)).toEqual(ids));

  test("figures", () => {
    expect(figuresOf(rows, "me")).toEqual({ stuck: 2, free: 1, mine: 1, longest: "2026-03-02T01:20:00Z" });
    expect(figuresOf([], "me")).toEqual({ stuck: 0, free: 0, mine: 0, longest: null });
  });
});

test("J and K stop at the ends and begin at the top", () => {
  const keys = ["a", "b", "c"];
  expect(neighbour(keys, null, 1)).toBe("a");
  expect(neighbour(keys, "a", 1)).toBe("b");
  expect(neighbour(keys, "c", 1)).toBe("c");
  expect(neighbour(keys, "a", -1)).toBe("a");
  expect(neighbour(keys, "gone", -1)).toBe("a");
  expect(neighbour([], "a", 1)).toBeNull();
});

describe("topics of a data scope", () => {
  test("who sees all has one, who sees several branches one of each, a chosen branch alone", () => {
    expect(scopedTopics("openings", "", null)).toEqual(["openings:all"]);
    expect(scopedTopics("openings", "", ["b1", "b2"])).toEqual(["openings:b1", "openings:b2"]);
    expect(scopedTopics("openings", "b2", null)).toEqual(["openings:b2"]);
  });

  test("joined they are as good as the worst of them", () => {
    const view = (state: "live" | "paused", key: string) => ({ state, rows: new Map([[key, 1]]) });
    const both = joined([view("live", "a"), view("paused", "b")]);
    expect(both.state).toBe("paused");
    expect([...both.rows.keys()]).toEqual(["a", "b"]);
    expect(joined([])).toMatchObject({ state: "live", rows: new Map() });
  });
});
