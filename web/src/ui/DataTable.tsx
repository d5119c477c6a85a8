import { DownloadOutlined, SettingOutlined } from "@ant-design/icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Button, Checkbox, Popover } from "antd";
import { type ReactNode, useRef } from "react";
import { format, useLanguage, useTexts } from "../language";
import { prefer, preferences, usePreference } from "../preferences";
import { usePhone } from "../theme";
import css from "./DataTable.module.css";
import { saveCsv, type Sortable, sorted, useFresh, useSorting } from "./tableState";
import { texts } from "./texts";

export interface Column<R> {
  id: string;
  title: string;
  cell: (row: R) => ReactNode;
  /** Makes the column sortable, and is what an export holds when `text` is absent. */
  sort?: (row: R) => Sortable;
  /** What an export holds. */
  text?: (row: R) => string | number | null | undefined;
  /** Right-aligned. */
  number?: boolean;
  width?: number | string;
  /** The cell has buttons or links of its own, which stay above the row's. */
  acts?: boolean;
}

export interface DataTableProps<R> {
  /** For the kept choice of columns, the file name of an export, and the URL where two tables share a page. */
  name: string;
  /** Says what the rows are, for those who cannot see the page. */
  label: string;
  rows: readonly R[];
  rowKey: (row: R) => string;
  columns: readonly Column<R>[];
  /** Opens a row's details; the first column becomes the link. */
  onOpen?: (key: string) => void;
  /** The row that is open or under the keyboard. */
  current?: string | null;
  /** "id" or "-id" of the column that sorts at first. */
  sortedBy?: string;
  /** Chosen keys and what may be done with them. */
  selection?: { keys: readonly string[]; onChange: (keys: string[]) => void; actions: ReactNode };
  /** Rows that arrive later are tinted for a moment. */
  live?: boolean;
  /** Shown when there are no rows. */
  empty: ReactNode;
  /** A row on a phone, instead of the table. */
  card?: (row: R) => ReactNode;
  more?: () => void;
  loadingMore?: boolean;
  /** Most height, a CSS length. */
  height?: string;
}

const ROW = 45;

