import { Button, Dropdown } from "antd";
import { useState } from "react";
import { useRead, useWrite } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { Count, Figure, Figures, Pill, RelativeTime, useTell } from "../../../ui";
import css from "../tag.module.css";
import type { Tags } from "../tagParts";
import { texts } from "../tagTexts";

const SOON_MS = 2_000;
const LATER_MS = 20_000;

/** The catalogue with its freshness, read often while a refresh is under way. */
export function useTags() {
  const [busy, setBusy] = useState(false);
  // Which refresh was the last when another was asked for; undefined when none was.
  const [asked, setAsked] = useState<string>();
  const read = useRead("/api/v1/tags", undefined, { every: busy ? SOON_MS : LATER_MS });
  const last = read.data?.last;
  const waits = asked !== undefined && asked === (last?.began_at ?? "");
  const now = waits || last?.state === "running";
  if (now !== busy) setBusy(now);
  return { read, waits, follow: () => setAsked(last?.began_at ?? "") };
}

/** "Refresh now": the whole, or only whom anything happened to. */
export function RefreshButton({ follow, waits }: { follow: () => void; waits: boolean }) {
  const t = useTexts(texts);
  const tell = useTell();
  const ask = useWrite("post", "/api/v1/tags/refresh", {
    refreshes: ["/api/v1/tags"],
    onProblem: tell.problem,
  });
  const run = async (whole: boolean) => {
    const answer = await ask.run({ body: { whole } });
    if (answer === "failed") return;
    tell.done(answer.asked ? t.asked : t.askedBefore);
    follow();
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "delta", label: t.delta },
          { key: "whole", label: t.whole },
        ],
        onClick: ({ key }) => void run(key === "whole"),
      }}
    >
      <Button type="primary" disabled={waits || ask.pending}>
        {t.refresh}
      </Button>
    </Dropdown>
  );
}

/** How fresh what is read is, what the last refresh cost, and why it failed where it did. */
export function Freshness({ of, waits }: { of: Tags; waits: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const tags = of.families.flatMap((family) => family.tags);
  const { last } = of;
  const tone = last?.state === "failed" ? "danger" : last?.state === "running" ? "accent" : "neutral";
  return (
    <>
      {last?.state === "failed" && (
        <div className={css.failed} role="status">
          {t.failedSays}
          <code>{last.error}</code>
        </div>
      )}
      <Figures>
        <Figure label={t.customers} value={<Count value={of.customers} />} under={t.inScope} />
        <Figure
          label={t.withData}
          value={of.as_of ? <Count value={tags.filter((tag) => tag.known).length} /> : "—"}
          under={t.ofTags(format.count(tags.length, language))}
        />
        <Figure
          label={t.asOf}
          value={of.as_of ? <RelativeTime at={of.as_of} /> : t.never}
          under={of.as_of && t.asOfNote}
        />
        <Figure
          label={t.last}
          value={
            waits ? (
              <Pill tone="accent">{t.waiting}</Pill>
            ) : last ? (
              <Pill tone={tone}>{t[last.state]}</Pill>
            ) : (
              t.never
            )
          }
          under={
            last && (
              <>
                {t[last.kind]} · <RelativeTime at={last.ended_at ?? last.began_at} />
                {last.seconds !== null && (
                  <>
                    {" "}
                    ·{" "}
                    {t.took(
                      format.decimal(last.seconds, language),
                      format.count(last.customers ?? 0, language),
                    )}
                  </>
                )}
              </>
            )
          }
        />
      </Figures>
    </>
  );
}
