import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import { Link, useLocation } from "react-router";
import { useStaff } from "../api";
import { type Carrier, carriers, type Stage, stageNames, stages, useLanguage, useTexts } from "../language";
import { prefer, usePreference } from "../preferences";
import css from "./app.module.css";
import { iconOf, icons, Mark } from "./icons";
import { pagesFor } from "./modules";
import { type PageEntry } from "./pages";
import { texts } from "./texts";

/** The page whose address is this one or leads to it. */
function useCurrent(pages: readonly PageEntry[]): PageEntry | undefined {
  const { pathname } = useLocation();
  return pages
    .filter(({ path }) => pathname === path || (path !== "/" && pathname.startsWith(`${path}/`)))
    .sort((one, other) => other.path.length - one.path.length)[0];
}

/** One stage or carrier: its name leads to its first page; its pages stand below it while one is open. */
function Room({ room, pages, current, folded }: RoomProps) {
  const names = useTexts(stageNames);
  const language = useLanguage();
  const first = pages[0];
  if (first === undefined) return null;
  const on = current?.under === room;
  const open = on && !folded && pages.length > 1;
  const isStage = (stages as readonly string[]).includes(room);
  const link = (
    <Link to={first.path} className={css.room} data-on={on} aria-current={on && !open ? "page" : undefined}>
      <span className={css.roomIcon} aria-hidden>
        {icons[room]}
      </span>
      <span className={css.roomName}>{names[room]}</span>
    </Link>
  );
  return (
    <li className={`${css.group} ${isStage ? css.stageGroup : ""}`}>
      {folded ? (
        <Tooltip title={names[room]} placement="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
      {open && (
        <ul>
          {pages.map((page) => (
            <li key={page.path}>
              <Link to={page.path} className={css.sub} aria-current={page === current ? "page" : undefined}>
                {page.name[language]}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

interface RoomProps {
  room: Stage | Carrier;
  pages: readonly PageEntry[];
  current: PageEntry | undefined;
  folded: boolean;
}

/** All rooms that the signed-in person may enter, in the order of the loop. */
export function Rooms({ folded = false }: { folded?: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const pages = pagesFor(useStaff().roles);
  const current = useCurrent(pages);
  const under = (room: PageEntry["under"]) => pages.filter((page) => page.under === room);
  const rooms = (list: readonly (Stage | Carrier)[]) =>
    list.map((room) => <Room key={room} room={room} pages={under(room)} current={current} folded={folded} />);
  return (
    <nav className={css.rooms} aria-label={t.rail}>
      <ul>
        {under("home").map((page) => (
          <li key={page.path} className={css.group}>
            <Link to={page.path} className={css.room} aria-current={page === current ? "page" : undefined}>
              <span className={css.roomIcon} aria-hidden>
                {iconOf(page)}
              </span>
              <span className={css.roomName}>{page.name[language]}</span>
            </Link>
          </li>
        ))}
      </ul>
      {stages.some((room) => under(room).length > 0) && (
        <ul className={under("home").length > 0 ? css.groupGap : undefined}>{rooms(stages)}</ul>
      )}
      {carriers.some((room) => under(room).length > 0) && <ul className={css.groupGap}>{rooms(carriers)}</ul>}
    </nav>
  );
}

/** The rail on the left of a desk. */
export function Rail() {
  const t = useTexts(texts);
  const folded = usePreference("railFolded");
  return (
    <div className={css.rail}>
      <Brand />
      <Rooms folded={folded} />
      <div className={css.foldRow}>
        <button
          type="button"
          className={css.fold}
          aria-label={folded ? t.unfold : t.fold}
          aria-expanded={!folded}
          onClick={() => prefer({ railFolded: !folded })}
        >
          {folded ? <MenuUnfoldOutlined aria-hidden /> : <MenuFoldOutlined aria-hidden />}
          <span className={css.foldName}>{folded ? t.unfold : t.fold}</span>
        </button>
      </div>
    </div>
  );
}

export function Brand() {
  return (
    <Link to="/home" className={css.brand}>
      <Mark />
      <span className={css.brandText}>
        闭环 <span className={css.brandLatin}>Bihuan</span>
      </span>
    </Link>
  );
}
