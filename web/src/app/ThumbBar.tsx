import { MenuOutlined } from "@ant-design/icons";
import { Drawer } from "antd";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { useStaff } from "../api";
import { useLanguage, useTexts } from "../language";
import { Switches } from "../ui";
import css from "./app.module.css";
import { iconOf } from "./icons";
import { pagesFor } from "./modules";
import { Rooms } from "./Rail";
import { texts } from "./texts";

/** Navigation of a phone: up to four pages at the thumb, the rest behind "more". */
export function ThumbBar() {
  const t = useTexts(texts);
  const language = useLanguage();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const pages = pagesFor(useStaff().roles)
    .filter((page) => page.thumb)
    .slice(0, 4);
  return (
    <>
      <nav className={css.thumbs} aria-label={t.thumbBar}>
        {pages.map((page) => (
          <Link
            key={page.path}
            to={page.path}
            className={css.thumb}
            aria-current={
              pathname === page.path || (page.path !== "/" && pathname.startsWith(`${page.path}/`))
                ? "page"
                : undefined
            }
          >
            <span aria-hidden>{iconOf(page)}</span>
            <span>{(page.thumb === true ? page.name : (page.thumb ?? page.name))[language]}</span>
          </Link>
        ))}
        <button type="button" className={css.thumb} aria-expanded={open} onClick={() => setOpen(true)}>
          <span aria-hidden>
            <MenuOutlined />
          </span>
          <span>{t.more}</span>
        </button>
      </nav>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="bottom"
        size="64dvh"
        title={t.rail}
        extra={<Switches />}
        styles={{ body: { padding: 0 } }}
      >
        {/* Any link in it leads away: the drawer has done its work. */}
        <div
          key={pathname}
          onClickCapture={(event) => (event.target as HTMLElement).closest("a") && setOpen(false)}
        >
          <Rooms />
        </div>
      </Drawer>
    </>
  );
}
