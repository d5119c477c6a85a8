import { expect, test } from "vitest";
import { draftOf, EMPTY, type Entry, entryOf, linesOf, unanswered } from "./entries";

test("wordings are lines, each once", () => {
  expect(linesOf(" 佣金多少 \n\n佣金怎么算\n佣金多少")).toEqual(["佣金多少", "佣金怎么算"]);
});

test("what an entry says survives the form", () => {
  const entry = {
    id: "1",
    topic: "fees",
    phrasings_zh: ["印花税多少", "过户费"],
    phrasings_en: ["stamp duty"],
    answer_zh: "答",
    answer_en: "answer",
    valid_from: "2026-03-01",
    valid_to: null,
  } as Entry;
  expect(entryOf(draftOf(entry), "1")).toEqual({
    topic: "fees",
    phrasings_zh: ["印花税多少", "过户费"],
    phrasings_en: ["stamp duty"],
    answer_zh: "答",
    answer_en: "answer",
    valid_from: "2026-03-01",
    valid_to: null,
    replaces: "1",
  });
  expect(entryOf(EMPTY, null).valid_from).toBeNull();
});

test("questions left to people are counted by their wording", () => {
  const asked = (question: string, asked_at: string, topic = "other", origin = "customer") =>
    ({ question, asked_at, topic, origin, language: "zh" }) as Parameters<typeof unanswered>[0][number];
  const found = unanswered([
    asked("协议太长了", "2026-03-02T01:00:00Z"),
    asked("佣金多少", "2026-03-02T01:01:00Z", "commission"),
    asked("怎么转户", "2026-03-02T01:02:00Z"),
    asked("协议太长了", "2026-03-02T01:03:00Z"),
    asked("您好", "2026-03-02T01:04:00Z", "other", "rescue"),
  ]);
  expect(found.map(({ question, times }) => [question, times])).toEqual([
    ["协议太长了", 2],
    ["怎么转户", 1],
  ]);
});
