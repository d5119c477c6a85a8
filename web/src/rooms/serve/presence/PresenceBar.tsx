import { BellFilled, BellOutlined } from "@ant-design/icons";
import { Badge, Button, Dropdown, InputNumber, Switch } from "antd";
import { useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { useMay, useStaff } from "../../../api";
import { useTexts } from "../../../language";
import { useTopic } from "../../../live";
import { to } from "../../../paths";
import type { Enquiry } from "../enquiries/lists";
import css from "../serve.module.css";
import { texts } from "../texts";
import { ring, useSound } from "./sound";
import { type PresenceState, useHeartbeat, usePresence } from "./usePresence";

const STATES: readonly PresenceState[] = ["online", "away", "offline"];

/** On every page, for those who serve customers: whether they are there, and what is offered to them. */
export function PresenceBar() {
  return useMay("enquiry:claim") ? <Bar /> : null;
}

function Bar() {
  const presence = usePresence();
  useHeartbeat(presence.state);
  return (
    <span className={css.presence}>
      <OffersBell />
      <PresenceMenu presence={presence} />
    </span>
  );
}

/** How many enquiries lie before this person; rings when one comes. */
function OffersBell() {
  const t = useTexts(texts);
  const go = useNavigate();
  const { pathname } = useLocation();
  const { rows, state } = useTopic<Enquiry>(`offers:${useStaff().id}`);
  const known = useRef<ReadonlySet<string>>(undefined);
  useEffect(() => {
    const now = new Set(rows.keys());
    const before = known.current;
    if (state === "live") known.current = now;
    if (before && [...now].some((id) => !before.has(id))) ring();
  }, [rows, state]);
  if (rows.size === 0 || pathname === to.enquiries()) return null;
  return (
    <Badge count={rows.size} size="small">
      <Button
        type="text"
        className={css.bell}
        icon={<BellFilled />}
        aria-label={t.nOffers(rows.size)}
        onClick={() => void go(to.enquiries())}
      />
    </Badge>
  );
}

function PresenceMenu({ presence }: { presence: ReturnType<typeof usePresence> }) {
  const t = useTexts(texts);
  const [sound, setSound] = useSound();
  const { state, capacity, load, say } = presence;
  const pending = presence.pending || presence.loading;
  const words = { online: t.online, away: t.away, offline: t.offline };
  const word = presence.loading ? "…" : words[state];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [state],
        items: STATES.map((each) => ({ key: each, icon: <Dot state={each} />, label: words[each] })),
        onClick: ({ key }) => void say(key as PresenceState),
      }}
      popupRender={(menu) => (
        <div className={css.presenceMenu}>
          {menu}
          <label className={css.presenceLine}>
            <span>{t.capacity}</span>
            <InputNumber
              size="small"
              min={1}
              max={50}
              value={capacity}
              disabled={state === "offline"}
              onChange={(value) => value !== null && void say(state, value)}
            />
          </label>
          <label className={css.presenceLine}>
            <span>
              <BellOutlined aria-hidden /> {sound ? t.soundOn : t.soundOff}
            </span>
            <Switch size="small" checked={sound} onChange={setSound} aria-label={t.soundOn} />
          </label>
        </div>
      )}
    >
      <Button
        type="text"
        loading={pending}
        className={css.presenceButton}
        aria-label={`${t.presence}: ${word}`}
      >
        {!pending && <Dot state={state} />}
        <span className={css.presenceWord}>
          {word}
          {state === "online" && capacity !== undefined && (
            <span className={css.quiet}>
              {" "}
              {load}/{capacity}
            </span>
          )}
        </span>
      </Button>
    </Dropdown>
  );
}

export function Dot({ state }: { state: PresenceState }) {
  return <i className={css.presenceDot} data-state={state} aria-hidden />;
}
