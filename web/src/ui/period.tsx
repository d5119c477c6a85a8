import { Input } from "antd";
import { useTexts } from "../language";
import { serverNow, useServerTime } from "../live";
import { Choice, useUrlState } from "./filters";
import { exchangeDay, periods, type Span, spanOf } from "./periods";
import { texts } from "./texts";
import css from "./ui.module.css";

/** The period in the URL as a span of time; counted anew when the exchange's day ends. */
export function useSpan(fallback = ""): Span {
  const [name] = useUrlState("period", fallback);
  const [first] = useUrlState("from");
  const [last] = useUrlState("to");
  useServerTime(exchangeDay);
  return spanOf(name, serverNow(), first, last);
}

/** A period as a chip; "custom" opens two days beside it. With `required` the first of `of` is the default. */
export function PeriodChoice({
  of = periods,
  required = false,
}: {
  of?: readonly (typeof periods)[number][];
  required?: boolean;
}) {
  const t = useTexts(texts);
  const [name] = useUrlState("period", required ? of[0] : "");
  const names = {
    today: t.today,
    yesterday: t.yesterday,
    week: t.week,
    month: t.month,
    quarter: t.quarter,
    custom: t.custom,
  };
  return (
    <>
      <Choice
        name="period"
        label={t.period}
        any={t.allTime}
        required={required}
        options={of.map((each) => ({ value: each, label: names[each] }))}
      />
      {name === "custom" && (
        <>
          <Day name="from" label={t.firstDay} />
          <Day name="to" label={t.lastDay} />
        </>
      )}
    </>
  );
}

function Day({ name, label }: { name: string; label: string }) {
  const [value, set] = useUrlState(name);
  return (
    <Input
      type="date"
      aria-label={label}
      title={label}
      className={css.day}
      value={value}
      onChange={(event) => set(event.target.value)}
    />
  );
}
