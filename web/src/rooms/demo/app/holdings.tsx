import { Button, Skeleton } from "antd";
import { type Answer, useCustomerRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { useServerTime } from "../../../live";
import { ErrorState, exchangeDay } from "../../../ui";
import css from "../demo.module.css";
import { texts } from "../texts";
import { ScreenBody, ScreenHead } from "./chrome";
import { usePhoneContext } from "./holder";

type Me = Answer<"/api/v1/demo/me", "get">;
type Holding = Me["holdings"][number];

/** Whole days from one exchange day to another. */
export function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
}

/** What is held; what matures within a month stands first, with what can be done about it. */
export function HoldingsScreen() {
  const t = useTexts(texts);
  const { holder } = usePhoneContext();
  const read = useCustomerRead(holder.api, "/api/v1/demo/me");
  return (
    <>
      <ScreenHead title={t.holdings} />
      <ScreenBody title={t.holdings}>
        {read.data ? (
          <Assets me={read.data} />
        ) : read.error ? (
          <ErrorState problem={read.error} retry={() => void read.refetch()} />
        ) : (
          <Skeleton active />
        )}
      </ScreenBody>
    </>
  );
}

const SOON = 31;

function Assets({ me }: { me: Me }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { go } = usePhoneContext();
  const today = useServerTime((now) => exchangeDay(now));
  const left = (holding: Holding) => (holding.matures_on ? daysUntil(holding.matures_on, today) : undefined);
  const soon = me.holdings.filter((holding) => {
    const days = left(holding);
    return days !== undefined && days >= 0 && days <= SOON;
  });
  const asOf = me.holdings[0]?.as_of;
  return (
    <div className={css.stack}>
      <div className={css.totalBox}>
        <span className={css.quiet}>
          {t.total} {asOf && t.asOf(asOf)}
        </span>
        <strong>{format.exactMoney(Number(me.total), language)}</strong>
      </div>
      {soon.length > 0 && (
        <div className={css.maturing}>
          <strong>{t.maturing}</strong>
          <p>{t.maturingText}</p>
          <Button block onClick={() => go("chat")}>
            {t.askAdvisor}
          </Button>
        </div>
      )}
      {me.holdings.length === 0 && <p className={css.quiet}>{t.noHoldings}</p>}
      <ul className={css.rows}>
        {me.holdings.map((holding) => (
          <li key={holding.item}>
            <div>
              <span>
                <strong>{language === "en" ? holding.name_en : holding.name_zh}</strong>
                <Matures days={left(holding)} />
              </span>
              <span>{format.exactMoney(Number(holding.value), language)}</span>
            </div>
          </li>
        ))}
      </ul>
      {me.advisor && <Advisor of={me.advisor} />}
    </div>
  );
}

function Matures({ days }: { days: number | undefined }) {
  const t = useTexts(texts);
  if (days === undefined) return null;
  return (
    <small className={days >= 0 && days <= SOON ? css.soon : undefined}>
      {days < 0 ? t.matured : days === 0 ? t.maturesToday : t.matures(days)}
    </small>
  );
}

type AdvisorOut = NonNullable<Me["advisor"]>;

/** Staff appear to customers with name, branch and registration number. */
export function Advisor({ of, title }: { of: AdvisorOut; title?: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const en = language === "en";
  const name = (en && of.name_en) || of.name;
  return (
    <div className={css.advisor}>
      <span className={css.face} aria-hidden>
        {[...of.name].at(-1)}
      </span>
      <span>
        <small>{title ?? t.myAdvisor}</small>
        <strong>{name}</strong>
        <small>
          {[
            (en && of.branch_en) || of.branch,
            of.registration_number ? t.registration(of.registration_number) : t.unregistered,
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </span>
    </div>
  );
}
