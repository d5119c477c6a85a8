import { format, useLanguage, useTexts, useWords } from "../../../language";
import { Card, Effect, type EffectArm } from "../../../ui";
import css from "../measure.module.css";
import { arms, texts } from "../texts";
import { type Arm, type Comparison, headlineOf, type Result, sentence, smallest, young } from "./says";

/** What the experiment says: the headline comparison first, then every arm against no outreach. */
export function Headline({ of, control }: { of: Result; control: string | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const headline = headlineOf(of);
  const others = of.comparisons.filter((each) => each.against === control && each !== headline);
  if (of.state === "broken")
    return (
      <Card title={t.headline}>
        <p className={css.verdict} data-alarm role="status">
          {t.broken}
        </p>
      </Card>
    );
  return (
    <>
      <Card title={t.headline}>
        <Compared of={of} these={headline ? [headline] : []} says={headline} />
        {headline && <SingleLook of={headline} />}
        <p className={css.faint}>
          {t.within(format.duration(of.horizon_seconds, language), format.count(young(of), language))}
        </p>
      </Card>
      {others.some((each) => each.difference !== null) && (
        <Card title={t.againstControl}>
          <Compared of={of} these={others} says={others.at(-1)} />
        </Card>
      )}
    </>
  );
}

/** Arms against one other, with the sentence of one of them as the title; progress while it is too early. */
function Compared(props: { of: Result; these: readonly Comparison[]; says: Comparison | undefined }) {
  const { of, these, says } = props;
  const t = useTexts(texts);
  const language = useLanguage();
  const name = useWords(arms);
  const have = smallest(of, says);
  const early = { need: of.needed_per_arm, have };
  const message = says
    ? sentence(says, name, t, language, early)
    : t.tooEarly(format.count(early.need, language), format.count(have, language));
  const against = of.arms.find((arm) => arm.arm === says?.against);
  const shown = these.flatMap((each) => drawn(each, of.arms, name));
  if (against === undefined || shown.length === 0)
    return (
      <div role="status">
        <p className={css.verdict}>{message}</p>
        <div
          className={css.progress}
          role="progressbar"
          aria-label={t.assigned}
          aria-valuenow={Math.min(have, early.need)}
          aria-valuemin={0}
          aria-valuemax={early.need}
        >
          <span style={{ width: `${Math.min(100, (have / early.need) * 100)}%` }} />
        </div>
      </div>
    );
  return (
    <Effect
      message={message}
      note={t.effectNote}
      control={{ name: name(against.arm), part: against.opened, whole: against.n }}
      arms={shown}
    />
  );
}

/** The interval of one look at a fixed size, beside the one that the verdict is read from. */
function SingleLook({ of }: { of: Comparison }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { low, high, p, state } = of;
  if (state === "too_early" || low === null || high === null || p === null) return null;
  const said = p < 0.001 ? "< 0.001" : format.decimal(p, language, 3);
  return (
    <p className={css.faint}>
      {t.singleLook(format.points(low, language), format.points(high, language), said)}
    </p>
  );
}

function drawn(of: Comparison, all: readonly Arm[], name: (arm: string) => string): EffectArm[] {
  const { difference, always_low: low, always_high: high } = of;
  const arm = all.find((each) => each.arm === of.arm);
  if (arm === undefined || difference === null || low === null || high === null) return [];
  if (of.state === "too_early") return [];
  return [{ key: arm.arm, name: name(arm.arm), part: arm.opened, whole: arm.n, lift: difference, low, high }];
}
