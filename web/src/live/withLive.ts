/**
 * A list that was read page by page, kept up to date by a live topic with rows of the same shape: each row once, the
 * topic's version where both have it, in the order of `at`, the latest first. Rows of the topic that are older than
 * the last one read are left to the next page, unless all was read.
 */
export function withLive<R>(
  read: readonly R[],
  live: ReadonlyMap<string, R>,
  by: { key: (row: R) => string; at: (row: R) => string; fits: (row: R) => boolean; all: boolean },
): readonly R[] {
  if (live.size === 0) return read;
  const last = read.at(-1);
  const oldest = by.all || last === undefined ? Number.NEGATIVE_INFINITY : Date.parse(by.at(last));
  const rows = new Map(read.map((row) => [by.key(row), row]));
  for (const row of live.values()) {
    const known = rows.has(by.key(row));
    if (known || (Date.parse(by.at(row)) >= oldest && by.fits(row))) rows.set(by.key(row), row);
  }
  return [...rows.values()].sort((one, other) => Date.parse(by.at(other)) - Date.parse(by.at(one)));
}
