import { ArrowLeftOutlined, IdcardOutlined } from "@ant-design/icons";
import { Button, Drawer, Dropdown, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useMay, useStaff, useWrite } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { useTopic } from "../../../live";
import { to } from "../../../paths";
import { ErrorState, Loading, Pill, usePhone, useShortcuts, useTell, usePersonName } from "../../../ui";
import { CustomerCard } from "../customerCard";
import { usePresence } from "../presence/usePresence";
import css from "../serve.module.css";
import { texts } from "../texts";
import { useRefusal } from "../useRefusal";
import { chosenClosings, closings, enquiryStates, topics } from "../words";
import { Composer } from "./composer";
import { type Enquiry, lastQuestion, type Message, type Outgoing, thread } from "./lists";
import { Stars } from "./stars";
import { Thread } from "./thread";
import { CameFrom, Transfer, useMayTransfer } from "./transfer";
import { useClaim } from "./useClaim";

/** What is said, both ways and live, and for its owner the place to answer. */
export function Conversation({ enquiry, leave }: { enquiry: Enquiry; leave: () => void }) {
  const me = useStaff().id;
  const [outgoing, setOutgoing] = useState<readonly Outgoing[]>([]);
  const topic = useTopic<Message>(`conversation:${enquiry.id}`);
  const found = thread(topic.rows.values(), outgoing);
  return (
    <section className={css.talk}>
      <Head of={enquiry} leave={leave} />
      <CameFrom of={enquiry} />
      {topic.state === "refused" && topic.problem ? (
        <ErrorState problem={topic.problem} />
      ) : topic.state === "loading" ? (
        <Loading shape="detail" />
      ) : (
        <Thread said={found.said} outgoing={found.outgoing} />
      )}
      <Foot
        of={enquiry}
        mine={enquiry.owner_id === me}
        question={lastQuestion(found.said)}
        setOutgoing={setOutgoing}
      />
    </section>
  );
}

function Head({ of, leave }: { of: Enquiry; leave: () => void }) {
  const t = useTexts(texts);
  const phone = usePhone();
  const state = useWords(enquiryStates);
  const topic = useWords(topics);
  const person = usePersonName();
  const [beside, setBeside] = useState(false);
  return (
    <header className={css.talkHead}>
      {phone && <Button type="text" icon={<ArrowLeftOutlined />} aria-label={t.backToList} onClick={leave} />}
      <div className={css.talkWho}>
        <h2>{of.customer || t.unknownCustomer}</h2>
        <span className={css.pills}>
          <Pill
            tone={of.state === "claimed" ? "accent" : of.state === "callback_owed" ? "danger" : "neutral"}
          >
            {state(of.state)}
          </Pill>
          <span className={css.quiet}>{topic(of.topic)}</span>
          {of.owner && <span className={css.quiet}>{person(of.owner_id, of.owner.name)}</span>}
          {of.opening_id && <Link to={to.openings({ open: of.opening_id })}>{t.asksAbout}</Link>}
        </span>
      </div>
      <Actions of={of} />
      {phone && (
        <>
          <Button
            type="text"
            icon={<IdcardOutlined />}
            aria-label={t.showCustomer}
            onClick={() => setBeside(true)}
          />
          <Drawer
            open={beside}
            onClose={() => setBeside(false)}
            placement="bottom"
            size="80dvh"
            title={t.aboutCustomer}
            destroyOnHidden
          >
            <CustomerCard id={of.customer_id} />
          </Drawer>
        </>
      )}
    </header>
  );
}

