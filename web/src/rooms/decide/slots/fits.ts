import type { Answer } from "../../../api";

export type Item = Answer<"/api/v1/catalogue", "get">["items"][number];
export type Slot = Answer<"/api/v1/slots", "get">["items"][number];

/** Whether an item is a candidate for a slot, whoever looks: active, of its kinds, about one of its topics. */
export function fits(
  item: Pick<Item, "active" | "kind" | "topics">,
  slot: Pick<Slot, "kinds" | "topics">,
): boolean {
  return (
    item.active &&
    slot.kinds.includes(item.kind) &&
    (slot.topics.length === 0 || item.topics.some((topic) => slot.topics.includes(topic)))
  );
}
