import { useTexts } from "../../language";
import { RelativeTime } from "../../ui";
import { texts } from "./texts";

/** Since when an experiment's version runs; what came with the product runs from its installation. */
export function Since({ at }: { at: string }) {
  const t = useTexts(texts);
  return new Date(at).getTime() === 0 ? t.fromInstallation : <RelativeTime at={at} />;
}
