import { Button } from "antd";
import { useState } from "react";
import { type Answer, useRead } from "../../../api";
import { format, suitabilityWords, topicNames, useLanguage, useTexts, useWords } from "../../../language";
import { CustomerLink, Facts, Pill, Reading, RelativeTime, useShelfNames } from "../../../ui";
import css from "../decide.module.css";
import { itemKinds, texts } from "../texts";
import { useAsker } from "./asker";

type Detail = Answer<"/api/v1/decisions/{decision_id}", "get">;
type Replay = Detail["replay"][number];
type Fate = Replay["fates"][number];

/** One decision made again: what was known, every candidate's fate, and what today would bring. */
export function DecisionDetails({ id }: { id: string }) {
  const read = useRead("/api/v1/decisions/{decision_id}", { path: { decision_id: id } });
  return (
    <Reading of={read} shape="detail" isEmpty={() => false}>
      {(decision) => <Details of={decision} />}
    </Reading>
  );
}

function Details({ of }: { of: Detail }) {
  const t = useTexts(texts);
  const asker = useAsker();
  return (
    <div style={{ display: "grid", gap: 16 }}>
      <div className={css.verdicts}>
        <Pill tone={of.reproduced ? "neutral" : "danger"}>
          {of.reproduced ? t.reproduced : t.notReproduced}
        </Pill>
        <Pill tone={of.same_today ? "neutral" : "accent"}>
          {of.same_today ? t.sameToday : t.differsToday}
        </Pill>
        {!of.personalised && <Pill>{t.notPersonalised}</Pill>}
      </div>
      <Facts
        of={[
          [
            t.customer,
            of.customer_id ? <CustomerLink key="c" id={of.customer_id} name={of.customer} /> : t.visitor,
          ],
          [t.decided, <RelativeTime key="d" at={of.decided_at} />],
          [t.askedBy, asker(of.asked_by)],
        ]}
      />
      <Known of={of} />
      {of.replay.map((slot) => (
        <SlotAgain key={slot.slot} of={slot} />
      ))}
    </div>
  );
}

function Known({ of }: { of: Detail }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const word = useWords(suitabilityWords);
  const topic = useWords(topicNames);
  const { known } = of;
  const interests = Object.entries(known.interests)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 6)
    .map(([code, share]) => `${topic(code)} ${format.decimal(share, language, 2)}`);
  return (
    <section>
      <h3 className={css.formPart}>{t.known}</h3>
      <p className={css.quiet}>{t.rulesOf(of.revision, of.ranking)}</p>
      {known.degraded && <Pill tone="warn">{t.degraded}</Pill>}
      <Facts
        of={[
          [
            t.level,
            known.level ? `C${known.level}${known.lowest_category ? ` · ${t.lowest}` : ""}` : t.noLevel,
          ],
          [t.validUntil, known.valid_until],
          [t.term, word(known.term)],
          [t.goals, known.goals?.map(word).join(t.joiner) || "—"],
          [t.interests, interests.join(t.joiner) || "—"],
          [t.asked, known.asked_topics.map(topic).join(t.joiner) || "—"],
        ]}
      />
    </section>
  );
}

function SlotAgain({ of }: { of: Replay }) {
  const t = useTexts(texts);
  const names = useShelfNames();
  const [all, setAll] = useState(false);
  const fallen = of.fates.filter((fate) => fate.rules.length > 0);
  const standing = of.fates.filter((fate) => fate.rules.length === 0);
  const today = of.today === null ? t.slotGone : of.today.map(names.item).join(t.joiner) || t.emptySlot;
  return (
    <section className={css.slot}>
      <div className={css.slotHead}>
        <h3>
          {names.slot(of.slot)} {of.by_default && <Pill>{t.byDefault}</Pill>}
        </h3>
        <span className={css.quiet}>
          {t.todayWould}: {today}
        </span>
      </div>
      <div className={css.scroll}>
        <table className={css.fates}>
          <thead>
            <tr>
              <th scope="col">{t.item}</th>
              <th scope="col">{t.state}</th>
              <th scope="col" className={css.number}>
                {t.score}
              </th>
              <th scope="col">{t.reasons}</th>
            </tr>
          </thead>
          <tbody>
            {[...standing, ...(all ? fallen : [])].map((fate) => (
              <FateRow key={fate.item} of={fate} />
            ))}
          </tbody>
        </table>
      </div>
      {fallen.length > 0 && (
        <Button
          type="link"
          size="small"
          style={{ justifySelf: "start", padding: 0 }}
          onClick={() => setAll(!all)}
        >
          {all ? t.hideFallen : t.showFallen(fallen.length)}
        </Button>
      )}
    </section>
  );
}

function FateRow({ of }: { of: Fate }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(itemKinds);
  const why = of.rules.length > 0 ? of.rules : of.reasons;
  const fell = of.rules.length > 0;
  return (
    <tr data-fell={fell}>
      <td>
        {language === "en" ? of.name_en : of.name_zh} <span className={css.quiet}>{kind(of.kind)}</span>{" "}
        {of.risk_level && <Pill>R{of.risk_level}</Pill>}
      </td>
      <td>{of.shown ? <Pill tone="accent">{t.wasShown}</Pill> : fell ? t.fell : t.mightHave}</td>
      <td className={css.number}>{fell ? "—" : format.decimal(of.score, language, 3)}</td>
      <td>{why.map((reason) => (language === "en" ? reason.en : reason.zh)).join(t.joiner) || "—"}</td>
    </tr>
  );
}
