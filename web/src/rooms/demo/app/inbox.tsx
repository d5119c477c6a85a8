import { Button } from "antd";
import { customerWrite, Problem } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { serverNow, useTopic } from "../../../live";
import css from "../demo.module.css";
import { texts } from "../texts";
import { ScreenHead } from "./chrome";
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
export function useInbox(holder: Holder): InboxRow[] {
  const topic = holder.live && holder.api ? `inbox:${holder.api.customerId}` : null;
  const { rows } = useTopic<InboxRow>(topic, holder.live);
  return [...rows.values()].sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
}

export function InboxScreen() {
  const t = useTexts(texts);
  const language = useLanguage();
  const { holder, go } = usePhoneContext();
  const messages = useInbox(holder);
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
      <div className={css.screenBody}>
        {messages.length === 0 && (
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
      </div>
    </>
  );
}
