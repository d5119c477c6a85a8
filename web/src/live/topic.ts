/** What is known of one topic: its rows as of the change with this number. */
export interface Kept {
  readonly number: number;
  readonly rows: ReadonlyMap<string, unknown>;
}

/** One numbered change as the wire carries it; a row of null takes the key away. */
export type Change = readonly [number: number, key: string, row: unknown];

export function ofSnapshot(number: number, rows: Readonly<Record<string, unknown>>): Kept {
  return { number, rows: new Map(Object.entries(rows)) };
}

/**
 * The topic after `changes`, or "gap" when one is missing between what is kept and what came: then only a
 * fresh snapshot is right. Changes already known are passed over, so a resend does no harm.
 */
export function after(kept: Kept, changes: readonly Change[]): Kept | "gap" {
  let number = kept.number;
  let rows: Map<string, unknown> | undefined;
  for (const [its, key, row] of changes) {
    if (its <= number) continue;
    if (its !== number + 1) return "gap";
    rows ??= new Map(kept.rows);
    if (row === null) rows.delete(key);
    else rows.set(key, row);
    number = its;
  }
  return rows === undefined ? kept : { number, rows };
}
