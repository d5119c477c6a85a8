import css from "./charts.module.css";
import { ChartFrame } from "./ChartFrame";

export interface QuantilesProps {
  message: string;
  note?: string;
  /** At 5, 25, 50, 75 and 95 per cent. */
  at: readonly number[];
  names: readonly string[];
  say: (value: number) => string;
}

/** Where the middle of numbers lies: a strip from the 5th to the 95th percentile, a box around the middle half. */
export function Quantiles({ message, note, at, names, say }: QuantilesProps) {
  const [low = 0, , , , high = 0] = at;
  const span = high - low || 1;
  const place = (value: number | undefined) => ((value ?? low) - low) / span;
  const [q25, q50, q75] = [place(at[1]), place(at[2]), place(at[3])];
  return (
    <ChartFrame message={message} note={note}>
      {high > low && (
        <div className={css.strip} role="img" aria-label={message}>
          <span className={css.stripLine} />
          <span className={css.stripBox} style={{ left: `${q25 * 100}%`, width: `${(q75 - q25) * 100}%` }} />
          <span className={css.stripMark} style={{ left: `${q50 * 100}%` }} />
        </div>
      )}
      <dl className={css.stripFigures}>
        {at.map((value, index) => (
          <div key={names[index]}>
            <dt>{names[index]}</dt>
            <dd>{say(value)}</dd>
          </div>
        ))}
      </dl>
    </ChartFrame>
  );
}
