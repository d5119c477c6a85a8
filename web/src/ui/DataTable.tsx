import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { usePreference } from "../preferences";
import { usePhone } from "../theme";
import css from "./DataTable.module.css";
import { Cards, Head, More, PlainCard, Row, Tools } from "./tableParts";
import { type Sorting, sorted, useFresh, useSorting } from "./tableState";
import type { DataTableProps, Shown } from "./tableTypes";

const ROW = 45;

/** A list: virtual, sortable by the URL, sticky header, column choice kept, selection, export; on a phone cards. */
export function DataTable<R>(props: DataTableProps<R>) {
  const { name, rowKey, columns, empty, card } = props;
  const phone = usePhone();
  const hidden = usePreference("hiddenColumns")[name] ?? [];
  const [sorting, turn] = useSorting(`${name}.sort`, props.sortedBy ?? "");
  const by = columns.find((column) => column.id === sorting?.column)?.sort;
  const fresh = useFresh(props.rows.map(rowKey), props.live ?? false);
  const table: Shown<R> = {
    ...props,
    rows: by && sorting ? sorted(props.rows, by, sorting.descending) : props.rows,
    columns: columns.filter((column, index) => index === 0 || !hidden.includes(column.id)),
    all: columns,
    fresh,
  };
  if (table.rows.length === 0) return <div className={css.frame}>{empty}</div>;
  return (
    <div className={css.frame}>
      {phone && (card || !props.selection) ? (
        <Cards table={table} card={card ?? ((row) => <PlainCard row={row} columns={table.columns} />)} />
      ) : (
        <>
          <Tools table={table} />
          <Scrolled table={table} sorting={sorting} turn={turn} />
          <More {...props} />
        </>
      )}
    </div>
  );
}

interface ScrolledProps<R> {
  table: Shown<R>;
  sorting: Sorting | undefined;
  turn: (column: string) => void;
}

/** Only the rows in sight are in the document; two spacers stand for the others. */
function Scrolled<R>({ table, sorting, turn }: ScrolledProps<R>) {
  const { rows, rowKey, label, height = "calc(100dvh - 240px)" } = table;
  const scroll = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called in this render only
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    getItemKey: (index) => rowKey(rows[index] as R),
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const width = table.columns.length + (table.selection ? 1 : 0);
  return (
    <div
      ref={scroll}
      className={css.scroll}
      style={{ maxHeight: height }}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className={css.table} aria-rowcount={rows.length + 1}>
        <Head table={table} sorting={sorting} turn={turn} />
        <tbody>
          <Spacer height={items[0]?.start ?? 0} width={width} />
          {items.map(({ index, key }) => (
            <Row
              key={String(key)}
              table={table}
              row={rows[index] as R}
              index={index}
              measure={virtual.measureElement}
            />
          ))}
          <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} width={width} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height, width }: { height: number; width: number }) {
  if (height <= 0) return null;
  return (
    <tr className={css.spacer} aria-hidden>
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}
