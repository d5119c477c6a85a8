import {
  CustomerServiceOutlined,
  DisconnectOutlined,
  FontSizeOutlined,
  HomeOutlined,
  IdcardOutlined,
  MailOutlined,
  WalletOutlined,
} from "@ant-design/icons";
import { Badge, Button } from "antd";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { format, useLanguage, useTexts } from "../../../language";
import { useLiveStatus, useServerTime } from "../../../live";
import { ErrorState, useUrlState } from "../../../ui";
import css from "../demo.module.css";
import { type Part, personas } from "../people";
import { texts } from "../texts";
import { ChatScreen, useMine } from "./chat";
import { type PhoneContext, PhoneProvider, type Stage, useHolder, usePhoneContext } from "./holder";
import { HoldingsScreen } from "./holdings";
import { HomeScreen } from "./home";
import { InboxScreen, useInbox } from "./inbox";
import { ItemScreen } from "./item";
import { OpeningScreen } from "./opening/screen";
import { SearchScreen } from "./search";
import { hasNews } from "./talk";

interface PhoneProps {
  /** "a" or "b": whose state in the URL is meant. */
  side: string;
  part: Part;
  stage: Stage;
}

/** One customer's phone. What it shows is in the URL, so that a moment can be shown to somebody else. */
export function Phone({ side, part, stage }: PhoneProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const holder = useHolder(part, stage);
  const [screen, setScreen] = useUrlState(`${side}s`, "home");
  const [elder, setElder] = useUrlState(`${side}e`);
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const { tracker } = holder;
  useEffect(() => tracker.track("App Opened"), [tracker]);
  useEffect(() => tracker.screen(screen.split(":")[0] ?? screen), [tracker, screen]);
  const context: PhoneContext = {
    holder,
    stage,
    screen,
    go: setScreen,
    elder: elder === "1",
    setElder: (on) => setElder(on ? "1" : null),
    frame,
  };
  const name = personas[part].name[language];
  return (
    <PhoneProvider value={context}>
      <section ref={setFrame} className={css.phone} data-elder={elder === "1"} aria-label={t.phoneOf(name)}>
        <StatusBar />
        {holder.problem ? (
          <div className={css.screenBody}>
            <ErrorState problem={holder.problem} retry={holder.again} />
          </div>
        ) : (
          <Screens />
        )}
      </section>
    </PhoneProvider>
  );
}

function StatusBar() {
  const t = useTexts(texts);
  const { elder, setElder } = usePhoneContext();
  const time = useServerTime(format.clock);
  return (
    <div className={css.statusBar}>
      <span>{time}</span>
      <Button
        type="text"
        size="small"
        icon={<FontSizeOutlined />}
        aria-pressed={elder}
        onClick={() => setElder(!elder)}
      >
        {elder ? t.standard : t.elder}
      </Button>
    </div>
  );
}

/** That news of the firm do not arrive at the moment, and since when. */
function Lost() {
  const t = useTexts(texts);
  const { holder } = usePhoneContext();
  const { state, since } = useLiveStatus(holder.live);
  if (state !== "paused") return null;
  return (
    <p className={css.lost} role="status">
      <DisconnectOutlined aria-hidden /> {t.connectionLost(since ? format.clock(since) : "")}
    </p>
  );
}

/** How far somebody has read in each conversation, kept while the phone is on screen. */
function useSeen() {
  const [seen, setSeen] = useState<Readonly<Record<string, number>>>({});
  const see = useCallback(
    (id: string | undefined, number: number) =>
      id !== undefined &&
      setSeen((before) => ((before[id] ?? 0) >= number ? before : { ...before, [id]: number })),
    [],
  );
  return { seen, see };
}

function Screens() {
  const { screen, holder } = usePhoneContext();
  const mine = useMine(holder);
  const { seen, see } = useSeen();
  const id = mine?.id;
  const onSeen = useCallback((number: number) => void see(id, number), [see, id]);
  const news = hasNews(mine, (id && seen[id]) || 0);
  const [name, argument] = screen.split(":");
  const shown = useMemo((): ReactNode => {
    switch (name) {
      case "opening":
        return <OpeningScreen />;
      case "holdings":
        return <HoldingsScreen />;
      case "inbox":
        return <InboxScreen />;
      case "chat":
        return <ChatScreen seen={onSeen} />;
      case "search":
        return <SearchScreen />;
      case "item":
        return <ItemScreen key={argument} code={argument ?? ""} />;
      default:
        return <HomeScreen />;
    }
  }, [name, argument, onSeen]);
  return (
    <>
      <Lost />
      {news && name !== "chat" && <Notice who={mine?.advisor?.name} text={mine?.last_text ?? ""} />}
      <div className={css.screen} key={name}>
        {shown}
      </div>
      <TabBar news={news} />
    </>
  );
}

/** What somebody of the firm has just written, above whatever is on screen. */
function Notice({ who, text }: { who: string | undefined; text: string }) {
  const t = useTexts(texts);
  const { go } = usePhoneContext();
  return (
    <button type="button" className={css.notice} onClick={() => go("chat")}>
      <strong>{t.wroteYou(who ?? t.assistant)}</strong>
      <span>{text}</span>
    </button>
  );
}

function TabBar({ news }: { news: boolean }) {
  const t = useTexts(texts);
  const { screen, go, holder } = usePhoneContext();
  const unread = useInbox(holder).messages.filter((message) => message.read_at === null).length;
  const opens = holder.part === "young_beginner";
  const tabs: [key: string, label: string, icon: ReactNode, count: number][] = [
    ["home", t.home, <HomeOutlined key="home" />, 0],
    opens
      ? ["opening", t.opening, <IdcardOutlined key="opening" />, 0]
      : ["holdings", t.holdings, <WalletOutlined key="holdings" />, 0],
    ["inbox", t.inbox, <MailOutlined key="inbox" />, unread],
    ["chat", t.chat, <CustomerServiceOutlined key="chat" />, news ? 1 : 0],
  ];
  return (
    <nav className={css.tabBar} aria-label={t.tabs}>
      {tabs.map(([key, label, icon, count]) => (
        <button
          key={key}
          type="button"
          aria-current={screen === key ? "page" : undefined}
          aria-label={count > 0 ? `${label}, ${t.unread(count)}` : undefined}
          onClick={() => go(key)}
        >
          <Badge count={count} size="small" dot={key === "chat"}>
            {icon}
          </Badge>
          {label}
        </button>
      ))}
    </nav>
  );
}
