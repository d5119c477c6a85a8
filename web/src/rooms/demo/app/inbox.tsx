import { Button, Skeleton } from "antd";
import { customerWrite, Problem } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { serverNow, type TopicState, useTopic } from "../../../live";
import { ErrorState } from "../../../ui";
import css from "../demo.module.css";
import { texts } from "../texts";
import { ScreenBody, ScreenHead } from "./chrome";
import { type Holder, usePhoneContext } from "./holder";
import { linked } from "./opening/course";

interface InboxRow {
  id: string;
  title: string;
  body: string;
  link: string | null;
  created_at: string;
  read_at: string | null;
}

/** The customer's messages, live, latest first. */
export function useInbox(holder: Holder): { messages: InboxRow[]; state: TopicState; problem?: Problem } {
  const topic = holder.live && holder.api ? `inbox:${holder.api.customerId}` : null;
  const { rows, state, problem } = useTopic<InboxRow>(topic, holder.live);
  const messages = [...rows.values()].sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
  return { messages, state, problem };
}

export function InboxScreen() {
  const t = useTexts(texts);
  const language = useLanguage();
  const { holder, go } = usePhoneContext();
  const { messages, state, problem } = useInbox(holder);
  const read = async (message: InboxRow) => {
    if (holder.api === undefined || message.read_at !== null) return;
    try {
      await customerWrite(holder.api, "post", "/api/v1/inbox/{message_id}/read", {
        path: { message_id: message.id },
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // it stays unread, and can be opened again
    }
  };
  return (
    <>
      <ScreenHead title={t.inbox} />
      <ScreenBody title={t.inbox}>
        {problem && <ErrorState problem={problem} />}
        {messages.length === 0 && state === "loading" && <Skeleton active />}
        {messages.length === 0 && (state === "live" || state === "paused") && (
          <div className={css.ending}>
            <h4>{t.noMessages}</h4>
            <p className={css.quiet}>{t.noMessagesText}</p>
          </div>
        )}
        <ul className={css.messages}>
          {messages.map((message) => (
            <li key={message.id} data-unread={message.read_at === null}>
              <button type="button" onClick={() => void read(message)}>
                <strong>{message.title}</strong>
                <span>{message.body}</span>
                <small>{format.relative(new Date(message.created_at), serverNow(), language)}</small>
              </button>
              {linked(message.link ?? message.body) && (
                <Button type="link" size="small" onClick={() => void read(message).then(() => go("opening"))}>
                  {t.goToStep} →
                </Button>
              )}
            </li>
          ))}
        </ul>
      </ScreenBody>
    </>
  );
}
