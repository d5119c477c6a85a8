import { GoldOutlined, SettingOutlined, UserOutlined } from "@ant-design/icons";
import { Modal } from "antd";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";
import { useNavigate } from "react-router";
import { type Problem, type Read, signOut, useMay, useRead, useStaff } from "../api";
import { stageNames, useLanguage, useTexts } from "../language";
import { to } from "../paths";
import { prefer } from "../preferences";
import { useMode } from "../theme";
import { useExplained } from "../ui";
import css from "./app.module.css";
import { iconOf } from "./icons";
import { pagesFor } from "./modules";
import { mayOpen, pages } from "./pages";
import { texts } from "./texts";

interface Hit {
  key: string;
  icon: ReactNode;
  text: string;
  side?: string;
  run: () => void;
}

interface Group {
  name: string;
  hits: Hit[];
}

/** The value once it has stood still for a moment. */
function useSettled(value: string, milliseconds: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

function usePageHits(query: string): Hit[] {
  const language = useLanguage();
  const rooms = useTexts(stageNames);
  const navigate = useNavigate();
  const wanted = query.toLowerCase();
  return pagesFor(useStaff().roles)
    .filter((page) => `${page.name.zh} ${page.name.en} ${page.path}`.toLowerCase().includes(wanted))
    .map((page) => ({
      key: page.path,
      icon: iconOf(page),
      text: page.name[language],
      side: page.under && page.under !== "home" ? rooms[page.under] : undefined,
      run: () => void navigate(page.path),
    }));
}

interface Found {
  hits: Hit[];
  searching: boolean;
  problem: Problem | undefined;
}

/** Whether an answer to what is typed is still to come, or why there is none. */
function standing(query: string, settled: string, when: boolean, read: Read<unknown>) {
  const searching = query.length >= 2 && (query !== settled || (when && read.isFetching));
  return { searching, problem: when ? (read.error ?? undefined) : undefined };
}

function useCustomerHits(query: string): Found {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const { roles } = useStaff();
  const settled = useSettled(query, 200);
  const allowed = pages.some((page) => page.file === "customers/customer" && mayOpen(page, roles));
  const when = allowed && settled.length >= 2;
  const read = useRead("/api/v1/customers", { query: { q: settled, limit: 8 } }, { when });
  const hits = when
    ? (read.data?.items ?? []).map((customer) => ({
        key: customer.id,
        icon: <UserOutlined />,
        text: customer.name_masked || t.unnamed,
        side: customer.phone_masked || undefined,
        run: () => void navigate(to.customer(customer.id)),
      }))
    : [];
  return { hits, ...standing(query, settled, when, read) };
}

/** Items of the catalogue, for whoever may open it: the palette knows only pages that are offered. */
function useProductHits(query: string): Found {
  const language = useLanguage();
  const navigate = useNavigate();
  const { roles } = useStaff();
  const settled = useSettled(query, 200);
  const allowed = pages.some((page) => page.file === "decide/slots" && mayOpen(page, roles));
  const when = useMay("catalogue:read") && allowed && settled.length >= 2;
  const read = useRead("/api/v1/catalogue", { query: { q: settled, limit: 8 } }, { when });
  const hits = when
    ? (read.data?.items ?? []).map((item) => ({
        key: `item:${item.code}`,
        icon: <GoldOutlined />,
        text: language === "en" ? item.name_en : item.name_zh,
        side: item.risk_level === null ? item.code : `R${item.risk_level} · ${item.code}`,
        run: () => void navigate(to.slots({ tab: "catalogue", item: item.code })),
      }))
    : [];
  return { hits, ...standing(query, settled, when, read) };
}

function useActionHits(query: string): Hit[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const mode = useMode();
  const all: Hit[] = [
    {
      key: "language",
      icon: <SettingOutlined />,
      text: t.otherLanguage,
      run: () => prefer({ language: language === "zh" ? "en" : "zh" }),
    },
    {
      key: "theme",
      icon: <SettingOutlined />,
      text: mode === "dark" ? t.toLight : t.toDark,
      run: () => prefer({ theme: mode === "dark" ? "light" : "dark" }),
    },
    { key: "out", icon: <SettingOutlined />, text: t.signOut, run: () => void signOut() },
  ];
  return all.filter((hit) => hit.text.toLowerCase().includes(query.toLowerCase()));
}

function Finder({ close }: { close: () => void }) {
  const t = useTexts(texts);
  const id = useId();
  const explain = useExplained();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const customers = useCustomerHits(query.trim());
  const products = useProductHits(query.trim());
  const searching = customers.searching || products.searching;
  const problem = customers.problem ?? products.problem;
  const groups: Group[] = [
    { name: t.customers, hits: customers.hits },
    { name: t.products, hits: products.hits },
    { name: t.pages, hits: usePageHits(query.trim()) },
    { name: t.actions, hits: useActionHits(query.trim()) },
  ].filter((group) => group.hits.length > 0);
  const hits = groups.flatMap((group) => group.hits);
  const chosen = hits[Math.min(at, hits.length - 1)];
  const take = (hit: Hit) => {
    close();
    hit.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, hits.length - 1) + step + hits.length) % hits.length);
    } else if (event.key === "Enter" && chosen && !event.nativeEvent.isComposing) take(chosen);
  };
  return (
    <>
      <input
        className={css.paletteInput}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type into it
        autoFocus
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={`${id}list`}
        aria-activedescendant={chosen && `${id}${chosen.key}`}
        aria-label={t.search}
        placeholder={t.search}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={`${id}list`} role="listbox" aria-label={t.results} className={css.found} aria-busy={searching}>
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <div className={css.foundGroup} aria-hidden>
              {group.name}
            </div>
            {group.hits.map((hit) => (
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the input's keys choose
              <div
                key={hit.key}
                id={`${id}${hit.key}`}
                role="option"
                tabIndex={-1}
                aria-selected={hit === chosen}
                className={css.hit}
                onClick={() => take(hit)}
                onMouseMove={() => hit !== chosen && setAt(hits.indexOf(hit))}
              >
                <span className={css.hitIcon} aria-hidden>
                  {hit.icon}
                </span>
                {hit.text}
                {hit.side && <span className={css.hitSide}>{hit.side}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {hits.length === 0 && (
        <div className={css.foundNone} role="status">
          {searching ? t.searching : problem ? explain(problem) : t.nothing(query)}
        </div>
      )}
    </>
  );
}

/** Ctrl-K: customers, products, pages and actions by name. */
export function Palette({ open, setOpen }: { open: boolean; setOpen: (open: boolean) => void }) {
  const t = useTexts(texts);
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setOpen(!open);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [open, setOpen]);
  return (
    <Modal
      open={open}
      onCancel={() => setOpen(false)}
      footer={null}
      closable={false}
      destroyOnHidden
      width={600}
      style={{ top: 96 }}
      styles={{ container: { padding: 0, overflow: "hidden" } }}
      aria-label={t.searchShort}
    >
      <Finder close={() => setOpen(false)} />
    </Modal>
  );
}
