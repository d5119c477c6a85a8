import { format, useLanguage, useTexts } from "../language";
import { texts } from "./texts";

const WIDTH = 72;
const HEIGHT = 20;

/** Recent values as a line of one word's size, oldest first. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (index: number) => 2 + (index / (values.length - 1)) * (WIDTH - 4);
  const y = (value: number) => HEIGHT - 3 - ((value - low) / (high - low || 1)) * (HEIGHT - 6);
  const say = (value: number) => format.large(value, language);
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}: ${t.trend(say(first), say(last), say(low), say(high))}`}
    >
      <polyline
        points={values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ")}
        fill="none"
        stroke="var(--mark)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={x(values.length - 1)} cy={y(last)} r="2" fill="var(--accent)" />
    </svg>
  );
}
