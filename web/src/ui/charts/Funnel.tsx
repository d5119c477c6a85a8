import { format, useLanguage, useTexts } from "../../language";
import { Percent } from "../values";
import { texts } from "../texts";
import css from "./charts.module.css";
import { ChartFrame } from "./ChartFrame";

export interface FunnelStep {
  key: string;
  name: string;
  customers: number;
  /** From the step before; null for the first step or when nobody came. */
  medianSeconds: number | null;
}

export interface FunnelProps {
  message: string;
  note?: string;
  steps: readonly FunnelStep[];
  /** Click on a step: those who came as far as it. */
  onStep?: (key: string) => void;
}

/** The step with the worst conversion from the one before, or undefined with fewer than two steps. */
export function worstStep(steps: readonly FunnelStep[]): string | undefined {
  const kept = steps
    .slice(1)
    .map((step, index) => ({ key: step.key, from: steps[index]?.customers ?? 0, to: step.customers }))
    .filter(({ from }) => from > 0)
    .sort((one, other) => one.to / one.from - other.to / other.from);
  return kept[0] && kept[0].to < kept[0].from ? kept[0].key : undefined;
}

/** An ordered funnel as bars: who went on, who was lost (hatched), step and total conversion, time to convert. */
export function Funnel({ message, note, steps, onStep }: FunnelProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const first = steps[0]?.customers ?? 0;
  const worst = worstStep(steps);
  return (
    <ChartFrame message={message} note={note}>
      <div className={css.funnel}>
        <div className={`${css.funnelRow} ${css.funnelHead}`} aria-hidden>
          <span>{t.step}</span>
          <span className={css.bar} style={{ background: "none" }} />
          <span className={css.num}>{t.customers}</span>
          <span className={css.num}>{t.stepConversion}</span>
          <span className={css.num}>{t.totalConversion}</span>
          <span className={`${css.num} ${css.time}`}>{t.medianTime}</span>
        </div>
        {steps.map((step, index) => {
          const before = steps[index - 1]?.customers ?? step.customers;
          const share = (part: number) => `${first === 0 ? 0 : (part / first) * 100}%`;
          const cells = (
            <>
              <span>{step.name}</span>
              <span className={css.bar} title={t.lost(format.count(before - step.customers, language))}>
                <span className={css.barKept} style={{ width: share(step.customers) }} />
                <span className={css.barLost} style={{ width: share(before - step.customers) }} />
              </span>
              <span className={css.num}>{format.count(step.customers, language)}</span>
              <span className={`${css.num} ${step.key === worst ? css.worst : ""}`}>
                {index === 0 ? "" : <Percent part={step.customers} whole={before} />}
              </span>
              <span className={css.num}>
                <Percent part={step.customers} whole={first} />
              </span>
              <span className={`${css.num} ${css.small} ${css.time}`}>
                {step.medianSeconds === null ? "" : format.duration(step.medianSeconds, language)}
              </span>
            </>
          );
          return onStep ? (
            <button type="button" key={step.key} className={css.funnelRow} onClick={() => onStep(step.key)}>
              {cells}
            </button>
          ) : (
            <div key={step.key} className={css.funnelRow}>
              {cells}
            </div>
          );
        })}
      </div>
    </ChartFrame>
  );
}
