import { BulbOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { type Answer, newKey, type Problem, useMay, useRead, useWrite, write } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import css from "../serve.module.css";
import { Stopped } from "../stopped";
import { texts } from "../texts";
import { type Enquiry, matching, type Outgoing } from "./lists";

type Entry = Answer<"/api/v1/knowledge", "get">["items"][number];

interface ComposerProps {
  enquiry: Enquiry;
  /** The customer's last words, for which the knowledge is asked. */
  question: string | undefined;
  setOutgoing: (change: (before: readonly Outgoing[]) => readonly Outgoing[]) => void;
}

/** The place to answer: Enter sends, "/" finds approved answers; refused words stay and say why. */
export function Composer({ enquiry, question, setOutgoing }: ComposerProps) {
  const t = useTexts(texts);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const saying = useWrite("post", "/api/v1/enquiries/{enquiry_id}/messages", {
    refreshes: ["/api/v1/enquiries"],
    onProblem: setProblem,
  });
  const send = async () => {
    const words = text.trim();
    if (words === "" || saying.pending) return;
    const client_id = newKey();
    setText("");
    setProblem(undefined);
    setOutgoing((before) => [...before, { client_id, text: words, failed: false }]);
    const done = await saying.run({ path: { enquiry_id: enquiry.id }, body: { text: words, client_id } });
    if (done !== "failed") return;
    setOutgoing((before) => before.filter((each) => each.client_id !== client_id));
    // Nothing typed is lost: it stands in the field again, before what was typed meanwhile.
    setText((typed) => (typed === "" ? words : `${words}\n${typed}`));
  };
  const insert = (answer: string) => {
    setText(answer);
    document.querySelector<HTMLTextAreaElement>("textarea[data-reply]")?.focus();
  };
  return (
    <footer className={css.composer}>
      <Helpful enquiry={enquiry} question={question} typed={text} insert={insert} />
      <Stopped problem={problem} />
      <div className={css.compose}>
        <Input.TextArea
          data-reply
          aria-label={t.reply}
          placeholder={t.replyHint}
          autoSize={{ minRows: 1, maxRows: 6 }}
          maxLength={2000}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            // While an input method composes, Enter chooses a character.
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <Button
          type="primary"
          loading={saying.pending}
          disabled={text.trim() === ""}
          onClick={() => void send()}
        >
          {t.send}
        </Button>
      </div>
    </footer>
  );
}

const MOST = 3;

interface HelpfulProps {
  enquiry: Enquiry;
  question: string | undefined;
  typed: string;
  insert: (answer: string) => void;
}

/** Approved answers near the customer's words; after "/" those that hold what is typed. */
function Helpful({ enquiry, question, typed, insert }: HelpfulProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const may = useMay("knowledge:read");
  const searching = typed.startsWith("/");
  const all = useRead("/api/v1/knowledge", { query: { status: "approved" } }, { when: may });
  const near = useNear(question, may);
  const entries = all.data?.items ?? [];
  const found = searching
    ? matching(entries, typed.slice(1)).slice(0, 6)
    : near.flatMap((id) => entries.find((entry) => entry.id === id) ?? []).slice(0, MOST);
  if (found.length === 0) return searching ? <p className={css.quiet}>{t.noSuggestion}</p> : null;
  const answer = (entry: Entry) => (enquiry.language === "en" ? entry.answer_en : entry.answer_zh);
  const title = (entry: Entry) =>
    (language === "en" ? entry.phrasings_en : entry.phrasings_zh)[0] ?? entry.topic;
  return (
    <div className={css.helpful} role="group" aria-label={t.suggestions}>
      <BulbOutlined aria-hidden className={css.quiet} />
      {found.map((entry) => (
        <button
          key={entry.id}
          type="button"
          className={css.suggestion}
          title={answer(entry)}
          onClick={() => insert(answer(entry))}
        >
          {title(entry)}
        </button>
      ))}
    </div>
  );
}

/** Ids of the entries nearest to a question; none while, or when, they cannot be had. */
function useNear(question: string | undefined, may: boolean): string[] {
  const [found, setFound] = useState<{ question: string; ids: string[] }>();
  useEffect(() => {
    if (!may || question === undefined) return undefined;
    let left = false;
    write("post", "/api/v1/knowledge/trial", { body: { text: question } }).then(
      (trial) => left || setFound({ question, ids: trial.hits.map((hit) => hit.id) }),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [question, may]);
  return found?.question === question ? (found?.ids ?? []) : [];
}
