import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { useMay, useRead, useWrite } from "../../../api";
import { format, suitabilityWords, topicNames, useLanguage, useTexts, useWords } from "../../../language";
import { Facts, Money, Pill, ProblemLine, Reading, RelativeTime, useTell } from "../../../ui";
import { itemKinds, texts } from "../texts";
import type { Item } from "./fits";
import { ItemForm } from "./form";

/** One item as it stands, its earlier versions, and its form for those who may edit. */
export function ItemDetails({ code }: { code: string }) {
  const [editing, setEditing] = useState(false);
  const read = useRead("/api/v1/catalogue/{code}", { path: { code } });
  return (
    <Reading of={read} shape="detail">
      {({ items }) => {
        const [latest, ...before] = items;
        if (latest === undefined) return null;
        return editing ? (
          <ItemForm of={latest} done={() => setEditing(false)} />
        ) : (
          <Standing of={latest} before={before} edit={() => setEditing(true)} />
        );
      }}
    </Reading>
  );
}

function Standing({ of, before, edit }: { of: Item; before: readonly Item[]; edit: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const mayEdit = useMay("catalogue:edit");
  const change = useWrite("patch", "/api/v1/catalogue/{code}", { refreshes: ["/api/v1/catalogue"] });
  const turn = async () => {
    const answer = await change.run({
      path: { code: of.code },
      body: { version: of.version, active: !of.active },
    });
    if (answer !== "failed") tell.done(of.active ? t.turnedOff : t.turnedOn);
  };
  return (
    <div style={{ display: "grid", gap: 20 }}>
      <ItemFacts of={of} />
      {mayEdit && (
        <>
          <ProblemLine problem={change.problem} />
          <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
            <Button loading={change.pending} onClick={() => void turn()}>
              {of.active ? t.turnOff : t.turnOn}
            </Button>
            <Button type="primary" onClick={edit}>
              {t.edit}
            </Button>
          </div>
        </>
      )}
      {before.length > 0 && (
        <section>
          <h3 style={{ margin: "0 0 8px", fontSize: 13, fontWeight: 500, color: "var(--muted)" }}>
            {t.versions}
          </h3>
          {before.map((item) => (
            <details key={item.version} style={{ padding: "6px 0", borderTop: "1px solid var(--line)" }}>
              <summary style={{ cursor: "pointer" }}>
                {t.version(item.version)} · {t.editedBy(item.edited_by)} ·{" "}
                <RelativeTime at={item.edited_at} />
              </summary>
              <div style={{ padding: "8px 0" }}>
                <ItemFacts of={item} />
              </div>
            </details>
          ))}
        </section>
      )}
    </div>
  );
}

function ItemFacts({ of }: { of: Item }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(itemKinds);
  const topic = useWords(topicNames);
  const word = useWords(suitabilityWords);
  const moment = (at: string | null) => (at ? format.exact(new Date(at)).slice(0, 16) : "—");
  const product: (readonly [string, ReactNode])[] = [
    [t.risk, of.risk_level ? <Pill key="r">R{of.risk_level}</Pill> : "—"],
    [t.termDays, of.term_days],
    [t.assetClass, word(of.asset_class)],
    [t.goal, word(of.goal)],
    [t.permission, word(of.permission)],
    [t.qualified, of.qualified_only ? t.yes : t.no],
    [t.professional, of.professional_only ? t.yes : t.no],
    [t.minAge, of.min_age],
    [t.maxAge, of.max_age],
    [t.minimum, <Money key="m" yuan={of.minimum} />],
    [t.saleFrom, moment(of.sale_from)],
    [t.saleUntil, moment(of.sale_until)],
  ];
  return (
    <Facts
      of={[
        [t.name, language === "en" ? `${of.name_en} / ${of.name_zh}` : `${of.name_zh} / ${of.name_en}`],
        [t.code, <code key="c">{of.code}</code>],
        [t.kind, kind(of.kind)],
        [t.state, of.active ? t.active : <Pill key="s">{t.inactive}</Pill>],
        [t.textZh, of.text_zh || "—"],
        [t.textEn, of.text_en || "—"],
        [t.link, of.link || "—"],
        [t.topics, of.topics.map(topic).join(t.joiner) || "—"],
        [t.weight, of.weight],
        ...(of.kind === "product" || of.risk_level !== null ? product : []),
        [t.edited, `${t.version(of.version)} · ${of.edited_by || "—"}`],
      ]}
    />
  );
}
