import { format, useLanguage, useTexts, useWords } from "../../../language";
import { useServerTime } from "../../../live";
import { Elapsed, Pill, useStepName, usePersonName } from "../../../ui";
import css from "../serve.module.css";
import { texts } from "../texts";
import { reasons } from "../words";
import type { DeskRow, OpeningRow, Rescue } from "./rows";

/** How long stuck, running; before that, when the clock runs out. */
export function Silence({ of }: { of: OpeningRow }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const due = of.stuck_at === null ? undefined : Date.parse(of.stuck_at);
  const left = useServerTime((now) =>
    due === undefined
      ? ""
      : due <= now.getTime()
        ? t.dueNow
        : t.runsOutIn(format.duration(minutes(due, now), language)),
  );
  if (of.stuck_since !== null)
    return (
      <strong className={css.stuck}>
        <Elapsed since={of.stuck_since} />
      </strong>
    );
  return <span className={css.quiet}>{due === undefined ? t.noClock : left}</span>;
}

/** Whole minutes from ten minutes on: seconds would only flicker. */
function minutes(due: number, now: Date): number {
  const seconds = (due - now.getTime()) / 1000;
  return seconds < 600 ? seconds : Math.round(seconds / 60) * 60;
}

/** Where it stands, and why. */
export function Where({ of }: { of: OpeningRow }) {
  const t = useTexts(texts);
  const step = useStepName();
  return (
    <span className={css.two}>
      <span>
        {step(of.step)}
        {of.times_stuck > 1 && <span className={css.quiet}> · {t.stuckAgain(of.times_stuck)}</span>}
      </span>
      <Why of={of} />
    </span>
  );
}

/** The reason of the last failure or of the review; nothing while all goes well. */
export function Why({ of }: { of: OpeningRow }) {
  const t = useTexts(texts);
  const reason = useWords(reasons);
  if (of.state === "sent_back" && of.returned_reason)
    return <span className={css.why}>{t.sentBackFor(reason(of.returned_reason))}</span>;
  if (of.stuck_reason) return <span className={css.why}>{reason(of.stuck_reason)}</span>;
  return of.stuck_since === null ? null : <span className={css.quiet}>{t.whyUnknown}</span>;
}

/** Who has the rescue, or why nobody may. */
export function RescueState({ of, me }: { of: Rescue | undefined; me: string }) {
  const t = useTexts(texts);
  const person = usePersonName();
  if (of === undefined) return <span className={css.quiet}>—</span>;
  if (of.state === "held") {
    const control = of.arm === "control";
    return (
      <span className={css.note} title={control ? t.heldControlWhy : t.heldMessageWhy}>
        <Pill>{control ? t.held_control : t.held_message}</Pill>
      </span>
    );
  }
  return (
    <span className={css.pills}>
      {of.state === "open" &&
        (of.overdue_at ? (
          <Pill tone="danger" dot>
            {t.overdue}
          </Pill>
        ) : (
          <Pill tone="warn" dot>
            {t.free}
          </Pill>
        ))}
      {of.state === "taken" &&
        (of.staff_id === me ? (
          <Pill tone="accent" dot>
            {t.mine}
          </Pill>
        ) : (
          <span>{t.takenBy(person(of.staff_id, of.staff_name) ?? t.somebody)}</span>
        ))}
      {of.contacted_at && <Pill>{t.contacted}</Pill>}
      {of.resumed_at && <Pill tone="good">{t.back}</Pill>}
    </span>
  );
}

/** What a row is called where there is no room for its cells. */
export function nameOf(row: DeskRow, unknown: string): string {
  return row.customer || unknown;
}
