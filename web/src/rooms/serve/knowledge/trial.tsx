import { Button, Input } from "antd";
import { useState } from "react";
import { type Answer, useWrite } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import { Card, Pill, ProblemLine, useOpen } from "../../../ui";
import css from "../serve.module.css";
import { texts } from "../texts";
import { topics } from "../words";
import type { Entry } from "./entries";

type Tried = Answer<"/api/v1/knowledge/trial", "post">;

/** What the assistant would do with a question now. */
export function Trial({ entries }: { entries: readonly Entry[] }) {
  const t = useTexts(texts);
  const [text, setText] = useState("");
  const [found, setFound] = useState<Tried>();
  const trying = useWrite("post", "/api/v1/knowledge/trial");
  const submit = async () => {
    const done = await trying.run({ body: { text: text.trim() } });
    setFound(done === "failed" ? undefined : done);
  };
  return (
    <Card title={t.trial} extra={<span className={css.quiet}>{t.trialAbout}</span>}>
      <div className={css.compose}>
        <Input
          aria-label={t.trial}
          placeholder={t.trialHint}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPressEnter={() => text.trim() && void submit()}
        />
        <Button loading={trying.pending} disabled={text.trim() === ""} onClick={() => void submit()}>
          {t.tryIt}
        </Button>
      </div>
      <ProblemLine problem={trying.problem} />
      {found && <Found of={found} entries={entries} />}
    </Card>
  );
}

function Found({ of, entries }: { of: Tried; entries: readonly Entry[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const topic = useWords(topics);
  const [, setOpen] = useOpen();
  const first = entries.find((entry) => entry.id === of.hits[0]?.id);
  return (
    <div className={css.found} role="status">
      <p>
        {of.answers ? (
          <Pill tone="good">{t.wouldAnswer}</Pill>
        ) : (
          <Pill tone="warn">{t.wouldHandOver(topic(of.reason))}</Pill>
        )}{" "}
        {of.answers && first && (language === "en" ? first.answer_en : first.answer_zh)}
      </p>
      {of.hits.length > 0 && (
        <p className={css.pills}>
          <span className={css.quiet}>
            {t.nearest} ({t.threshold(format.decimal(of.threshold, language, 2))})
          </span>
          {of.hits.slice(0, 3).map((hit) => (
            <button
              key={hit.id + hit.phrasing}
              type="button"
              className={css.suggestion}
              onClick={() => setOpen(hit.id)}
            >
              {hit.phrasing} · {format.decimal(hit.score, language, 2)}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
