import {
  AppstoreOutlined,
  BankOutlined,
  CustomerServiceOutlined,
  FileTextOutlined,
  FundOutlined,
  LineChartOutlined,
  PhoneOutlined,
  ReadOutlined,
  RiseOutlined,
  SafetyCertificateOutlined,
  SearchOutlined,
  SwapOutlined,
  WalletOutlined,
} from "@ant-design/icons";
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useCustomerRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { ErrorState } from "../../../ui";
import css from "../demo.module.css";
import { openingTexts } from "../openingTexts";
import { texts } from "../texts";
import { usePhoneContext } from "./holder";
import { useOwnOpening } from "./opening/own";
import { type Decided, HOME_SLOTS, type Item, itemsOf, useDecided } from "./slots";
import { Why, WhyThese } from "./why";

const ICONS: Readonly<Record<string, ReactNode>> = {
  quotes: <LineChartOutlined />,
  transfer: <SwapOutlined />,
  holdings: <WalletOutlined />,
  "new-shares": <RiseOutlined />,
  "risk-test": <SafetyCertificateOutlined />,
  wealth: <FundOutlined />,
  "treasury-repo": <BankOutlined />,
  news: <ReadOutlined />,
  search: <SearchOutlined />,
  service: <CustomerServiceOutlined />,
  statements: <FileTextOutlined />,
};
/** Functions that the demo's phone has. */
const SCREENS: Readonly<Record<string, string>> = {
  holdings: "holdings",
  service: "chat",
  search: "search",
  wealth: "search",
};

interface SlotProps {
  decided: Decided | undefined;
  touch: (item: Item, slot: string) => void;
}

/** The home page: four places, each decided for whoever holds the phone. */
export function HomeScreen() {
  const t = useTexts(texts);
  const { holder, go, elder } = usePhoneContext();
  const { decided, problem, again } = useDecided(HOME_SLOTS);
  const touch = (item: Item, slot: string) => {
    holder.tracker.track("Slot Item Clicked", {
      slot,
      item: item.item,
      decision_id: decided?.decision_id,
      topics: item.topics,
    });
    go(SCREENS[item.item] ?? `item:${item.item}`);
  };
  const slot = { decided, touch };
  return (
    <div className={css.home}>
      <Greeting />
      <button type="button" className={css.searchBox} onClick={() => go("search")}>
        <SearchOutlined aria-hidden /> {t.search}
      </button>
      {elder && (
        <button type="button" className={css.helpBig} onClick={() => go("chat")}>
          <PhoneOutlined aria-hidden />
          <span>
            <strong>{t.callPerson}</strong>
            <small>{t.callPersonText}</small>
          </span>
        </button>
      )}
      <OpeningTile />
      {decided === undefined ? (
        problem ? (
          <ErrorState problem={problem} retry={again} />
        ) : (
          <Skeleton active paragraph={{ rows: 6 }} />
        )
      ) : (
        <>
          <Banner {...slot} />
          <Functions {...slot} />
          <Cards {...slot} />
          <News {...slot} />
        </>
      )}
    </div>
  );
}

function Greeting() {
  const t = useTexts(texts);
  const { holder } = usePhoneContext();
  const me = useCustomerRead(holder.api, "/api/v1/demo/me").data;
  if (me === undefined) return <div className={css.greeting} aria-busy />;
  const level = riskWords(me, t);
  return (
    <div className={css.greeting}>
      <h3>{me.name ? t.hello(me.name) : t.helloVisitor}</h3>
      {level && <span className={css.level}>{level}</span>}
    </div>
  );
}

type Me = { user_id: string | null; level: string | null; lowest_category: boolean; assessment: string };

/** What the app says of the risk level; nothing of somebody who has no account. */
export function riskWords(
  me: Me,
  t: { risk: (level: string) => string; riskNone: string; riskExpired: string; lowest: string },
): string | null {
  if (me.user_id === null) return null;
  if (me.assessment === "expired") return t.riskExpired;
  if (me.level === null) return t.riskNone;
  return me.lowest_category ? `${t.risk(me.level)} (${t.lowest})` : t.risk(me.level);
}

