import { Button, Input, Rate, Skeleton } from "antd";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { customerWrite, newKey, Problem } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { useTopic } from "../../../live";
import { ProblemLine } from "../../../ui";
import css from "../demo.module.css";
import { texts } from "../texts";
import { ScreenHead } from "./chrome";
import { type Holder, usePhoneContext } from "./holder";
import { Advisor } from "./holdings";
import { linked } from "./opening/course";
import { currentOf, mayAskPerson, mayRate, type Message, type Mine } from "./talk";

/** The customer's own enquiries, live. */
export function useMine(holder: Holder): Mine | undefined {
  const topic = holder.live && holder.api ? `me:${holder.api.customerId}` : null;
  return currentOf(useTopic<Mine>(topic, holder.live).rows.values());
}

/** One call of the customer's at a time, with its problem. */
function useCalls(holder: Holder) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const run = async <R,>(work: (api: NonNullable<Holder["api"]>) => Promise<R>): Promise<R | undefined> => {
    if (holder.api === undefined) return undefined;
    setPending(true);
    setProblem(undefined);
    try {
      return await work(holder.api);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      return undefined;
    } finally {
      setPending(false);
    }
  };
  return { run, pending, problem };
}

/** Asking: the assistant answers what it can, a person the rest, live and both ways. */
export function ChatScreen({ seen }: { seen: (number: number) => void }) {
  const t = useTexts(texts);
  const { holder } = usePhoneContext();
  const mine = useMine(holder);
  const [started, setStarted] = useState<string>();
  const id = mine?.id ?? started;
  const topic = id && holder.live ? `conversation:${id}` : null;
  const { rows, state, problem } = useTopic<Message>(topic, holder.live);
  const messages = [...rows.values()].sort((one, other) => one.number - other.number);
  const calls = useCalls(holder);
  const last = messages.at(-1)?.number ?? 0;
  useEffect(() => seen(last), [seen, last]);
  const path = { enquiry_id: id ?? "" };
  const say = async (text: string) => {
    const said = await calls.run(async (api) => {
      if (id !== undefined)
        return customerWrite(api, "post", "/api/v1/enquiries/{enquiry_id}/messages", {
          path,
          body: { text, client_id: newKey() },
        });
      return customerWrite(api, "post", "/api/v1/enquiries", {
        body: { text, client_id: newKey(), opening_id: null },
      });
    });
    if (said && "enquiry" in said) setStarted(said.enquiry.id);
    return said !== undefined;
  };
  const close = () =>
    void calls.run((api) => customerWrite(api, "post", "/api/v1/enquiries/{enquiry_id}/close", { path }));
  return (
    <>
      <ScreenHead
        title={t.chat}
        extra={
          mine?.state === "claimed" && (
            <Button size="small" type="text" onClick={close}>
              {t.endChat}
            </Button>
          )
        }
      />
      {mine?.advisor && (
        <div className={css.advisorBar}>
          <Advisor
            of={mine.advisor}
            title={mine.state === "claimed" ? t.served(mine.advisor.name) : t.myAdvisor}
          />
        </div>
      )}
      <Talk
        messages={messages}
        loading={id !== undefined && state === "loading"}
        ask={(text) => void say(text)}
      />
      <div className={css.chatFoot}>
        <Standing mine={mine} />
        {mayAskPerson(mine) && (
          <Button
            block
            loading={calls.pending}
            onClick={() =>
              void calls.run((api) =>
                customerWrite(api, "post", "/api/v1/enquiries/{enquiry_id}/person", { path }),
              )
            }
          >
            {t.askPerson}
          </Button>
        )}
        {mine && mayRate(mine) && <Rating mine={mine} run={calls.run} />}
        <ProblemLine problem={calls.problem ?? problem} />
        <Writing say={say} pending={calls.pending} />
      </div>
    </>
  );
}

interface TalkProps {
  messages: readonly Message[];
  loading: boolean;
  ask: (text: string) => void;
}

function Talk({ messages, loading, ask }: TalkProps) {
  const t = useTexts(texts);
  const { go } = usePhoneContext();
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [messages.length]);
  return (
    <div ref={box} className={css.talk} tabIndex={0} role="region" aria-live="polite" aria-label={t.chat}>
      <div className={css.said} data-author="bot">
        <p>{t.chatHello}</p>
      </div>
      {loading && <Skeleton active title={false} />}
      {messages.length === 0 && !loading && (
        <div className={css.chips} aria-label={t.common} role="group">
          {[t.question1, t.question2, t.question3].map((question) => (
            <Button key={question} size="small" onClick={() => ask(question)}>
              {question}
            </Button>
          ))}
        </div>
      )}
      {messages.map((message) => (
        <div key={message.number} className={css.said} data-author={message.author}>
          {message.author !== "customer" && (
            <small>{message.author === "bot" ? t.assistant : message.name}</small>
          )}
          <p lang={/[一-鿿]/.test(message.text) ? "zh-CN" : language}>{message.text}</p>
          {linked(message.link) && (
            <Button size="small" onClick={() => go("opening")}>
              {t.goToStep} →
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}

/** Who is looked for, or that it has ended. */
function Standing({ mine }: { mine: Mine | undefined }) {
  const t = useTexts(texts);
  if (mine === undefined || mine.state === "claimed" || mine.state === "bot") return null;
  const words = { waiting: t.searching, callback_owed: t.owed, closed: t.ended }[mine.state];
  return (
    <p className={css.standing} role="status">
      {words}
    </p>
  );
}

function Rating({ mine, run }: { mine: Mine; run: ReturnType<typeof useCalls>["run"] }) {
  const t = useTexts(texts);
  const [stars, setStars] = useState(0);
  const rate = (value: number) => {
    setStars(value);
    void run((api) =>
      customerWrite(api, "post", "/api/v1/enquiries/{enquiry_id}/rating", {
        path: { enquiry_id: mine.id },
        body: { stars: value, comment: null },
      }),
    );
  };
  return (
    <div className={css.rating} role="group" aria-label={t.rate}>
      <span>{stars > 0 ? t.rated : t.rate}</span>
      <Rate value={stars} onChange={rate} />
    </div>
  );
}

function Writing({ say, pending }: { say: (text: string) => Promise<boolean>; pending: boolean }) {
  const t = useTexts(texts);
  const [text, setText] = useState("");
  const send = async () => {
    const words = text.trim();
    if (words === "" || pending) return;
    setText("");
    if (!(await say(words))) setText((typed) => (typed === "" ? words : typed));
  };
  return (
    <div className={css.writing}>
      <Input
        aria-label={t.chatField}
        placeholder={t.chatField}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={() => void send()}
      />
      <Button type="primary" disabled={text.trim() === ""} loading={pending} onClick={() => void send()}>
        {t.send}
      </Button>
    </div>
  );
}
