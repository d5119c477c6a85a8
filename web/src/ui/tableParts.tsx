import { DownloadOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover } from "antd";
import { type ReactNode, useState } from "react";
import { format, useLanguage, useTexts } from "../language";
import { prefer, preferences } from "../preferences";
import css from "./DataTable.module.css";
import { type Sorting, saveCsv } from "./tableState";
import { type Column, rowName, type Shown } from "./tableTypes";
import { texts } from "./texts";

/** Above the rows: how many, what to do with the chosen ones, choice of columns, export. */
export function Tools<R>({ table }: { table: Shown<R> }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { all, columns, name, rows, selection } = table;
  const visible = columns.map((column) => column.id);
  const show = (ids: string[]) =>
    prefer({
      hiddenColumns: {
        ...preferences().hiddenColumns,
        [name]: all.map((column) => column.id).filter((id) => !ids.includes(id)),
      },
    });
  const exported = () =>
    saveCsv(name, [
      columns.map((column) => column.title),
      ...rows.map((row) => columns.map((column) => (column.text ?? column.sort)?.(row))),
    ]);
  return (
    <div className={css.tools}>
      {selection && selection.keys.length > 0 ? (
        <div className={css.bulk}>
          {t.selected(format.count(selection.keys.length, language))}
          {selection.actions}
        </div>
      ) : (
        <span>{t.rows(format.count(rows.length, language) + (table.more ? "+" : ""))}</span>
      )}
      <Popover
        trigger="click"
        placement="bottomRight"
        content={
          <Checkbox.Group
            style={{ display: "grid", gap: 8 }}
            value={visible}
            options={all.map(({ id, title }, index) => ({ value: id, label: title, disabled: index === 0 }))}
            onChange={show}
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
  );
}

interface HeadProps<R> {
  table: Shown<R>;
  sorting: Sorting | undefined;
  turn: (column: string) => void;
}

export function Head<R>({ table, sorting, turn }: HeadProps<R>) {
  const t = useTexts(texts);
  const { columns, rows, rowKey, selection } = table;
  const chosen = selection?.keys.length ?? 0;
  return (
    <thead>
      <tr>
        {selection && (
          <th scope="col" style={{ width: 40 }}>
            <Checkbox
              aria-label={t.selectAll}
              checked={chosen === rows.length}
              indeterminate={chosen > 0 && chosen < rows.length}
              onChange={(event) => selection.onChange(event.target.checked ? rows.map(rowKey) : [])}
            />
          </th>
        )}
        {columns.map(({ id, title, number, sort, width }) => {
          const on = sorting?.column === id ? sorting : undefined;
          return (
            <th
              key={id}
              scope="col"
              className={number ? css.number : undefined}
              style={{ width }}
              aria-sort={on && (on.descending ? "descending" : "ascending")}
            >
              {sort ? (
                <button type="button" className={css.sort} onClick={() => turn(id)}>
                  {title}
                  <span className={css.arrow} aria-hidden>
                    {on && (on.descending ? "↓" : "↑")}
                  </span>
                </button>
              ) : (
                title
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** The row's own button, stretched over the row by its style. */
function Opener<R>({ table, row, children }: { table: Shown<R>; row: R; children: ReactNode }) {
  const { onOpen, rowKey } = table;
  if (!onOpen) return children;
  return (
    <button type="button" className={css.open} onClick={() => onOpen(rowKey(row))}>
      {children}
    </button>
  );
}

interface RowProps<R> {
  table: Shown<R>;
  row: R;
  index: number;
  measure: (element: HTMLTableRowElement | null) => void;
}

export function Row<R>({ table, row, index, measure }: RowProps<R>) {
  const t = useTexts(texts);
  const { columns, current, fresh, rowKey, selection } = table;
  const key = rowKey(row);
  const chosen = selection?.keys.includes(key) ?? false;
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      data-chosen={chosen}
      data-current={current === key}
      className={fresh.has(key) ? css.fresh : undefined}
    >
      {selection && (
        <td>
          <Checkbox
            className={css.above}
            aria-label={`${t.selectRow} ${rowName(row, table)}`}
            checked={chosen}
            onChange={() =>
              selection.onChange(
                chosen ? selection.keys.filter((each) => each !== key) : [...selection.keys, key],
              )
            }
          />
        </td>
      )}
      {columns.map((column, place) => (
        <td key={column.id} className={column.number ? css.number : column.short ? css.short : undefined}>
          {column.acts ? (
            <div className={css.above}>{column.cell(row)}</div>
          ) : place === 0 ? (
            <Opener table={table} row={row}>
              {column.cell(row)}
            </Opener>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

const CARDS = 40;

/** A row on a phone where the page says no better: its first column, the others with their names below. */
export function PlainCard<R>({ row, columns }: { row: R; columns: readonly Column<R>[] }) {
  const [first, ...others] = columns;
  return (
    <div className={css.plain}>
      <b>{first?.cell(row)}</b>
      <dl>
        {others.map(({ id, title, acts, cell }) => (
          <div key={id}>
            <dt>{title}</dt>
            <dd className={acts ? css.above : undefined}>{cell(row)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The rows on a phone: forty cards at a time. */
export function Cards<R>({ table, card }: { table: Shown<R>; card: (row: R) => ReactNode }) {
  const { fresh, label, onOpen, rowKey, rows } = table;
  const [most, setMost] = useState(CARDS);
  return (
    <>
      <ul className={css.cards} aria-label={label}>
        {rows.slice(0, most).map((row) => (
          <li key={rowKey(row)} className={fresh.has(rowKey(row)) ? css.fresh : undefined}>
            {card(row)}
            {onOpen && (
              <button
                type="button"
                className={css.open}
                aria-label={rowName(row, table)}
                onClick={() => onOpen(rowKey(row))}
              />
            )}
          </li>
        ))}
      </ul>
      {rows.length > most ? <More more={() => setMost(most + CARDS)} /> : <More {...table} />}
    </>
  );
}

export function More({ more, loadingMore }: { more?: () => void; loadingMore?: boolean }) {
  const t = useTexts(texts);
  if (!more) return null;
  return (
    <div className={css.foot}>
      <Button type="text" onClick={more} loading={loadingMore}>
        {t.loadMore}
      </Button>
    </div>
  );
}
