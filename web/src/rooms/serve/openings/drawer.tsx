import { useRead, useStaff } from "../../../api";
import { useTexts, useWords } from "../../../language";
import {
  Copyable,
  DetailDrawer,
  Facts,
  Pill,
  Reading,
  RelativeTime,
  useBranchName,
  useOpen,
  useStepName,
} from "../../../ui";
import { CustomerCard } from "../customerCard";
import css from "../serve.module.css";
import { texts } from "../texts";
import { channels, openingStates } from "../words";
import { Events, History, Rescues, Track } from "./history";
import { RescueState, Silence, Why } from "./parts";
import { RescuePanel } from "./rescuePanel";
import type { DeskRow } from "./rows";

/** Everything about one application beside the list. Also opened by links to applications that left the desk. */
export function OpeningDrawer({ rows }: { rows: readonly DeskRow[] }) {
  const t = useTexts(texts);
  const step = useStepName();
  const [open] = useOpen();
  const row = rows.find((each) => each.id === open);
  const title = row ? `${row.customer || t.unknownCustomer} · ${step(row.step)}` : t.application;
  return (
    <DetailDrawer title={title} wide>
      {(id) => <Details key={id} id={id} row={row} />}
    </DetailDrawer>
  );
}

function Details({ id, row }: { id: string; row: DeskRow | undefined }) {
  const t = useTexts(texts);
  const me = useStaff().id;
  const branchName = useBranchName();
  const channel = useWords(channels);
  const state = useWords(openingStates);
  // What the live row says last decides when the history is read again.
  const read = useRead("/api/v1/openings/{opening_id}", { path: { opening_id: id } }, { every: 5_000 });
  return (
    <Reading of={read} shape="detail">
      {(opening) => (
        <div className={css.stack}>
          <section>
            <Track history={opening.history} current={opening.step} />
            <div className={css.facing}>
              {row ? (
                <Silence of={row} />
              ) : (
                <Pill tone={opening.state === "opened" ? "good" : "neutral"}>{state(opening.state)}</Pill>
              )}
              {row && <Why of={row} />}
              {opening.answers_hidden && <Pill tone="warn">{t.answersHidden}</Pill>}
              <span className={css.push}>
                <RescueState of={row?.rescue} me={me} />
              </span>
            </div>
            {opening.answers_hidden && <p className={css.caution}>{t.answersHiddenWhy}</p>}
          </section>
          <RescuePanel key={row?.rescue?.id} id={id} step={opening.step} rescue={row?.rescue} />
          <div className={css.halves}>
            <section>
              <h3 className={css.part}>{t.history}</h3>
              <History history={opening.history} current={opening.step} />
            </section>
            <CustomerCard id={opening.customer_id} openings={false} />
          </div>
          <section>
            <h3 className={css.part}>{t.application}</h3>
            <Facts
              of={[
                [t.branch, opening.branch_id ? branchName(opening.branch_id) : t.noBranchYet],
                [t.channel, channel(opening.channel)],
                [t.started, <RelativeTime key="started" at={opening.first_fact_at} />],
                ["ID", opening.id],
              ]}
            />
          </section>
          {opening.resume_path && (
            <section>
              <h3 className={css.part}>{t.link}</h3>
              <Copyable text={opening.resume_path} label={t.link} />
              <p className={css.quiet}>{t.linkAbout}</p>
            </section>
          )}
          <Rescues id={id} />
          <Events events={opening.events} stalls={opening.stalls} />
        </div>
      )}
    </Reading>
  );
}