/** A list: virtual, sortable by the URL, sticky header, column choice kept, selection, export; cards on a phone. */
export function DataTable<R>(props: DataTableProps<R>) {
  const {
    name,
    label,
    rowKey,
    columns,
    onOpen,
    selection,
    empty,
    card,
    height = "calc(100dvh - 240px)",
  } = props;
  const t = useTexts(texts);
  const language = useLanguage();
  const phone = usePhone();
  const hidden = usePreference("hiddenColumns")[name] ?? [];
  const [sorting, turn] = useSorting(name === "" ? "sort" : `${name}.sort`, props.sortedBy ?? "");
  const by = columns.find((column) => column.id === sorting?.column)?.sort;
  const rows = by && sorting ? sorted(props.rows, by, sorting.descending) : props.rows;
  const fresh = useFresh(props.rows.map(rowKey), props.live ?? false);
  const shown = columns.filter((column, index) => index === 0 || !hidden.includes(column.id));
  const scroll = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called in this render only
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  if (rows.length === 0) return <div className={css.frame}>{empty}</div>;

  const more = props.more && (
    <div className={css.foot}>
      <Button type="text" onClick={props.more} loading={props.loadingMore}>
        {t.loadMore}
      </Button>
    </div>
  );
  const opener = (row: R, content: ReactNode) =>
    onOpen ? (
      <button type="button" className={css.open} onClick={() => onOpen(rowKey(row))}>
        {content}
      </button>
    ) : (
      content
    );

  if (phone && card)
    return (
      <div className={css.frame}>
        <ul className={css.cards} aria-label={label}>
          {rows.map((row) => (
            <li key={rowKey(row)} className={fresh.has(rowKey(row)) ? css.fresh : undefined}>
              {card(row)}
              {onOpen && (
                <button
                  type="button"
                  className={css.open}
                  aria-label={String(columns[0]?.text?.(row) ?? columns[0]?.sort?.(row) ?? rowKey(row))}
                  onClick={() => onOpen(rowKey(row))}
                />
              )}
            </li>
          ))}
        </ul>
        {more}
      </div>
    );

  const chosen = new Set(selection?.keys);
  const choose = (key: string, on: boolean) =>
    selection?.onChange(on ? [...chosen, key] : [...chosen].filter((each) => each !== key));
  const exported = () =>
    saveCsv(name, [
      shown.map((column) => column.title),
      ...rows.map((row) => shown.map((column) => (column.text ?? column.sort)?.(row))),
    ]);
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const behind = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = shown.length + (selection ? 1 : 0);

  return (
    <div className={css.frame}>
      <div className={css.tools}>
        {chosen.size > 0 ? (
          <div className={css.bulk}>
            {t.selected(format.count(chosen.size, language))}
            {selection?.actions}
          </div>
        ) : (
          <span>{t.rows(format.count(rows.length, language) + (props.more ? "+" : ""))}</span>
        )}
        <Popover
          trigger="click"
          placement="bottomRight"
          content={
            <Checkbox.Group
              style={{ display: "grid", gap: 8 }}
              value={columns.map((column) => column.id).filter((id) => !hidden.includes(id))}
              options={columns.map(({ id, title }, index) => ({
                value: id,
                label: title,
                disabled: index === 0,
              }))}
              onChange={(visible) =>
                prefer({
                  hiddenColumns: {
                    ...preferences().hiddenColumns,
                    [name]: columns.map((column) => column.id).filter((id) => !visible.includes(id)),
                  },
                })
              }
            />
          }
        >
          <Button size="small" type="text" icon={<SettingOutlined />}>
            {t.columns}
          </Button>
        </Popover>
        <Button size="small" type="text" icon={<DownloadOutlined />} onClick={exported}>
          {t.exportCsv}
        </Button>
      </div>
      {/* A scrolling region is focusable, so that the keyboard can scroll it. */}
      <div
        ref={scroll}
        className={css.scroll}
        style={{ maxHeight: height }}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <table className={css.table} aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              {selection && (
                <th scope="col" style={{ width: 40 }}>
                  <Checkbox
                    aria-label={t.selectAll}
                    checked={chosen.size === rows.length}
                    indeterminate={chosen.size > 0 && chosen.size < rows.length}
                    onChange={(event) => selection.onChange(event.target.checked ? rows.map(rowKey) : [])}
                  />
                </th>
              )}
              {shown.map((column) => {
                const on = sorting?.column === column.id ? sorting : undefined;
                return (
                  <th
                    key={column.id}
                    scope="col"
                    className={column.number ? css.number : undefined}
                    style={{ width: column.width }}
                    aria-sort={on && (on.descending ? "descending" : "ascending")}
                  >
                    {column.sort ? (
                      <button type="button" className={css.sort} onClick={() => turn(column.id)}>
                        {column.title}
                        {on && (
                          <span className={css.arrow} aria-hidden>
                            {on.descending ? "↓" : "↑"}
                          </span>
                        )}
                      </button>
                    ) : (
                      column.title
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {before > 0 && (
              <tr className={css.spacer} aria-hidden>
                <td colSpan={width} style={{ height: before }} />
              </tr>
            )}
            {items.map(({ index }) => {
              const row = rows[index] as R;
              const key = rowKey(row);
              return (
                <tr
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  aria-rowindex={index + 2}
                  data-chosen={chosen.has(key)}
                  data-current={props.current === key}
                  className={fresh.has(key) ? css.fresh : undefined}
                >
                  {selection && (
                    <td>
                      <Checkbox
                        className={css.above}
                        aria-label={t.selectRow}
                        checked={chosen.has(key)}
                        onChange={(event) => choose(key, event.target.checked)}
                      />
                    </td>
                  )}
                  {shown.map((column, place) => (
                    <td key={column.id} className={column.number ? css.number : undefined}>
                      {column.acts ? <div className={css.above}>{column.cell(row)}</div> : null}
                      {!column.acts && (place === 0 ? opener(row, column.cell(row)) : column.cell(row))}
                    </td>
                  ))}
                </tr>
              );
            })}
            {behind > 0 && (
              <tr className={css.spacer} aria-hidden>
                <td colSpan={width} style={{ height: behind }} />
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {more}
    </div>
  );
}
