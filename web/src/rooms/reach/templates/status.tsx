import type { Answer } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { serverNow } from "../../../live";
import { Pill, type Tone } from "../../../ui";
import { templateStates, texts } from "../texts";

export type Template = Answer<"/api/v1/templates", "get">["items"][number];

const tones: Record<Template["status"], Tone> = {
  draft: "neutral",
  submitted: "warn",
  approved: "good",
  rejected: "danger",
  expired: "danger",
};
const SOON = 14 * 86_400_000;

/** Its approval, and whether its time runs out. */
export function Status({ of }: { of: Template }) {
  const t = useTexts(texts);
  const word = useWords(templateStates);
  const left = Date.parse(of.valid_to) - serverNow().getTime();
  return (
    <>
      <Pill tone={tones[of.status]}>{word(of.status)}</Pill>{" "}
      {of.status === "approved" && left < SOON && <Pill tone="warn">{t.expiresSoon}</Pill>}
    </>
  );
}
