import { format, useLanguage, useTexts } from "../../language";
import { Percent } from "../values";
import { texts } from "../texts";
import css from "./charts.module.css";
import { ChartFrame } from "./ChartFrame";

export interface EffectArm {
  key: string;
  name: string;
  /** Those with the outcome, and all assigned. */
  part: number;
  whole: number;
  /** Difference of rates against the control, as shares: 0.11 is 11 points. */
  lift: number;
  low: number;
  high: number;
}

export interface EffectProps {
  message: string;
  note?: string;
  control: { name: string; part: number; whole: number };
  arms: readonly EffectArm[];
}

/** Round steps for an axis that holds all values and zero: at most `most` of them. */
export function ticks(values: readonly number[], most = 6): number[] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const rough = (high - low || 0.01) / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Effects as point and interval against the control, which stands in the same picture. */
export function Effect({ message, note, control, arms }: EffectProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const marks = ticks(arms.flatMap((arm) => [arm.low, arm.high]));
  const [from, till] = [marks[0] ?? 0, marks.at(-1) ?? 1];
  const x = (value: number) => `${((value - from) / (till - from)) * 100}%`;
  const said = (arm: EffectArm) =>
    t.interval(
      format.points(arm.lift, language),
      format.points(arm.low, language),
      format.points(arm.high, language),
    );
  return (
    <ChartFrame message={message} note={note ?? t.difference}>
      <div className={css.effect}>
        <div className={css.effectRow}>
          <Arm {...control} />
          <svg className={`${css.effectPlot} ${css.effectPlotCell}`} aria-hidden>
            <Guides marks={marks} x={x} />
            <circle cx={x(0)} cy="22" r="4" fill="var(--surface)" stroke="var(--mark-soft)" strokeWidth="2" />
          </svg>
          <div className={`${css.num} ${css.small}`}>{t.control}</div>
        </div>
        {arms.map((arm) => (
          <div key={arm.key} className={css.effectRow}>
            <Arm {...arm} />
            <svg
              className={`${css.effectPlot} ${css.effectPlotCell}`}
              role="img"
              aria-label={`${arm.name}: ${said(arm)}`}
            >
              <Guides marks={marks} x={x} />
              <Interval arm={arm} x={x} />
            </svg>
            <div className={css.num}>{said(arm)}</div>
          </div>
        ))}
        <div className={css.effectRow} aria-hidden>
          <span />
          <div className={`${css.axis} ${css.effectPlotCell}`}>
            {marks.map((mark) => (
              <span key={mark} style={{ left: x(mark) }}>
                {mark === 0 ? "0" : format.points(mark, language, till - from < 0.04 ? 1 : 0)}
              </span>
            ))}
          </div>
        </div>
      </div>
    </ChartFrame>
  );
}

/** Who was assigned: name, rate with its parts, and how many. */
function Arm({ name, part, whole }: { name: string; part: number; whole: number }) {
  const language = useLanguage();
  return (
    <div className={css.effectName}>
      {name}
      <div className={css.small}>
        <Percent part={part} whole={whole} /> · n {format.count(whole, language)}
      </div>
    </div>
  );
}

type Across = (value: number) => string;

function Guides({ marks, x }: { marks: readonly number[]; x: Across }) {
  return marks.map((mark) => (
    <line
      key={mark}
      x1={x(mark)}
      x2={x(mark)}
      y1="0"
      y2="44"
      stroke={mark === 0 ? "var(--line-strong)" : "var(--line)"}
      strokeWidth={mark === 0 ? 1.5 : 1}
    />
  ));
}

/** Grey while the interval holds zero: nothing has been shown yet. */
function Interval({ arm, x }: { arm: EffectArm; x: Across }) {
  const color = arm.low > 0 || arm.high < 0 ? "var(--accent)" : "var(--mark-soft)";
  const line = { stroke: color, strokeLinecap: "round" } as const;
  return (
    <>
      <line {...line} x1={x(arm.low)} x2={x(arm.high)} y1="22" y2="22" strokeWidth="3" />
      <line {...line} x1={x(arm.low)} x2={x(arm.low)} y1="16" y2="28" strokeWidth="2" />
      <line {...line} x1={x(arm.high)} x2={x(arm.high)} y1="16" y2="28" strokeWidth="2" />
      <circle cx={x(arm.lift)} cy="22" r="6" fill={color} stroke="var(--surface)" strokeWidth="2" />
    </>
  );
}
