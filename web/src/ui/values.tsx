import type { ReactNode } from "react";
import { format, useLanguage, useTexts } from "../language";
import { useServerTime } from "../live";
import { Sparkline } from "./Sparkline";
import { texts } from "./texts";
import css from "./ui.module.css";

const SKEW_MS = 60_000;

/** What has just come in is not in the future, even where this browser's clock is a little behind the server's. */
function passed(time: Date, now: Date): Date {
  const ahead = time.getTime() - now.getTime();
  return ahead > 0 && ahead < SKEW_MS ? now : time;
}

/** How long ago by the server's clock; the exact exchange time on hover. `at` is ISO 8601. */
export function RelativeTime({ at }: { at: string | null | undefined }) {
  const language = useLanguage();
  const time = at ? new Date(at) : undefined;
  const text = useServerTime((now) => (time ? format.relative(passed(time, now), now, language) : "—"));
  if (!time) return <>—</>;
  return (
    <time dateTime={time.toISOString()} title={format.exact(time)} className={css.number}>
      {text}
    </time>
  );
}

/** Time running since `at` by the server's clock: "4 min 10 s". */
export function Elapsed({ since }: { since: string }) {
  const language = useLanguage();
  const from = new Date(since);
  const text = useServerTime((now) => format.duration((now.getTime() - from.getTime()) / 1000, language));
  return (
    <time dateTime={from.toISOString()} title={format.exact(from)} className={css.number}>
      {text}
    </time>
  );
}

/** Yuan in the units people say, every cent on hover. Takes the server's decimal string. */
export function Money({ yuan }: { yuan: string | number | null | undefined }) {
  const language = useLanguage();
  if (yuan === null || yuan === undefined) return <>—</>;
  const value = Number(yuan);
  return (
    <span className={css.number} title={format.exactMoney(value, language)}>
      {format.money(value, language)}
    </span>
  );
}

/** A whole number with separators; 万/亿 or k/m/bn from `short`. */
export function Count({ value, short = false }: { value: number | null | undefined; short?: boolean }) {
  const language = useLanguage();
  if (value === null || value === undefined) return <>—</>;
  return (
    <span className={css.number} title={short ? format.count(value, language) : undefined}>
      {short ? format.large(value, language) : format.count(value, language)}
    </span>
  );
}

/** A share as a percentage; numerator and denominator on hover. */
export function Percent({ part, whole, digits = 1 }: { part: number; whole: number; digits?: number }) {
  const language = useLanguage();
  const t = useTexts(texts);
  return (
    <span
      className={`${css.number} ${css.hint}`}
      title={t.ofWhole(format.count(part, language), format.count(whole, language))}
    >
      {format.percent(part, whole, language, digits)}
    </span>
  );
}

export interface Difference {
  /** With its sign: "+12%". */
  text: string;
  direction: "up" | "down" | "flat";
  /** What it is compared with: "same weekday". */
  against?: string;
}

const arrows = { up: "↑", down: "↓", flat: "→" } as const;

/** A change, neutral in colour. With `market` in the colours of prices: red is up in Chinese, by setting. */
export function Change({ of, market = false }: { of: Difference; market?: boolean }) {
  const color = market && of.direction !== "flat" ? `var(--${of.direction})` : undefined;
  return (
    <span className={css.number} style={{ color }} title={of.against}>
      <span aria-hidden>{arrows[of.direction]} </span>
      {of.text}
    </span>
  );
}

export interface FigureProps {
  label: string;
  value: ReactNode;
  /** Plan, denominator or definition, under the value. */
  under?: ReactNode;
  change?: Difference;
  /** Recent values, oldest first. */
  trend?: readonly number[];
}

/** One figure. Put several into `Figures`. */
export function Figure({ label, value, under, change, trend }: FigureProps) {
  return (
    <div className={css.figure}>
      <dt className={css.figureLabel}>{label}</dt>
      <dd>
        <div className={css.figureValue}>{value}</div>
        <div className={css.figureUnder}>
          <span>
            {change && <Change of={change} />} {under}
          </span>
          {trend && <Sparkline values={trend} label={label} />}
        </div>
      </dd>
    </div>
  );
}

/** Figures that belong together in one strip. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className={css.figures}>{children}</dl>;
}
