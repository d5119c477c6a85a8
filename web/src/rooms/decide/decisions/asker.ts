import { useTexts } from "../../../language";
import { texts } from "../texts";

/** Who asked, in words: one of the firm's systems by its key, or the customer's own app. */
export function useAsker(): (askedBy: string) => string {
  const t = useTexts(texts);
  return (askedBy) => (askedBy.startsWith("key:") ? t.aKey(askedBy.slice(4)) : t.theCustomer);
}
