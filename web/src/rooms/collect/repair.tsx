import { Button } from "antd";
import { useState } from "react";
import { Problem, refresh } from "../../api";
import { useTexts } from "../../language";
import { type Asking, JsonField, objectOf, ProblemLine, setOut, useOpen, useTell } from "../../ui";
import { texts } from "./texts";

export interface RepairProps {
  /** As it came. */
  text: string;
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

/** A message to be mended by hand and sent through again, or given up. What was typed survives a refusal. */
export function Repair({ text, label, action, done, replay, discard, ask, refreshes }: RepairProps) {
  const t = useTexts(texts);
  const tell = useTell();
  const [, setOpen] = useOpen();
  const first = setOut(text);
  const [draft, setDraft] = useState(first);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const read = objectOf(draft);
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
  const send = () => run(() => replay(draft === first || !("value" in read) ? null : read.value), done);
  const drop = async () => {
    if (await tell.ask({ ...ask, danger: true })) await run(discard, t.discarded);
  };
  return (
    <div>
      <JsonField label={label} value={draft} onChange={setDraft} />
      <ProblemLine problem={problem} />
      <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
        <Button danger disabled={pending} onClick={() => void drop()}>
          {ask.action}
        </Button>
        <Button
          type="primary"
          loading={pending}
          disabled={draft !== first && !("value" in read)}
          onClick={() => void send()}
        >
          {action}
        </Button>
      </div>
    </div>
  );
}
