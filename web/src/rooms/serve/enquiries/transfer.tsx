import { Input, Modal, Radio, Select } from "antd";
import { useId, useState } from "react";
import { useMay, useStaff, useWrite } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { ProblemLine, useBranches, usePersonName, useTell } from "../../../ui";
import { usePresence } from "../presence/usePresence";
import css from "../serve.module.css";
import { texts } from "../texts";
import { type Enquiry, takers } from "./lists";

const WAYS = ["colleague", "branch", "anybody"] as const;
type Way = (typeof WAYS)[number];

/** Hands a conversation on: to a colleague who can take it, to a branch, or to whoever is free, with a note. */
export function Transfer({ of, close }: { of: Enquiry; close: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const id = useId();
  const several = useBranches().length > 1;
  const [way, setWay] = useState<Way>("colleague");
  const [staff, setStaff] = useState<string | null>(null);
  const [branch, setBranch] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const giving = useWrite("post", "/api/v1/enquiries/{enquiry_id}/transfer", {
    refreshes: ["/api/v1/enquiries"],
  });
  const ready = way === "anybody" || (way === "colleague" ? staff : branch) !== null;
  const give = async () => {
    const to = { staff_id: way === "colleague" ? staff : null, branch: way === "branch" ? branch : null };
    const done = await giving.run({
      path: { enquiry_id: of.id },
      body: { ...to, note: note.trim() || null },
    });
    if (done === "failed") return;
    tell.done(way === "anybody" ? t.givenBack : t.transferred);
    close();
  };
  const says = { colleague: t.toColleague, branch: t.toBranch, anybody: t.toAnybody };
  return (
    <Modal
      open
      title={t.transferTitle(of.customer || t.unknownCustomer)}
      okText={t.transfer}
      cancelText={t.cancel}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={giving.pending}
      onOk={() => void give()}
      onCancel={close}
    >
      <div className={css.transfer}>
        <Radio.Group
          aria-label={t.toWhom}
          value={way}
          onChange={(event) => setWay(event.target.value as Way)}
          options={WAYS.filter((each) => each !== "branch" || several).map((each) => ({
            value: each,
            label: says[each],
          }))}
        />
        {way === "colleague" && <Colleagues of={of} chosen={staff} choose={setStaff} />}
        {way === "branch" && <Branches chosen={branch} choose={setBranch} />}
        {way === "anybody" && <p className={css.quiet}>{t.toAnybodyAbout}</p>}
        <label htmlFor={`${id}n`}>{t.transferNote}</label>
        <Input.TextArea
          id={`${id}n`}
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={NOTE}
          placeholder={t.transferNoteHint}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <ProblemLine problem={giving.problem}>
          {giving.problem?.code === "capacity" ? t.colleagueFull : undefined}
        </ProblemLine>
      </div>
    </Modal>
  );
}

const NOTE = 1000;

interface ChosenProps {
  chosen: string | null;
  choose: (id: string) => void;
}

function Colleagues({ of, chosen, choose }: ChosenProps & { of: Enquiry }) {
  const t = useTexts(texts);
  const me = useStaff().id;
  const person = usePersonName();
  const { colleagues, loading } = usePresence();
  return (
    <Select<string>
      aria-label={t.toColleague}
      placeholder={t.chooseColleague}
      value={chosen}
      onChange={choose}
      showSearch={{ optionFilterProp: "label" }}
      loading={loading}
      notFoundContent={loading ? t.looking : t.nobodyFree}
      options={takers(colleagues.values(), of, me).map(({ who, room }) => ({
        value: who.staff_id,
        label: `${person(who.staff_id, who.name) ?? ""} (${t.load(who.load, who.capacity)})`,
        disabled: !room,
      }))}
    />
  );
}

function Branches({ chosen, choose }: ChosenProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const branches = useBranches().filter((branch) => branch.active);
  return (
    <Select<string>
      aria-label={t.toBranch}
      placeholder={t.chooseBranch}
      value={chosen}
      onChange={choose}
      showSearch={{ optionFilterProp: "label" }}
      options={branches.map((branch) => ({
        value: branch.id,
        label: (language === "en" && branch.name_en) || branch.name,
      }))}
    />
  );
}

/** Who had it before and what he noted, for whoever has it now. */
export function CameFrom({ of }: { of: Enquiry }) {
  const t = useTexts(texts);
  const person = usePersonName();
  const { handover } = of;
  if (!handover || of.state === "closed") return null;
  const said = {
    transferred: t.cameFrom,
    released: t.cameFrom,
    silent: t.cameSilent,
    offline: t.cameOffline,
    licence: t.cameLicence,
  };
  const name = person(handover.staff_id, handover.name) ?? t.somebody;
  return (
    <p className={css.handover}>
      {said[handover.reason](name)}
      {handover.note && <q>{handover.note}</q>}
    </p>
  );
}

/** Whether this person may hand it on: its owner, or a supervisor for him. */
export function useMayTransfer(of: Enquiry): boolean {
  const me = useStaff().id;
  const supervises = useMay("enquiry:supervise");
  return of.state === "claimed" && (of.owner_id === me || supervises);
}
