import { DesktopOutlined, LogoutOutlined, SearchOutlined, SwapOutlined } from "@ant-design/icons";
import { Dropdown, type MenuProps, Tooltip } from "antd";
import { signOut, useStaff } from "../api";
import { format, type Role, roleNames, useLanguage, useTexts } from "../language";
import { serverSpeed, useLiveStatus, useServerTime } from "../live";
import { prefer, usePreference } from "../preferences";
import { TourButton } from "../rooms/demo/tour/Tour";
import { PresenceBar } from "../rooms/serve/presence/PresenceBar";
import { usePhone } from "../theme";
import { Switches } from "../ui";
import css from "./app.module.css";
import { Brand } from "./Rail";
import { texts } from "./texts";

/** The exchange's clock, and whether what is on screen follows the server. */
function Pulse() {
  const t = useTexts(texts);
  const status = useLiveStatus();
  const time = useServerTime(format.clock);
  const speed = useServerTime(serverSpeed);
  const said =
    status.state === "live"
      ? t.liveOn
      : status.state === "paused" && status.since
        ? t.livePaused(format.clock(status.since))
        : t.liveConnecting;
  return (
    <Tooltip title={[said, t.exchangeTime, ...(speed > 1 ? [t.fast(String(speed))] : [])].join(" · ")}>
      <span className={css.pulse} data-state={status.state} role="status">
        <i aria-hidden />
        {status.state === "paused" ? said : time}
        {status.state !== "paused" && (
          <span style={{ position: "absolute", clipPath: "inset(50%)" }}>{said}</span>
        )}
      </span>
    </Tooltip>
  );
}

function Who() {
  const t = useTexts(texts);
  const names = useTexts(roleNames);
  const language = useLanguage();
  const rising = usePreference("rising");
  const staff = useStaff();
  const name = (language === "en" && staff.name_en) || staff.name;
  const redIsUp = rising === "red" || (rising === "auto" && language === "zh");
  const roles = staff.roles.map((role) => names[role as Role] ?? role).join(" · ");
  const items: MenuProps["items"] = [
    { key: "name", type: "group", label: `${name} · ${staff.login}` },
    { key: "theme", icon: <DesktopOutlined />, label: t.followSystem },
    { key: "rising", icon: <SwapOutlined rotate={90} />, label: redIsUp ? t.greenUp : t.redUp },
    { type: "divider" },
    { key: "out", icon: <LogoutOutlined />, label: t.signOut },
  ];
  const run: Record<string, () => void> = {
    theme: () => prefer({ theme: "system" }),
    rising: () => prefer({ rising: redIsUp ? "green" : "red" }),
    out: () => void signOut(),
  };
  return (
    <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => run[key]?.() }}>
      <button type="button" className={css.who} aria-label={`${t.account}: ${name} ${roles}`}>
        <span className={css.face} aria-hidden>
          {[...name].at(language === "zh" ? -1 : 0)}
        </span>
        <span className={css.whoText}>
          <span className={css.whoName} style={{ display: "block" }}>
            {name}
          </span>
          <span className={css.whoRole} style={{ display: "block" }}>
            {roles}
          </span>
        </span>
      </button>
    </Dropdown>
  );
}

const command = typeof navigator !== "undefined" && navigator.userAgent.includes("Mac") ? "⌘K" : "Ctrl K";

export function TopBar({ onFind }: { onFind: () => void }) {
  const t = useTexts(texts);
  const phone = usePhone();
  return (
    <header className={css.top}>
      {phone && <Brand />}
      {phone && <span className={css.push} />}
      <button type="button" className={css.finder} onClick={onFind} aria-label={`${t.search} ${command}`}>
        <SearchOutlined aria-hidden />
        <span className={css.finderText}>{t.search}</span>
        <kbd>{command}</kbd>
      </button>
      {!phone && <span className={css.push} />}
      {!phone && <TourButton />}
      <PresenceBar />
      <Pulse />
      {!phone && <Switches />}
      <Who />
    </header>
  );
}
