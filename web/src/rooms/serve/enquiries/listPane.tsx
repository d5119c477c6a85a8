import { Button, Skeleton } from "antd";
import type { Problem } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { serverSpeed, useServerTime } from "../../../live";
import { BranchName, Elapsed, ErrorState, Pill, RelativeTime, usePersonName } from "../../../ui";
import css from "../serve.module.css";
import { texts } from "../texts";
import { closings, topics } from "../words";
import { type Enquiry, secondsLeft } from "./lists";
import { Stars } from "./stars";
import { useClaim } from "./useClaim";

export interface Section {
  key: string;
  title?: string;
  items: Enquiry[];
  none: string;
  loading: boolean;
  problem?: Problem;
  retry?: () => void;
}

interface ListProps {
  sections: readonly Section[];
  chosen: string;
  choose: (id: string) => void;
  more: (() => void) | undefined;
}

/** The left pane: offers with their countdown, conversations with who waits. */
export function ListPane({ sections, chosen, choose, more }: ListProps) {
  const t = useTexts(texts);
  return (
    <div className={css.list} tabIndex={0} role="region" aria-label={t.enquiriesTitle}>
      {sections.map((section) => (
        <section key={section.key}>
          {section.title && (
            <h2 className={css.sectionTitle}>
              {section.title} {!section.loading && <span className={css.quiet}>{section.items.length}</span>}
            </h2>
          )}
          {section.items.length === 0 && <Nothing of={section} />}
          <ul>
            {section.items.map((enquiry) => (
              <Item
                key={enquiry.id}
                of={enquiry}
                offered={section.key === "offers"}
                on={enquiry.id === chosen}
                choose={choose}
              />
            ))}
          </ul>
        </section>
      ))}
      {more && (
        <Button type="text" block onClick={more}>
          {t.more}
        </Button>
      )}
    </div>
  );
}

/** Why a list has no rows: it is still read, was refused, or there are none. */
function Nothing({ of }: { of: Section }) {
  if (of.problem) return <ErrorState problem={of.problem} retry={of.retry} />;
  if (of.loading)
    return <Skeleton active title={false} paragraph={{ rows: 4 }} style={{ padding: "12px 16px" }} />;
  return <p className={css.none}>{of.none}</p>;
}

interface ItemProps {
  of: Enquiry;
  offered: boolean;
  on: boolean;
  choose: (id: string) => void;
}

function Item({ of, offered, on, choose }: ItemProps) {
  const t = useTexts(texts);
  const topic = useWords(topics);
  const person = usePersonName();
  return (
    <li className={css.item} data-on={on}>
      <button
        type="button"
        className={css.itemOpen}
        aria-current={on ? "true" : undefined}
        onClick={() => choose(of.id)}
      >
        <span className={css.itemTop}>
          <strong>{of.customer || t.unknownCustomer}</strong>
          <span className={css.push}>
            <Waiting of={of} />
          </span>
        </span>
        <span className={css.itemText}>{of.last_text || of.question}</span>
        <span className={css.pills}>
          <Pill>{topic(of.topic)}</Pill>
          {of.needs_licence && <Pill tone="warn">{t.needsLicence}</Pill>}
          {of.state === "callback_owed" && <Pill tone="danger">{t.owedCall}</Pill>}
          {of.origin === "rescue" && <Pill>{t.fromRescue}</Pill>}
          {of.state === "closed" && <Closing of={of} />}
          {of.branch_id && !offered && (
            <span className={css.quiet}>
              <BranchName id={of.branch_id} />
            </span>
          )}
          {of.owner && of.state === "claimed" && !offered && (
            <span className={css.quiet}>{person(of.owner_id, of.owner.name)}</span>
          )}
        </span>
      </button>
      {offered && <OfferButtons of={of} choose={choose} />}
    </li>
  );
}

/** How long the customer waits for an answer, or when he was last spoken with. */
function Waiting({ of }: { of: Enquiry }) {
  const since = of.awaiting_since ?? (of.state === "waiting" ? (of.person_asked_at ?? of.asked_at) : null);
  if (since && of.state !== "closed")
    return (
      <span className={css.waits}>
        <Elapsed since={since} />
      </span>
    );
  return (
    <span className={css.quiet}>
      <RelativeTime at={of.closed_at ?? of.last_at} />
    </span>
  );
}

function Closing({ of }: { of: Enquiry }) {
  const how = useWords(closings);
  return (
    <>
      {of.outcome && <Pill>{how(of.outcome)}</Pill>}
      {of.stars !== null && <Stars of={of.stars} />}
    </>
  );
}

function OfferButtons({ of, choose }: { of: Enquiry; choose: (id: string) => void }) {
  const t = useTexts(texts);
  const { claim, decline, pending } = useClaim();
  const left = useServerTime((now) => secondsLeft(of.ring_until, now, serverSpeed()));
  return (
    <div className={css.offer}>
      <span className={css.quiet} aria-live="off">
        {of.ring_until && t.secondsLeft(String(left))}
      </span>
      <Button className={css.push} disabled={pending} onClick={() => void decline(of.id)}>
        {t.decline}
      </Button>
      <Button
        type="primary"
        loading={pending}
        onClick={() => void claim(of.id).then((won) => won && choose(of.id))}
      >
        {t.claim}
      </Button>
    </div>
  );
}
