import { format, useLanguage, useTexts } from "../../../language";
import { Bars, Card, Empty, Quantiles, useAsked, useTagValue } from "../../../ui";
import { type TagPage, useNeeds } from "../tagParts";
import { texts } from "../tagTexts";
import { inOrder, number } from "./values";

/** How customers are spread over the values of a tag, said first in words. */
export function Spread({ of }: { of: TagPage }) {
  const t = useTexts(texts);
  const needs = useNeeds();
  if (of.customers === null)
    return (
      <Card>
        <Empty what={t.empty} advice={t.notComputed} />
      </Card>
    );
  if (!of.tag.known)
    return (
      <Card>
        <Empty what={t.noData} advice={t.wouldNeed(needs(of.tag))} />
      </Card>
    );
  return <Card>{of.quantiles ? <Numbers of={of} at={of.quantiles} /> : <Values of={of} />}</Card>;
}

function useNote(of: TagPage): string {
  const t = useTexts(texts);
  const language = useLanguage();
  return t.spreadNote(format.count(of.tag.known ?? 0, language), format.count(of.customers ?? 0, language));
}

function Numbers({ of, at }: { of: TagPage; at: readonly number[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const note = useNote(of);
  const say = (value: number) => number(value, language);
  const [low = 0, q25 = 0, mid = 0, q75 = 0, high = 0] = at;
  return (
    <Quantiles
      message={
        low === high
          ? t.spreadSame(say(mid))
          : q25 === q75
            ? t.spreadMost(say(mid))
            : t.spreadMiddle(say(q25), say(q75), say(mid))
      }
      note={note}
      at={at}
      names={[t.percentile("5"), t.percentile("25"), t.median, t.percentile("75"), t.percentile("95")]}
      say={say}
    />
  );
}

function Values({ of }: { of: TagPage }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const note = useNote(of);
  const say = useTagValue();
  const [chosen, choose] = useAsked("tag", "value");
  const { tag } = of;
  const known = tag.known ?? 0;
  const named = (value: string | null) =>
    tag.type === "date" && value ? value.slice(0, 7) : say(tag, value);
  const rows = inOrder(of.spread, tag);
  const top = of.spread
    .filter((row) => row.value !== null)
    .sort((one, other) => other.customers - one.customers)[0];
  const yes = of.spread.find((row) => row.value === "1")?.customers ?? 0;
  const share = (n: number) => format.percent(n, known, language);
  const count = (n: number) => format.count(n, language);
  // A date's bar is a month, and a set that holds nothing has no value to ask for.
  const pressed = (value: string | null) => tag.type !== "date" && Boolean(value);
  const said = [note, tag.type === "set" && t.manyEach, tag.type === "date" ? t.byMonth : t.pressHint];
  return (
    <Bars
      message={
        tag.type === "flag"
          ? t.spreadFlag(count(yes), share(yes))
          : t.spreadTop(named(top?.value ?? null), count(top?.customers ?? 0), share(top?.customers ?? 0))
      }
      note={said.filter(Boolean).join(t.clause)}
      whole={of.customers ?? 0}
      chosen={chosen || undefined}
      bars={rows.map(({ value, customers }) => ({
        key: value ?? "unknown",
        name: named(value),
        count: customers,
        quiet: value === null,
        onPress: pressed(value) ? () => choose(chosen === value ? null : value) : undefined,
      }))}
    />
  );
}
