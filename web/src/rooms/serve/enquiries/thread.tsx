import { Button } from "antd";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { format, useTexts } from "../../../language";
import css from "../serve.module.css";
import { texts } from "../texts";
import { afterPause, type Message, type Outgoing } from "./lists";

const NEAR = 60; // pixels from the end within which the thread follows what is said

/** The messages, following the latest unless one has scrolled up to read. */
export function Thread({ said, outgoing }: { said: readonly Message[]; outgoing: readonly Outgoing[] }) {
  const t = useTexts(texts);
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const length = said.length + outgoing.length;
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  useLayoutEffect(() => {
    if (follows) toEnd();
  }, [length, follows]);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const look = () => setFollows(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR);
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, []);
  return (
    <div className={css.threadFrame}>
      <div
        ref={box}
        className={css.thread}
        tabIndex={0}
        role="region"
        aria-live="polite"
        aria-label={t.conversation}
      >
        {said.map((message, at) => (
          <Bubble key={message.number} of={message} clock={afterPause(said[at - 1], message)} />
        ))}
        {outgoing.map((each) => (
          <div key={each.client_id} className={css.bubbleRow} data-author="staff">
            <div className={css.bubble}>{each.text}</div>
            <span className={css.quiet}>{each.failed ? t.notSent : t.sending}</span>
          </div>
        ))}
      </div>
      {!follows && (
        <Button shape="round" size="small" className={css.toEnd} onClick={toEnd}>
          {t.newMessages} ↓
        </Button>
      )}
    </div>
  );
}

function Bubble({ of, clock }: { of: Message; clock: boolean }) {
  const t = useTexts(texts);
  const at = new Date(of.at);
  return (
    <>
      {clock && (
        <time className={css.clock} dateTime={of.at} title={format.exact(at)}>
          {format.clock(at)}
        </time>
      )}
      <div className={css.bubbleRow} data-author={of.author}>
        {of.author !== "customer" && (
          <span className={css.speaker}>{of.author === "bot" ? t.byBot : of.name}</span>
        )}
        <div className={css.bubble} title={format.exact(at)}>
          {of.text}
          {of.link && <div className={css.bubbleLink}>{of.link}</div>}
        </div>
      </div>
    </>
  );
}
