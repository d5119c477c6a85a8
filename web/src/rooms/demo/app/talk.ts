import type { Answer } from "../../../api";

export type Mine = Answer<"/api/v1/enquiries/mine", "get">["items"][number];
export type Message = Answer<"/api/v1/enquiries/{enquiry_id}/messages", "get">["items"][number];

/** The conversation the chat shows: the one under way, else the latest. */
export function currentOf(mine: Iterable<Mine>): Mine | undefined {
  const all = [...mine].sort((one, other) => (one.last_at < other.last_at ? 1 : -1));
  return all.find((enquiry) => enquiry.state !== "closed") ?? all[0];
}

/** Whether somebody of the firm spoke last and the customer has not seen it. */
export function hasNews(mine: Mine | undefined, seen: number): boolean {
  return mine !== undefined && mine.last_author !== "customer" && mine.last_number > seen;
}

/** What the chat offers besides writing: a person after the assistant, a rating after an answer. */
export function mayAskPerson(mine: Mine | undefined): boolean {
  return mine?.state === "bot";
}

export function mayRate(mine: Mine | undefined): boolean {
  return mine?.state === "closed" && mine.stars === null && (mine.advisor !== null || mine.by_bot);
}
