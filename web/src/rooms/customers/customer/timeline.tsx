import { Button } from "antd";
import { useReadPages } from "../../../api";
import { eventNames, format, useLanguage, useTexts, useWords } from "../../../language";
import { Card, Choice, Empty, Json, Reading, startOf, useAsked } from "../../../ui";
import css from "../customers.module.css";

import { texts } from "../texts";
import { days, type Entry, type Group, groupOf, groups, type Run, worthSaying } from "./timelineRows";

function useGroupNames(): Record<Group, string> {
  const t = useTexts(texts);
  return {
    behaviour: t.groupBehaviour,
    opening: t.groupOpening,
    trade: t.groupTrade,
    serve: t.groupServe,
    reach: t.groupReach,
    decide: t.groupDecide,
    credit: t.groupCredit,
    profile: t.groupProfile,
  };
}

/** What happened, latest first, his visits before he signed in included. */
export function Timeline({ id }: { id: string }) {
  const t = useTexts(texts);
  const names = useGroupNames();
  const [kind] = useAsked("customer", "kind");
  const { items, read, more, loadingMore } = useReadPages("/api/v1/customers/{customer_id}/timeline", {
    path: { customer_id: id },
    query: { limit: 200 },
  });
  const shown = kind ? items.filter((entry) => groupOf(entry) === kind) : items;
  return (
    <Card
      title={t.timeline}
      extra={
        <Choice
          name="kind"
          label={t.kind}
          options={groups.map((group) => ({ value: group, label: names[group] }))}
        />
      }
    >
      <Reading of={read} shape="detail" empty={<Empty what={t.timelineEmpty} />}>
        {() => (
          <>
            {shown.length === 0 && <Empty what={t.timelineNone} advice={more && t.timelineNoneAdvice} />}
            <Days of={shown} />
            {more && (
              <Button type="text" block loading={loadingMore} onClick={more}>
                {t.earlier}
              </Button>
            )}
          </>
        )}
      </Reading>
    </Card>
  );
}

function Days({ of }: { of: readonly Entry[] }) {
  const language = useLanguage();
  return days(of).map(({ day, runs }) => (
    <section key={day}>
      <h3 className={css.day}>{format.day(startOf(day), language)}</h3>
      <ol className={css.runs}>
        {runs.map((run) => (
          <RunOf key={run.key} run={run} />
        ))}
      </ol>
    </section>
  ));
}

function RunOf({ run }: { run: Run }) {
  const t = useTexts(texts);
  const word = useWords(eventNames);
  const latest = run.entries[0] as Entry;
  const at = new Date(latest.occurred_at);
  const pairs = worthSaying(latest.detail);
  return (
    <li className={css.run}>
      <time className={css.clock} dateTime={latest.occurred_at} title={format.exact(at)}>
        {format.clock(at)}
      </time>
      <span className={css.mark} data-own={latest.kind === "fact"} aria-hidden />
      <div>
        <div className={css.said}>
          <span className={css.name} title={run.name}>
            {word(run.name)}
          </span>
          {run.entries.length > 1 && <span className={css.quiet}>{t.times(run.entries.length)}</span>}
          {pairs.map(([name, value]) => (
            <span key={name} className={css.pair}>
              <b>{name}</b> {value}
            </span>
          ))}
        </div>
        {Object.keys(latest.detail).length > 0 && (
          <details>
            <summary>{t.more}</summary>
            <Json
              of={run.entries.length === 1 ? latest.detail : run.entries.map((entry) => entry.detail)}
              label={run.name}
              height={240}
            />
          </details>
        )}
      </div>
    </li>
  );
}
