import type { Input } from "../../../api";
import type { Item } from "./fits";

export type Given = Input<"/api/v1/catalogue", "post">["body"];

/** What the form holds: empty fields are null, moments as the browser's field writes them ("2026-03-10T09:30"). */
export type Filled = Omit<Given, "code"> & { code?: string };

/** Exchange time as the browser's field writes it <-> ISO 8601. */
export function fieldTime(at: string | null | undefined): string {
  if (!at) return "";
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16);
}

export function isoTime(field: string | null | undefined): string | null {
  return field ? new Date(`${field}:00+08:00`).toISOString() : null;
}

/** The fields of an item as the form shows them; version, editor and `term` are set by the server. */
export function filledOf(item: Item): Filled {
  const fields = Object.entries(item).filter(
    ([name]) => !["version", "term", "edited_by", "edited_at"].includes(name),
  );
  const times = { sale_from: fieldTime(item.sale_from), sale_until: fieldTime(item.sale_until) };
  return { ...(Object.fromEntries(fields) as unknown as Filled), ...times };
}

/** The form as the server takes it: empty texts of fields that may be unknown become null. */
export function sent(filled: Filled): Filled {
  const entries = Object.entries(filled).map(([name, value]) => {
    if (name === "sale_from" || name === "sale_until") return [name, isoTime(value as string)];
    return [name, value === "" && !["text_zh", "text_en", "link", "image"].includes(name) ? null : value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Filled;
}

/** Of what the form holds, only what differs from the version that was looked at. */
export function changed(filled: Filled, before: Item): Partial<Filled> {
  const old = sent(filledOf(before)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(sent(filled)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]),
    ),
  ) as Partial<Filled>;
}
