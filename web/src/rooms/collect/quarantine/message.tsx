import type { ReactNode } from "react";
import type { Answer } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { Facts, Json, Pill, RelativeTime, setOut } from "../../../ui";
import { reasons, resolutions, texts } from "../texts";

export type Quarantined = Answer<"/api/v1/quarantine", "get">["items"][number];

/** A message that waits: why, and as it came. */
export function Message({ of, children }: { of: Quarantined; children: ReactNode }) {
  const t = useTexts(texts);
  const word = useWords(reasons);
  const done = useWords(resolutions);
  return (
    <div style={{ display: "grid", gap: 16 }}>
      <Facts
        of={[
          [t.reason, word(of.reason)],
          [t.detail, of.detail],
          [
            t.source,
            <span key="s">
              <Pill>{of.source}</Pill> {of.trusted ? t.trusted : t.untrusted}
            </span>,
          ],
          [t.received, <RelativeTime key="r" at={of.received_at} />],
          ...(of.resolved_at
            ? ([
                [t.resolution, done(of.resolution)],
                [t.resolvedAt, <RelativeTime key="d" at={of.resolved_at} />],
              ] as const)
            : []),
        ]}
      />
      <section>
        <h3 style={{ margin: "0 0 6px", fontSize: 13, fontWeight: 500, color: "var(--muted)" }}>
          {t.asCame}
        </h3>
        <Json of={setOut(of.text)} label={t.asCame} height={260} />
      </section>
      {children}
    </div>
  );
}