/** The way into, or back into, the account opening, for whoever has no account. */
function OpeningTile() {
  const t = useTexts(texts);
  const language = useLanguage();
  const words = useTexts(openingTexts);
  const { holder, go } = usePhoneContext();
  const { own, loading } = useOwnOpening();
  if (loading) return null;
  if (holder.part !== "young_beginner" || own?.state === "opened") return null;
  const step = own?.steps.find((each) => each.code === own.step);
  const name = step && (language === "en" ? step.name_en : step.name_zh);
  return (
    <button type="button" className={css.openTile} onClick={() => go("opening")}>
      <strong>{own ? t.goOn : t.openNow}</strong>
      <span>{own?.state === "submitted" ? words.review : name ? t.goOnText(name) : t.openNowText}</span>
    </button>
  );
}

function useWords() {
  const language = useLanguage();
  return {
    name: (item: Item) => (language === "en" ? item.name_en : item.name_zh),
    text: (item: Item) => (language === "en" ? item.text_en : item.text_zh),
  };
}

function Banner({ decided, touch }: SlotProps) {
  const { elder } = usePhoneContext();
  const { name, text } = useWords();
  const item = itemsOf(decided, "home.banner", elder)[0];
  if (!decided || !item) return null;
  return (
    <div className={css.banner} data-kind={item.kind}>
      <button type="button" onClick={() => touch(item, "home.banner")}>
        <strong>{name(item)}</strong>
        <span>{text(item)}</span>
        {item.risk_level !== null && <em>R{item.risk_level}</em>}
      </button>
      <Why item={item} slot="home.banner" decided={decided} />
    </div>
  );
}

function Functions({ decided, touch }: SlotProps) {
  const { elder } = usePhoneContext();
  const { name } = useWords();
  const items = itemsOf(decided, "home.functions", elder);
  if (!decided || items.length === 0) return null;
  return (
    <div className={css.functions}>
      <ul className={css.grid}>
        {items.map((item) => (
          <li key={item.item}>
            <button type="button" onClick={() => touch(item, "home.functions")}>
              <span className={css.gridIcon} aria-hidden>
                {ICONS[item.item] ?? <AppstoreOutlined />}
              </span>
              {name(item)}
            </button>
          </li>
        ))}
      </ul>
      <WhyThese items={items} slot="home.functions" decided={decided} />
    </div>
  );
}

function Cards({ decided, touch }: SlotProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { elder } = usePhoneContext();
  const { name, text } = useWords();
  const items = itemsOf(decided, "home.cards", elder);
  if (!decided || items.length === 0) return null;
  return (
    <section>
      <h4 className={css.sectionHead}>
        {items.some((item) => item.kind === "product") ? t.products : t.reading}
      </h4>
      <ul className={css.cards}>
        {items.map((item) => (
          <li key={item.item}>
            <button type="button" onClick={() => touch(item, "home.cards")}>
              <strong>{name(item)}</strong>
              <span>{text(item)}</span>
              {item.kind === "product" && (
                <small>
                  {item.risk_level !== null && <em>R{item.risk_level}</em>}
                  {item.term_days ? t.term(item.term_days) : t.anyDay}
                  {item.minimum !== null && ` · ${t.minimum(format.money(Number(item.minimum), language))}`}
                </small>
              )}
            </button>
            <Why item={item} slot="home.cards" decided={decided} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function News({ decided, touch }: SlotProps) {
  const t = useTexts(texts);
  const { elder } = usePhoneContext();
  const { name, text } = useWords();
  const items = itemsOf(decided, "home.news", elder);
  if (!decided || items.length === 0) return null;
  return (
    <section>
      <h4 className={css.sectionHead}>{t.reading}</h4>
      <ul className={css.news}>
        {items.map((item) => (
          <li key={item.item}>
            <button type="button" onClick={() => touch(item, "home.news")}>
              <strong>{name(item)}</strong>
              <span>{text(item)}</span>
            </button>
            <Why item={item} slot="home.news" decided={decided} />
          </li>
        ))}
      </ul>
    </section>
  );
}
