import type { Answer, Input } from "../../../api";

export type Entry = Answer<"/api/v1/knowledge", "get">["items"][number];
export type EntryIn = NonNullable<Input<"/api/v1/knowledge", "post">["body"]>;
type Enquiry = Answer<"/api/v1/enquiries", "get">["items"][number];

/** The form's fields: wordings one a line, days as the calendar field gives them. */
export interface Draft {
  topic: string;
  phrasings_zh: string;
  phrasings_en: string;
  answer_zh: string;
  answer_en: string;
  valid_from: string;
  valid_to: string;
}

export const EMPTY: Draft = {
  topic: "",
  phrasings_zh: "",
  phrasings_en: "",
  answer_zh: "",
  answer_en: "",
  valid_from: "",
  valid_to: "",
};

/** Lines without blanks round them, none of them empty or twice. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()))].filter(Boolean);
}

export function draftOf(entry: Entry): Draft {
  return {
    topic: entry.topic,
    phrasings_zh: entry.phrasings_zh.join("\n"),
    phrasings_en: entry.phrasings_en.join("\n"),
    answer_zh: entry.answer_zh,
    answer_en: entry.answer_en,
    valid_from: entry.valid_from ?? "",
    valid_to: entry.valid_to ?? "",
  };
}

/** What is sent; `replaces` is the entry in force that this one succeeds. */
export function entryOf(draft: Draft, replaces: string | null): EntryIn {
  return {
    topic: draft.topic.trim(),
    phrasings_zh: linesOf(draft.phrasings_zh),
    phrasings_en: linesOf(draft.phrasings_en),
    answer_zh: draft.answer_zh.trim(),
    answer_en: draft.answer_en.trim(),
    valid_from: draft.valid_from || null,
    valid_to: draft.valid_to || null,
    replaces,
  };
}

/** Questions that came near no entry: each wording once, the latest first, with how often it was asked. */
export function unanswered(
  enquiries: readonly Enquiry[],
): { question: string; times: number; at: string; language: string }[] {
  const found = new Map<string, { question: string; times: number; at: string; language: string }>();
  for (const { topic, question, asked_at, language, origin } of enquiries) {
    if (topic !== "other" || origin !== "customer") continue;
    const before = found.get(question);
    const at = before && before.at > asked_at ? before.at : asked_at;
    found.set(question, { question, times: (before?.times ?? 0) + 1, at, language });
  }
  return [...found.values()].sort((one, other) => (one.at < other.at ? 1 : -1));
}
