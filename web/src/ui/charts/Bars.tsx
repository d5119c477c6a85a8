import { format, useLanguage, useTexts } from "../../language";
import { Percent } from "../values";
import { texts } from "../texts";
import css from "./charts.module.css";
import { ChartFrame } from "./ChartFrame";

export interface Bar {
  key: string;
  name: string;
  count: number;
  /** "No data" and the like: drawn grey, never pressed. */
  quiet?: boolean;
  /** Press it for those behind it. */
  onPress?: () => void;
}

export interface BarsProps {
  message: string;
  note?: string;
  bars: readonly Bar[];
  /** What shares are of. */
  whole: number;
  /** The bar that is chosen now. */
  chosen?: string;
}

/** How values are spread: one bar each with its count and share. */
export function Bars({ message, note, bars, whole, chosen }: BarsProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const largest = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <ChartFrame
      message={message}
      note={note}
      data={{ head: [t.value, t.customers], rows: bars.map((bar) => [bar.name, bar.count]) }}
    >
      <div className={css.bars}>
        {bars.map((bar) => {
          const cells = (
            <>
              <span className={css.barName}>{bar.name}</span>
              <span className={css.bar}>
                <span
                  className={bar.quiet ? css.barQuiet : css.barKept}
                  style={{ width: `${(bar.count / largest) * 100}%` }}
                />
              </span>
              <span className={css.num}>{format.count(bar.count, language)}</span>
              <span className={css.num}>
                <Percent part={bar.count} whole={whole} />
              </span>
            </>
          );
          return bar.onPress ? (
            <button
              type="button"
              key={bar.key}
              className={css.funnelRow}
              aria-pressed={bar.key === chosen}
              onClick={bar.onPress}
            >
              {cells}
            </button>
          ) : (
            <div key={bar.key} className={css.funnelRow}>
              {cells}
            </div>
          );
        })}
      </div>
    </ChartFrame>
  );
}
