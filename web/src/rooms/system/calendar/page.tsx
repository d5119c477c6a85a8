import { Button } from "antd";
import { useState } from "react";
import { type Answer, useMay, useRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { useServerTime } from "../../../live";
import {
  Card,
  Choice,
  Count,
  Empty,
  exchangeDay,
  Figure,
  Figures,
  Page,
  Pill,
  Reading,
  useAsked,
} from "../../../ui";
import css from "./calendar.module.css";
import { closedWeekdays, isDue, lengthOf } from "./days";
import { YearForm } from "./form";
import { texts } from "./texts";

export type Year = Answer<"/api/v1/trading-days/{year}", "get">;

const YEARS_BACK = 4;

/** The exchange's days of a year, as announced or provisional, and who keeps them may set them. */
export default function CalendarPage() {
  const t = useTexts(texts);
  const today = useServerTime(exchangeDay);
  const mayKeep = useMay("policy:keep");
  const now = Number(today.slice(0, 4));
  const [asked, choose] = useAsked("calendar", "year");
  const [editing, setEditing] = useState(false);
  const years = [now, now + 1, ...Array.from({ length: YEARS_BACK }, (_, back) => now - 1 - back)];
  const year = years.find((each) => String(each) === asked) ?? now;
  const read = useRead("/api/v1/trading-days/{year}", { path: { year } });
  const of = read.data?.year === year ? read.data : undefined; // not the year before while this one comes
  const change = (of?.announced ? t.change : t.set)(String(year));
  return (
    <Page
      title={t.title}
      about={t.about}
      primary={
        mayKeep && (
          <Button type="primary" disabled={!of} onClick={() => setEditing(true)}>
            {change}
          </Button>
        )
      }
      filters={
        <Choice
          name="year"
          label={t.year}
          required
          options={years.map((each) => ({ value: String(each), label: String(each) }))}
        />
      }
    >
      <Reading of={read} shape="detail" isEmpty={() => false}>
        {(found) => (
          <>
            {isDue(today, found.known_until) && year !== now + 1 && (
              <div className={css.warn} role="status">
                {t.warnSoon(found.known_until ?? "—", String(now + 1))}
                <Button size="small" onClick={() => choose(String(now + 1))}>
                  {t.setNext(String(now + 1))}
                </Button>
              </div>
            )}
            <Summary of={found} />
            <Card title={t.closures}>
              <Closures of={found} />
            </Card>
          </>
        )}
      </Reading>
      {editing && of && <YearForm of={of} today={today} title={change} close={() => setEditing(false)} />}
    </Page>
  );
}

function Summary({ of }: { of: Year }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <Figures>
      <Figure
        label={t.status}
        value={of.announced ? <Pill>{t.announced}</Pill> : <Pill tone="warn">{t.provisional}</Pill>}
        under={!of.announced && t.provisionalAdvice}
      />
      <Figure
        label={t.tradingDays}
        value={<Count value={of.trading_days} />}
        under={t.ofDays(format.count(lengthOf(of.year), language))}
      />
      <Figure label={t.knownUntil} value={of.known_until ?? t.nothingKnown} />
    </Figures>
  );
}

function Closures({ of }: { of: Year }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (of.closures.length === 0) return <Empty what={t.none} advice={t.noneAdvice} />;
  const said = (day: string) => format.day(new Date(`${day}T00:00:00+08:00`), language);
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col">{t.from}</th>
            <th scope="col">{t.to}</th>
            <th scope="col" className={css.number}>
              {t.weekdays}
            </th>
          </tr>
        </thead>
        <tbody>
          {of.closures.map((closure) => (
            <tr key={closure.first}>
              <td>{closure.name || "—"}</td>
              <td title={closure.first}>{said(closure.first)}</td>
              <td title={closure.last}>{said(closure.last)}</td>
              <td className={css.number}>{closedWeekdays([{ ...closure, name: "" }]).size}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
