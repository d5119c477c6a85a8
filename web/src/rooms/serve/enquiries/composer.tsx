import { BulbOutlined } from "@ant-design/icons";
import { Button, type GetRef, Input } from "antd";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Answer, newKey, type Problem, useMay, useRead, useWrite, write } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { useShortcuts } from "../../../ui";
import css from "../serve.module.css";
import { Stopped } from "../stopped";
import { texts } from "../texts";
import { type Enquiry, matching, type Outgoing } from "./lists";

type TextAreaRef = GetRef<typeof Input.TextArea>;
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
  const field = useRef<TextAreaRef>(null);
  const canned = useCanned(enquiry, question, text);
  const [at, setAt] = useState(0);
  const chosen = canned.searching ? canned.found[Math.min(at, canned.found.length - 1)] : undefined;
  const insert = (entry: Entry) => {
    setText(canned.answer(entry));
    setAt(0);
    field.current?.focus();
  };
  useShortcuts([
    { key: "r", does: t.reply, run: () => field.current?.focus() },
    {
      key: "/",
      does: t.canned,
      run: () => {
        setText((typed) => (typed === "" ? "/" : typed));
        field.current?.focus({ cursor: "end" });
      },
    },
  ]);
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const many = canned.found.length;
    if (event.key === "Escape") event.currentTarget.blur();
    else if (canned.searching && step !== undefined && many > 0) {
      event.preventDefault();
      setAt((Math.min(at, many - 1) + step + many) % many);
      // While an input method composes, Enter chooses a character.
    } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      // What is typed after "/" looks for an answer: it is not for the customer.
      if (chosen) insert(chosen);
      else if (!canned.searching) void send();
    }
  };
  return (
    <footer className={css.composer}>
      <Helpful canned={canned} chosen={chosen} insert={insert} />
      <Stopped problem={problem} />
      <div className={css.compose}>
        <Input.TextArea
          ref={field}
          aria-label={t.reply}
          placeholder={t.replyHint}
          autoSize={{ minRows: 1, maxRows: 6 }}
          maxLength={2000}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
          onKeyDown={press}
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

/** Approved answers near the customer's words; after "/" those that hold what is typed. */
function useCanned(enquiry: Enquiry, question: string | undefined, typed: string) {
  const may = useMay("knowledge:read");
  const searching = typed.startsWith("/");
  const all = useRead("/api/v1/knowledge", { query: { status: "approved" } }, { when: may });
  const near = useNear(question, may);
  const entries = all.data?.items ?? [];
  const found = searching
    ? matching(entries, typed.slice(1)).slice(0, 6)
    : near.flatMap((id) => entries.find((entry) => entry.id === id) ?? []).slice(0, MOST);
  const answer = (entry: Entry) => (enquiry.language === "en" ? entry.answer_en : entry.answer_zh);
  return { searching, found, answer, looking: all.isPending };
}

interface HelpfulProps {
  canned: ReturnType<typeof useCanned>;
  chosen: Entry | undefined;
  insert: (entry: Entry) => void;
}

function Helpful({ canned, chosen, insert }: HelpfulProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { searching, found, answer, looking } = canned;
  if (found.length === 0) return searching && !looking ? <p className={css.quiet}>{t.noSuggestion}</p> : null;
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
          data-chosen={entry === chosen}
          title={answer(entry)}
          onClick={() => insert(entry)}
        >
          {title(entry)}
        </button>
      ))}
      {chosen && (
        <span className={css.quiet} role="status">
          {t.cannedKeys}
          <span className={css.hidden}>{title(chosen)}</span>
        </span>
      )}
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
