import type { ReactNode } from "react";
import type { Sortable } from "./tableState";

export interface Column<R> {
  id: string;
  title: string;
  cell: (row: R) => ReactNode;
  /** Makes the column sortable, and is what an export holds when `text` is absent. */
  sort?: (row: R) => Sortable;
  /** What an export holds. */
  text?: (row: R) => string | number | null | undefined;
  /** A few words that stay on one line, so that the long ones beside them break instead. */
  short?: boolean;
  /** Right-aligned. */
  number?: boolean;
  width?: number | string;
  /** The cell has buttons or links of its own, which stay above the row's. */
  acts?: boolean;
}

export interface Selection {
  keys: readonly string[];
  onChange: (keys: string[]) => void;
  /** Buttons for what may be done with the chosen rows. */
  actions: ReactNode;
}

export interface DataTableProps<R> {
  /** For the kept choice of columns, the file name of an export, and the sorting in the URL. */
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
  selection?: Selection;
  /** Rows that arrive later are tinted for a moment. */
  live?: boolean;
  /** Shown when there are no rows. */
  empty: ReactNode;
  /** A row on a phone, instead of the table. */
  card?: (row: R) => ReactNode;
  /** Reads the next page; absent after the last. */
  more?: () => void;
  loadingMore?: boolean;
  /** Most height, a CSS length. */
  height?: string;
}

/** What the parts of a table are given: its props with rows in order and columns that are shown. */
export interface Shown<R> extends DataTableProps<R> {
  all: readonly Column<R>[];
  fresh: ReadonlySet<string>;
}

/** One row in words, for what has no room for its cells. */
export function rowName<R>(row: R, { all, rowKey }: Shown<R>): string {
  // An empty text names nothing: then the next best.
  return String(all[0]?.text?.(row) || all[0]?.sort?.(row) || rowKey(row));
}
