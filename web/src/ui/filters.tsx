import { CloseOutlined, DownOutlined, SearchOutlined } from "@ant-design/icons";
import { Dropdown, Input } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation, useSearchParams } from "react-router";
import { useTexts } from "../language";
import { type Asked, asks, type PageName, type Query } from "../paths";
import { texts } from "./texts";
import css from "./ui.module.css";

/** One value in the query of the URL. Setting it keeps the rest; `null` or the fallback takes it away. */
export function useUrlState(name: string, fallback = ""): [string, (value: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (value: string | null) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === null || value === "" || value === fallback) after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  return [search.get(name) ?? fallback, set];
}

/**
 * `useUrlState` for what src/paths.ts says this page may be asked: where it lists the values, one of them, the first
 * when the URL says none or another.
 *
 *     const [tab, setTab] = useAsked("openings", "tab");
 */
export function useAsked<P extends PageName, K extends keyof Query<P> & string>(
  page: P,
  key: K,
): [Asked<P, K>, (value: Asked<P, K> | null) => void] {
  const values: unknown = (asks[page] as Readonly<Record<string, unknown>>)[key];
  const listed = Array.isArray(values) ? (values as string[]) : undefined;
  const absent = listed?.[0] ?? "";
  const [value, set] = useUrlState(key, absent as string);
  const asked = listed && !listed.includes(value) ? absent : value;
  return [asked as Asked<P, K>, set as (value: Asked<P, K> | null) => void];
}

export interface Option {
  value: string;
  label: string;
}

export interface ChoiceProps {
  /** Name in the URL's query. */
  name: string;
  /** The first half of the sentence: "Branch". */
  label: string;
  options: readonly Option[];
  /** What absence means, "Any" when not given. With `required` one option is always chosen. */
  any?: string;
  required?: boolean;
}

/** A filter as a chip that reads as a sentence: "Branch: Shenzhen Yitian". Its value stands in the URL. */
export function Choice({ name, label, options, any, required = false }: ChoiceProps) {
  const t = useTexts(texts);
  const [value, set] = useUrlState(name, required ? options[0]?.value : "");
  const chosen = options.find((option) => option.value === value);
  const none = { key: "", label: any ?? t.any };
  const items = options.map((option) => ({ key: option.value, label: option.label }));
  const isSet = chosen !== undefined && !required;
  return (
    <span className={css.chip} data-set={isSet}>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: required ? items : [none, ...items],
          selectable: true,
          selectedKeys: [value],
          onClick: ({ key }) => set(key || null),
          style: { maxHeight: 360, overflow: "auto" },
        }}
      >
        <button type="button">
          {label} <b>{chosen?.label ?? none.label}</b>
          {!isSet && <DownOutlined style={{ fontSize: 9 }} aria-hidden />}
        </button>
      </Dropdown>
      {isSet && (
        <button type="button" className={css.chipClear} aria-label={t.clear(label)} onClick={() => set(null)}>
          <CloseOutlined aria-hidden />
        </button>
      )}
    </span>
  );
}

/** A text filter; reaches the URL a moment after the last key. */
export function Search({ name = "q", label }: { name?: string; label: string }) {
  const [value, set] = useUrlState(name);
  const [draft, setDraft] = useState({ typed: value, of: value });
  if (draft.of !== value) setDraft({ typed: value, of: value }); // the URL moved under us: follow it
  useEffect(() => {
    if (draft.typed === draft.of) return undefined;
    const timer = setTimeout(() => set(draft.typed), 250);
    return () => clearTimeout(timer);
  });
  return (
    <Input
      allowClear
      aria-label={label}
      placeholder={label}
      prefix={<SearchOutlined aria-hidden />}
      className={css.search}
      value={draft.typed}
      onChange={(event) => setDraft({ ...draft, typed: event.target.value })}
    />
  );
}

export interface TabItem {
  key: string;
  label: ReactNode;
  count?: number;
}

/** Views of one page, as links: the first is the default and needs nothing in the URL. */
export function Tabs({
  name = "tab",
  label,
  items,
}: {
  name?: string;
  label: string;
  items: readonly TabItem[];
}) {
  const { pathname, search } = useLocation();
  const asked = new URLSearchParams(search).get(name);
  const current = (items.find((item) => item.key === asked) ?? items[0])?.key;
  return (
    <nav className={css.tabs} aria-label={label}>
      {items.map(({ key, label: text, count }, index) => {
        const query = new URLSearchParams(search);
        if (index === 0) query.delete(name);
        else query.set(name, key);
        return (
          <Link
            key={key}
            to={{ pathname, search: query.toString() }}
            className={css.tab}
            aria-current={key === current ? "page" : undefined}
          >
            {text}
            {count !== undefined && <span className={css.tabCount}>{count}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
