import { format, useLanguage, useTexts } from "../../../language";
import { Card, Lines, useTagValue } from "../../../ui";
import css from "../tag.module.css";
import type { TagPage } from "../tagParts";
import { texts } from "../tagTexts";
import { byDay } from "./values";

const MOST_LINES = 4;

/** How the counts of a flag or of the commonest levels moved from day to day. */
export function Trend({ of }: { of: TagPage }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useTagValue();
  if (!of.tag.known) return null;
  const flag = of.tag.type === "flag";
  const kept = flag || of.tag.type === "level";
  const { days, lines } = byDay(flag ? of.trend.filter((row) => row.value !== "0") : of.trend, MOST_LINES);
  const first = lines[0];
  if (days.length < 2 || first === undefined)
    return (
      <Card title={t.trendTitle}>
        <p className={css.quiet}>{kept ? t.trendLater : t.trendNever}</p>
      </Card>
    );
  const [value, counts] = first;
  const now = format.count(counts.at(-1) ?? 0, language);
  const before = format.count(counts[0] ?? 0, language);
  const day = days[0] ?? "";
  return (
    <Card>
      <Lines
        message={flag ? t.trendFlag(now, before, day) : t.trendTop(say(of.tag, value), now, before, day)}
        note={t.trendNote}
        at={days.map((each) => each.slice(5))}
        lines={lines.map(([code, values]) => ({ name: say(of.tag, code), values }))}
        height={200}
      />
    </Card>
  );
}