/** Close and transfer for its owner (a supervisor may transfer for him), assign for a supervisor. */
function Actions({ of }: { of: Enquiry }) {
  const t = useTexts(texts);
  const tell = useTell();
  const refused = useRefusal();
  const me = useStaff().id;
  const supervises = useMay("enquiry:supervise");
  const how = useTexts(closings);
  const options = { refreshes: ["/api/v1/enquiries"], onProblem: refused };
  const closing = useWrite("post", "/api/v1/enquiries/{enquiry_id}/close", options);
  const path = { enquiry_id: of.id };
  const [ending, setEnding] = useState(false);
  const mine = of.state !== "closed" && of.owner_id === me;
  const transfers = useMayTransfer(of);
  const [giving, setGiving] = useState(false);
  useShortcuts([
    ...(mine ? [{ key: "e", does: t.close, run: () => setEnding(true) }] : []),
    ...(transfers ? [{ key: "t", does: t.transfer, run: () => setGiving(true) }] : []),
  ]);
  if (of.state === "closed") return null;
  if (!mine && !transfers) return supervises && of.state !== "claimed" ? <Assign of={of} /> : null;
  return (
    <span className={css.row}>
      <Button onClick={() => setGiving(true)}>{t.transfer}</Button>
      {giving && <Transfer of={of} close={() => setGiving(false)} />}
      <Dropdown
        trigger={["click"]}
        open={ending}
        onOpenChange={setEnding}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- it was opened to choose in it, by mouse or by E
        autoFocus
        menu={{
          items: chosenClosings.map((outcome) => ({ key: outcome, label: how[outcome] })),
          onClick: ({ key }) =>
            void closing
              .run({ path, body: { outcome: key as (typeof chosenClosings)[number] } })
              .then((done) => done !== "failed" && tell.done(t.closedDone)),
        }}
      >
        <Button loading={closing.pending}>{t.close}</Button>
      </Dropdown>
    </span>
  );
}

function Assign({ of }: { of: Enquiry }) {
  const t = useTexts(texts);
  const tell = useTell();
  const refused = useRefusal();
  const person = usePersonName();
  const { colleagues } = usePresence();
  const assigning = useWrite("post", "/api/v1/enquiries/{enquiry_id}/assign", {
    refreshes: ["/api/v1/enquiries"],
    onProblem: refused,
  });
  const there = [...colleagues.values()].filter(
    (one) => one.state !== "offline" && (one.licensed || !of.needs_licence),
  );
  const assign = async (staff_id: string) => {
    const done = await assigning.run({ path: { enquiry_id: of.id }, body: { staff_id } });
    if (done !== "failed") tell.done(t.assigned);
  };
  return (
    <Select<string>
      aria-label={t.assign}
      placeholder={t.assign}
      value={null}
      style={{ width: 140 }}
      loading={assigning.pending}
      notFoundContent={t.nobodyOnDuty}
      showSearch={{ optionFilterProp: "label" }}
      onChange={(staff) => void assign(staff)}
      options={there.map((one) => ({
        value: one.staff_id,
        label: `${person(one.staff_id, one.name)} (${one.load}/${one.capacity})`,
      }))}
    />
  );
}

interface FootProps {
  of: Enquiry;
  mine: boolean;
  question: string | undefined;
  setOutgoing: (change: (before: readonly Outgoing[]) => readonly Outgoing[]) => void;
}

/** The place to answer, or why there is none. */
function Foot({ of, mine, question, setOutgoing }: FootProps) {
  const t = useTexts(texts);
  if (of.state === "claimed" && mine)
    return <Composer enquiry={of} question={question} setOutgoing={setOutgoing} />;
  return (
    <footer className={css.footNote}>
      {of.state === "closed" ? (
        <Ended of={of} />
      ) : of.state === "claimed" ? (
        t.replyOwnerOnly
      ) : (
        <Offered of={of} />
      )}
    </footer>
  );
}

function Offered({ of }: { of: Enquiry }) {
  const t = useTexts(texts);
  const { claim, pending } = useClaim();
  const me = useStaff().id;
  const serves = useMay("enquiry:claim");
  const offered = useTopic<Enquiry>(serves ? `offers:${me}` : null).rows.has(of.id);
  return (
    <>
      <span>{t.replyWaiting}</span>
      {offered && (
        <Button type="primary" className={css.push} loading={pending} onClick={() => void claim(of.id)}>
          {t.claim}
        </Button>
      )}
    </>
  );
}

function Ended({ of }: { of: Enquiry }) {
  const t = useTexts(texts);
  const how = useWords(closings);
  return (
    <>
      <span>{t.endedAs(how(of.outcome))}</span>
      <span className={`${css.push} ${css.pills}`}>
        {of.stars === null ? t.notRated : <Stars of={of.stars} />}
        {of.comment && <span>“{of.comment}”</span>}
      </span>
    </>
  );
}
