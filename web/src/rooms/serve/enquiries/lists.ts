import type { Answer } from "../../../api";

export type Enquiry = Answer<"/api/v1/enquiries/{enquiry_id}", "get">;
export type Message = Answer<"/api/v1/enquiries/{enquiry_id}/messages", "get">["items"][number];

const byTime =
  (of: (enquiry: Enquiry) => string | null, newestFirst = false) =>
  (one: Enquiry, other: Enquiry) => {
    const [a, b] = [of(one) ?? "", of(other) ?? ""];
    const order = a < b ? -1 : a > b ? 1 : one.id < other.id ? -1 : 1;
    return newestFirst ? -order : order;
  };

/** Offers by whose customer waits longest. */
export function offersInOrder(offers: Iterable<Enquiry>): Enquiry[] {
  return [...offers].sort(byTime((enquiry) => enquiry.person_asked_at ?? enquiry.asked_at));
}

/** Conversations: first those in which the customer waits, longest first; then the latest spoken in. */
export function heldInOrder(held: Iterable<Enquiry>): Enquiry[] {
  const all = [...held];
  return [
    ...all
      .filter((enquiry) => enquiry.awaiting_since !== null)
      .sort(byTime((enquiry) => enquiry.awaiting_since)),
    ...all
      .filter((enquiry) => enquiry.awaiting_since === null)
      .sort(byTime((enquiry) => enquiry.last_at, true)),
  ];
}

/** Somebody on duty, as far as handing a conversation to him goes. */
interface OnDuty {
  staff_id: string;
  state: string;
  licensed: boolean;
  load: number;
  capacity: number;
}

/** Who could take a conversation over: online, licensed where that is needed, first who has room and least to do. */
export function takers<P extends OnDuty>(
  all: Iterable<P>,
  enquiry: Pick<Enquiry, "owner_id" | "needs_licence">,
  me: string,
): { who: P; room: boolean }[] {
  return [...all]
    .filter((who) => who.state === "online" && (who.licensed || !enquiry.needs_licence))
    .filter((who) => who.staff_id !== me && who.staff_id !== enquiry.owner_id)
    .map((who) => ({ who, room: who.load < who.capacity }))
    .sort((one, other) => Number(other.room) - Number(one.room) || one.who.load - other.who.load);
}

/** Seconds on the wall until a moment of product time; never below 0. */
export function secondsLeft(until: string | null, now: Date, speed: number): number {
  if (until === null) return 0;
  return Math.max(0, Math.ceil((Date.parse(until) - now.getTime()) / 1000 / speed));
}

/** How often on the wall a sign of life goes out, in seconds: three before the product gives somebody up. */
export function heartbeat(speed: number): number {
  return Math.min(120, Math.max(10, 600 / speed));
}

/** A message on its way, or one that did not arrive. */
export interface Outgoing {
  client_id: string;
  text: string;
  failed: boolean;
}

/** What has been said in order, and what of one's own is not among it yet. */
export function thread(
  rows: Iterable<Message>,
  outgoing: readonly Outgoing[],
): { said: Message[]; outgoing: Outgoing[] } {
  const said = [...rows].sort((one, other) => one.number - other.number);
  const arrived = new Set(said.map((message) => message.client_id));
  return { said, outgoing: outgoing.filter((each) => !arrived.has(each.client_id)) };
}

/** Whether a message begins a new stretch of time that deserves its clock: the first, and after five minutes. */
export function afterPause(before: Message | undefined, message: Message): boolean {
  return before === undefined || Date.parse(message.at) - Date.parse(before.at) > 5 * 60_000;
}

/** The customer's last words, which an answer is sought for. */
export function lastQuestion(said: readonly Message[]): string | undefined {
  return said.findLast((message) => message.author === "customer")?.text;
}

/** What of the knowledge fits the words after "/": all words somewhere in topic or wordings. */
export function matching<E extends { topic: string; phrasings_zh: string[]; phrasings_en: string[] }>(
  entries: readonly E[],
  typed: string,
): E[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const text = [entry.topic, ...entry.phrasings_zh, ...entry.phrasings_en].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
