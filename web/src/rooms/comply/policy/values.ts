/** How a row of the policy is entered; the server has the last word about its bounds. */
export type Entry = "days" | "count" | "risk" | "clock" | "channels" | "purposes" | "yesno";

export function entryOf(key: string): Entry {
  if (key === "risk.high_risk_from") return "risk";
  if (key.endsWith("_days")) return "days";
  if (key.startsWith("cap.")) return "count";
  if (key === "quiet.channels") return "channels";
  if (key === "quiet.purposes") return "purposes";
  if (key === "quiet.start" || key === "quiet.end") return "clock";
  return "yesno";
}

/** The rows under their headings, in the order people read them. */
export function grouped<R extends { key: string }>(
  rows: readonly R[],
  order: readonly string[],
): [string, R[]][] {
  const place = (key: string) => (order.indexOf(key) + order.length) % order.length;
  const groups = new Map<string, R[]>();
  for (const row of [...rows].sort((one, other) => place(one.key) - place(other.key))) {
    const name = row.key.split(".")[0] ?? "";
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups];
}
