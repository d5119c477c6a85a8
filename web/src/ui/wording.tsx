import { useEffect, useState } from "react";
import { type Answer, Problem, useMay, write } from "../api";
import { useLanguage, useTexts } from "../language";
import { pieces } from "./pieces";
import { Pill } from "./Pill";
import { texts } from "./texts";
import css from "./ui.module.css";

type Found = Answer<"/api/v1/wording/check", "post">["items"][number];

/** What must not be said in a text, asked of the server a moment after the last key. */
export function useWording(text: string): { hits: readonly Found[]; of: string } | undefined {
  const may = useMay("wording:check");
  const [found, setFound] = useState<{ hits: readonly Found[]; of: string }>();
  useEffect(() => {
    if (!may || text.trim() === "") return undefined;
    let current = true;
    const timer = setTimeout(() => {
      write("post", "/api/v1/wording/check", { body: { text, context: "any" } })
        .then((answer) => current && setFound({ hits: answer.items, of: text }))
        .catch((error: unknown) => {
          if (!(error instanceof Problem)) throw error; // without an answer nothing is marked; submitting asks again
        });
    }, 400);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, may]);
  return found;
}

/** A text with its forbidden phrases marked, and why each is minded. */
export function Wording({ text }: { text: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const found = useWording(text);
  const words = { block: t.never, ask: t.askFirst, warn: t.takeCare };
  if (found === undefined) return null;
  if (found.hits.length === 0)
    return (
      <p className={css.fieldHint} role="status">
        {t.noPhrase}
      </p>
    );
  return (
    <div className={css.hits} role="status">
      <p className={css.marked}>
        {pieces(found.of, found.hits).map((piece, index) =>
          piece.severity ? (
            <mark key={index} data-severity={piece.severity}>
              {piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </p>
      {found.hits.map((hit) => (
        <div key={`${hit.phrase}${hit.start}`} className={css.hit}>
          <Pill tone={hit.severity === "block" ? "danger" : "warn"}>{words[hit.severity]}</Pill>
          <span>
            “{hit.found}” — {language === "en" ? hit.reason_en : hit.reason}
          </span>
        </div>
      ))}
    </div>
  );
}
