import { useLanguage, format, useTexts, useWords } from "../../../language";
import { type Answer, useRead } from "../../../api";
import { Elapsed, Pill, Reading, RelativeTime, useStepName, usePersonName } from "../../../ui";
import css from "../serve.module.css";
import { texts } from "../texts";
import { outcomes, reasons } from "../words";
import { type StepHistory, standingOf } from "./rows";

type Detail = Answer<"/api/v1/openings/{opening_id}", "get">;
type Rescue = Answer<"/api/v1/rescues", "get">["items"][number];

/** The steps as one line of marks, with the figure in words. */
export function Track({ history, current }: { history: readonly StepHistory[]; current: string | null }) {
  const t = useTexts(texts);
  const name = useStepName();
  const done = history.filter((step) => standingOf(step, current) === "done").length;
  return (
    <div>
      <ol className={css.track} aria-label={t.stepOf(done, history.length)}>
        {history.map((step) => (
          <li key={step.step} data-standing={standingOf(step, current)} title={name(step.step)}>
            <span className={css.hidden}>{name(step.step)}</span>
          </li>
        ))}
      </ol>
      <p className={css.quiet}>{t.stepOf(done, history.length)}</p>
    </div>
  );
}

/** Each step with when it was done, how long it took, and what went wrong on the way. */
export function History({ history, current }: { history: readonly StepHistory[]; current: string | null }) {
  const name = useStepName();
  const seen = history.filter((step) => standingOf(step, current) !== "ahead" || step.attempts > 0);
  return (
    <ol className={css.steps}>
      {seen.map((step) => (
        <li key={step.step} data-standing={standingOf(step, current)}>
          <div className={css.stepLine}>
            <span>{name(step.step)}</span>
            <span className={css.push}>
              <StepTime step={step} />
            </span>
          </div>
          <StepNotes step={step} here={step.step === current} />
        </li>
      ))}
    </ol>
  );
}

function StepTime({ step }: { step: StepHistory }) {
  const language = useLanguage();
  if (!step.done_at) return null;
  const took = step.started_at ? (Date.parse(step.done_at) - Date.parse(step.started_at)) / 1000 : undefined;
  return (
    <span className={css.quiet}>
      {took !== undefined && took > 0 && `${format.duration(took, language)} · `}
      <RelativeTime at={step.done_at} />
    </span>
  );
}

function StepNotes({ step, here }: { step: StepHistory; here: boolean }) {
  const t = useTexts(texts);
  const reason = useWords(reasons);
  const notes = [
    here ? t.current : "",
    step.passed ? t.skipped : "",
    step.reason ? t.failedOnce(reason(step.reason)) : "",
    step.attempts > 1 ? `${t.attempts} ${step.attempts}` : "",
    step.sent_back > 0 ? t.returnedTimes(step.sent_back) : "",
    step.answers_hidden ? t.answersHidden : "",
  ].filter(Boolean);
  return notes.length === 0 ? null : <div className={css.quiet}>{notes.join(" · ")}</div>;
}

/** Earlier and present rescues of the application. */
export function Rescues({ id }: { id: string }) {
  const t = useTexts(texts);
  const outcome = useWords(outcomes);
  const step = useStepName();
  const read = useRead("/api/v1/rescues", {
    query: { opening: id, state: ["held", "open", "taken", "finished"] },
  });
  const person = usePersonName();
  const line = (rescue: Rescue) => (
    <li key={rescue.id}>
      <span>
        {step(rescue.step)}
        {rescue.staff_name && ` · ${person(rescue.staff_id, rescue.staff_name)}`}
        {rescue.note && <span className={css.quiet}> · {rescue.note}</span>}
      </span>
      {rescue.arm !== "person" && <Pill>{rescue.arm === "control" ? t.held_control : t.held_message}</Pill>}
      {rescue.outcome && (
        <Pill tone={rescue.next_step_at ? "good" : "neutral"}>{outcome(rescue.outcome)}</Pill>
      )}
      <span className={css.push}>
        <RelativeTime at={rescue.stuck_at} />
      </span>
    </li>
  );
  return (
    <section>
      <h3 className={css.part}>{t.rescueHistory}</h3>
      <Reading of={read} shape="detail" empty={<p className={css.quiet}>{t.noRescues}</p>}>
        {({ items }) => <ul className={css.lines}>{items.map(line)}</ul>}
      </Reading>
    </section>
  );
}

/** What the opening system told, latest first, with the silences between. Folded: for those who want to know. */
export function Events({ events, stalls }: { events: Detail["events"]; stalls: Detail["stalls"] }) {
  const t = useTexts(texts);
  const step = useStepName();
  const reason = useWords(reasons);
  return (
    <details className={css.more}>
      <summary>
        {t.events} ({events.length})
      </summary>
      <ul className={css.lines}>
        {stalls.map((stall) => (
          <li key={stall.stuck_at}>
            <Pill tone={stall.ended_at ? "neutral" : "warn"}>{t.stalls}</Pill>
            <span>
              {step(stall.step)}{" "}
              {stall.ended_at ? null : (
                <>
                  {t.stillStuck} <Elapsed since={stall.stuck_at} />
                </>
              )}
            </span>
            <span className={css.push}>
              <RelativeTime at={stall.stuck_at} />
            </span>
          </li>
        ))}
        {events.toReversed().map((event, at) => (
          <li key={`${event.at}${event.name}${at}`}>
            <code>{event.name}</code>
            {event.reason && <span className={css.quiet}>{reason(event.reason)}</span>}
            <span className={css.push}>
              <RelativeTime at={event.at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
