import { Button, Input, Segmented, Select } from "antd";
import { useId, useState } from "react";
import { Link } from "react-router";
import { useMay, useStaff, useWrite } from "../../../api";
import { useTexts } from "../../../language";
import { to } from "../../../paths";
import { Pill, ProblemLine, RelativeTime, useStepName, useTell, usePersonName } from "../../../ui";
import css from "../serve.module.css";
import { Stopped } from "../stopped";
import { texts } from "../texts";
import { chosenOutcomes, outcomes } from "../words";
import { Assign } from "./assign";
import type { Rescue } from "./rows";
import { useRescue } from "./useRescue";

const STALE = ["/api/v1/rescues", "/api/v1/openings", "/api/v1/enquiries", "/api/v1/conversations"];

/** What can be done for a stuck applicant now: take him, reach out, say how it ended. */
export function RescuePanel({
  id,
  step,
  rescue,
}: {
  id: string;
  step: string | null;
  rescue: Rescue | undefined;
}) {
  const t = useTexts(texts);
  const me = useStaff().id;
  const may = useMay("rescue:take");
  const assigns = useMay("rescue:assign");
  const person = usePersonName();
  const { take, release, pending } = useRescue();
  if (rescue === undefined) return null;
  return (
    <section className={css.panel} aria-label={t.rescue}>
      {rescue.state === "held" && <p>{rescue.arm === "control" ? t.heldControlWhy : t.heldMessageWhy}</p>}
      {rescue.state === "open" && !may && !assigns && <p>{t.mayNot}</p>}
      {rescue.state === "open" && may && (
        <Button type="primary" block size="large" loading={pending} onClick={() => void take(id)}>
          {t.take}
        </Button>
      )}
      {rescue.state === "taken" && rescue.staff_id !== me && (
        <p>{t.notYours(person(rescue.staff_id, rescue.staff_name) ?? t.somebody)}</p>
      )}
      {assigns && (rescue.state === "open" || rescue.state === "taken") && <Assign id={id} rescue={rescue} />}
      {rescue.state === "taken" && rescue.staff_id === me && (
        <>
          {rescue.contacted_at && (
            <p className={css.quiet}>
              <Pill tone="good">{t.contacted}</Pill> <RelativeTime at={rescue.contacted_at} />
            </p>
          )}
          <Contact id={id} step={step} />
          <Conclude id={id} release={rescue.contacted_at ? undefined : () => void release(id)} />
        </>
      )}
    </section>
  );
}

type Channel = "chat" | "call" | "message";

/** Words for the customer, or a note of a call. What was typed stays after a refusal. */
function Contact({ id, step }: { id: string; step: string | null }) {
  const t = useTexts(texts);
  const tell = useTell();
  const stepName = useStepName();
  const field = useId();
  const [channel, setChannel] = useState<Channel>("chat");
  const [typed, setTyped] = useState<string>();
  const [enquiry, setEnquiry] = useState<string | null>(null);
  const contacting = useWrite("post", "/api/v1/openings/{opening_id}/contact", { refreshes: STALE });
  const text = typed ?? (channel === "call" ? "" : t.greeting(stepName(step)));
  const submit = async () => {
    const done = await contacting.run({
      path: { opening_id: id },
      body: { channel, text: text.trim() === "" ? null : text.trim() },
    });
    if (done === "failed") return;
    tell.done(channel === "chat" ? t.sent : t.noted);
    setTyped("");
    setEnquiry(done.enquiry_id);
  };
  const about = { chat: t.sendAlong, call: t.callAbout, message: t.messageAbout }[channel];
  return (
    <div className={css.form}>
      <Segmented<Channel>
        block
        aria-label={t.how}
        value={channel}
        onChange={(next) => {
          setChannel(next);
          setTyped(undefined);
        }}
        options={[
          { value: "chat", label: t.channelChat },
          { value: "call", label: t.channelCall },
          { value: "message", label: t.channelMessage },
        ]}
      />
      <label htmlFor={field} className={css.label}>
        {channel === "call" ? t.callNote : t.words}
      </label>
      <Input.TextArea
        id={field}
        autoSize={{ minRows: 3, maxRows: 8 }}
        maxLength={2000}
        value={text}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p className={css.quiet}>{about}</p>
      <Stopped problem={contacting.problem} />
      <div className={css.buttons}>
        {enquiry && <Link to={to.enquiries({ conversation: enquiry })}>{t.openChat} →</Link>}
        <Button
          type="primary"
          className={css.push}
          loading={contacting.pending}
          disabled={channel !== "call" && text.trim() === ""}
          onClick={() => void submit()}
        >
          {channel === "call" ? t.noteCall : t.send}
        </Button>
      </div>
    </div>
  );
}

type Outcome = (typeof chosenOutcomes)[number];

function Conclude({ id, release }: { id: string; release: (() => void) | undefined }) {
  const t = useTexts(texts);
  const words = useTexts(outcomes);
  const tell = useTell();
  const [outcome, setOutcome] = useState<Outcome>();
  const [note, setNote] = useState("");
  const concluding = useWrite("post", "/api/v1/openings/{opening_id}/outcome", { refreshes: STALE });
  const submit = async () => {
    if (outcome === undefined) return;
    const done = await concluding.run({
      path: { opening_id: id },
      body: { outcome, note: note.trim() || null },
    });
    if (done !== "failed") tell.done(t.concluded);
  };
  return (
    <div className={css.form}>
      <div className={css.row}>
        <Select<Outcome>
          aria-label={t.outcome}
          placeholder={t.outcome}
          value={outcome}
          onChange={setOutcome}
          options={chosenOutcomes.map((value) => ({ value, label: words[value] }))}
          className={css.grow}
        />
        <Input
          aria-label={t.note}
          placeholder={t.note}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          className={css.grow}
        />
      </div>
      <ProblemLine problem={concluding.problem} />
      <div className={css.buttons}>
        {release && <Button onClick={release}>{t.release}</Button>}
        <Button
          className={css.push}
          loading={concluding.pending}
          disabled={outcome === undefined}
          onClick={() => void submit()}
        >
          {t.finish}
        </Button>
      </div>
    </div>
  );
}
