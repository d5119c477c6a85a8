import { Button } from "antd";
import { useState } from "react";
import { Problem, refresh, write } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { useTell } from "../../../ui";
import { texts } from "../texts";

/** What may be done with several messages at once, as they came; the first refusal is told, the others go on. */
export function Bulk({ keys, done }: { keys: readonly string[]; done: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const n = format.count(keys.length, language);
  const each = async (run: (id: string) => Promise<unknown>) => {
    setBusy(true);
    let through = 0;
    let refused: Problem | undefined;
    for (const id of keys) {
      try {
        await run(id);
        through += 1;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        refused ??= error;
      }
    }
    setBusy(false);
    refresh("/api/v1/quarantine");
    done();
    if (refused) tell.problem(refused);
    tell.done(t.doneMany(format.count(through, language), n));
  };
  const replay = () =>
    each((id) =>
      write("post", "/api/v1/quarantine/{message_id}/replay", { path: { message_id: id }, body: {} }),
    );
  const discard = async () => {
    const sure = await tell.ask({
      title: t.askDiscardMany,
      consequence: t.discardWhat(n),
      action: t.discard,
      danger: true,
    });
    if (sure)
      await each((id) =>
        write("post", "/api/v1/quarantine/{message_id}/discard", { path: { message_id: id } }),
      );
  };
  return (
    <>
      <Button size="small" loading={busy} onClick={() => void replay()}>
        {t.replayMany(n)}
      </Button>
      <Button size="small" danger disabled={busy} onClick={() => void discard()}>
        {t.discardMany(n)}
      </Button>
    </>
  );
}
