import { useTexts, format } from "../language";
import { type TopicState, useLiveStatus } from "../live";
import { Pill } from "./Pill";
import { texts } from "./texts";

/** Says that what is shown is live, or since when it is not. Nothing while it loads. */
export function LivePill({ state }: { state: TopicState }) {
  const t = useTexts(texts);
  const status = useLiveStatus();
  if (state === "live")
    return (
      <Pill tone="good" dot>
        {t.live}
      </Pill>
    );
  if (state !== "paused") return null;
  const since = status.since ? format.clock(status.since) : "";
  return (
    <Pill tone="warn" dot>
      {t.pausedSince(since)}
    </Pill>
  );
}
