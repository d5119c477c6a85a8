import { expect, test } from "vitest";
import { type Hit, pieces } from "./pieces";

test("nothing of the text is lost, and every minded letter is marked", () => {
  let state = 3;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const severities = ["block", "ask", "warn"] as const;
  for (let round = 0; round < 200; round++) {
    const text = "保本保收益，稳赚不赔 guaranteed".slice(0, 1 + Math.floor(random() * 20));
    const hits: Hit[] = Array.from({ length: Math.floor(random() * 4) }, () => {
      const start = Math.floor(random() * text.length);
      const severity = severities[Math.floor(random() * 3)] ?? "warn";
      return { start, end: start + 1 + Math.floor(random() * 5), severity };
    });
    const found = pieces(text, hits);
    expect(found.map((piece) => piece.text).join("")).toBe(text);
    let at = 0;
    for (const piece of found) {
      for (let letter = at; letter < at + piece.text.length; letter++)
        expect(hits.some((hit) => hit.start <= letter && letter < hit.end)).toBe(
          piece.severity !== undefined,
        );
      at += piece.text.length;
    }
  }
});

test("of several the gravest counts", () => {
  expect(
    pieces("稳赚", [
      { start: 0, end: 2, severity: "warn" },
      { start: 0, end: 1, severity: "block" },
    ]),
  ).toEqual([
    { text: "稳", severity: "block" },
    { text: "赚", severity: "warn" },
  ]);
});
