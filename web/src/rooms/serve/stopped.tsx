import type { Problem } from "../../api";
import { format, useLanguage, useTexts, useWords } from "../../language";
import { ProblemLine } from "../../ui";
import { stoppedWords } from "./refusals";
import css from "./serve.module.css";
import { texts } from "./texts";
import { contactRefusals } from "./words";

/** Why a message did not leave: the phrases with compliance's reason, hidden answers, or a contact that may not be. */
export function Stopped({ problem }: { problem: Problem | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const refusal = useWords(contactRefusals);
  if (problem === undefined) return null;
  if (problem.code === "contact-refused") {
    const { reason, until } = problem.body as { reason?: string; until?: string };
    return (
      <ProblemLine>
        {t.refusedContact}
        {language === "zh" ? "：" : ": "}
        {refusal(reason)}
        {until && <div>{t.refusedUntil(format.exact(new Date(until)))}</div>}
      </ProblemLine>
    );
  }
  const stopped = stoppedWords(problem);
  if (stopped === undefined) return <ProblemLine problem={problem} />;
  return (
    <ProblemLine>
      <strong>{stopped.hidden ? t.hiddenStopped : t.wordingStopped}</strong>
      <ul className={css.hits}>
        {stopped.hits.length > 0
          ? stopped.hits.map((hit) => (
              <li key={hit.found}>
                <mark>{hit.found}</mark> {language === "zh" ? hit.reason : hit.reason_en}
              </li>
            ))
          : stopped.phrases.map((phrase) => (
              <li key={phrase}>
                <mark>{phrase}</mark>
              </li>
            ))}
      </ul>
      {t.wordingAdvice}
    </ProblemLine>
  );
}
