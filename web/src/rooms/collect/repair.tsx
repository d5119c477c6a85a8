import { Button } from "antd";
import { useState } from "react";
import { Problem, refresh } from "../../api";
import { useTexts } from "../../language";
import { type Asking, JsonField, objectOf, ProblemLine, setOut, useOpen, useTell } from "../../ui";
import { texts } from "./texts";

export interface RepairProps {
  /** Fetches it as it came; that it was opened is recorded. */
  whole: () => Promise<{ text: string }>;
  label: string;
  action: string;
  /** Said after it went through. */
  done: string;
  /** With null the message goes as it came. */
  replay: (body: Record<string, unknown> | null) => Promise<unknown>;
  discard: () => Promise<unknown>;
  ask: Asking;
  refreshes: string[];
}

/**
 * A message to be sent through again, as it came or mended by hand, or given up. It names persons, so the whole of it
 * is fetched only by whoever means to mend it. What was typed survives a refusal.
 */
export function Repair({ whole, label, action, done, replay, discard, ask, refreshes }: RepairProps) {
  const t = useTexts(texts);
  const tell = useTell();
  const [, setOpen] = useOpen();
  const [first, setFirst] = useState<string>();
  const [draft, setDraft] = useState("");
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const read = objectOf(draft);
  const untouched = draft === (first ?? "");
  const run = async (call: () => Promise<unknown>, said: string) => {
    setPending(true);
    setProblem(undefined);
    try {
      await call();
      tell.done(said);
      setOpen(null);
      refresh(...refreshes);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setPending(false);
    }
  };
  const send = () => run(() => replay(untouched || !("value" in read) ? null : read.value), done);
  const fetchWhole = async () => {
    setPending(true);
    setProblem(undefined);
    try {
      const text = setOut((await whole()).text);
      setFirst(text);
      setDraft(text);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setPending(false);
    }
  };
  const drop = async () => {
    if (await tell.ask({ ...ask, danger: true })) await run(discard, t.discarded);
  };
  return (
    <div>
      {first === undefined ? (
        <p style={{ margin: "0 0 12px", color: "var(--muted)" }}>
          {t.wholeWhy}{" "}
          <Button type="link" style={{ padding: 0 }} disabled={pending} onClick={() => void fetchWhole()}>
            {t.openWhole}
          </Button>
        </p>
      ) : (
        <JsonField label={label} value={draft} onChange={setDraft} />
      )}
      <ProblemLine problem={problem} />
      <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
        <Button danger disabled={pending} onClick={() => void drop()}>
          {ask.action}
        </Button>
        <Button
          type="primary"
          loading={pending}
          disabled={!untouched && !("value" in read)}
          onClick={() => void send()}
        >
          {action}
        </Button>
      </div>
    </div>
  );
}
