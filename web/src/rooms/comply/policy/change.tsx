import { Input, InputNumber, Modal, Select, Switch } from "antd";
import { useId, useState } from "react";
import { type Answer, useWrite } from "../../../api";
import { contactChannels, purposes, useTexts, useWords } from "../../../language";
import { ProblemLine, useTell } from "../../../ui";
import css from "../comply.module.css";
import { policyNames, texts } from "../texts";
import { entryOf } from "./values";

type Row = Answer<"/api/v1/policy", "get">["items"][number];

/** Another value for a row, and on whose word. */
export function ChangePolicy({ of, close }: { of: Row; close: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const name = useWords(policyNames);
  const id = useId();
  const [value, setValue] = useState<unknown>(of.value);
  const [source, setSource] = useState("");
  const change = useWrite("patch", "/api/v1/policy/{key}", { refreshes: ["/api/v1/policy"] });
  const save = async () => {
    const answer = await change.run({ path: { key: of.key }, body: { value, source } });
    if (answer === "failed") return;
    tell.done(t.changed);
    close();
  };
  return (
    <Modal
      open
      title={t.changeTitle(name(of.key))}
      okText={t.save}
      cancelText={t.cancel}
      okButtonProps={{ disabled: source.trim().length < 3 }}
      confirmLoading={change.pending}
      onOk={() => void save()}
      onCancel={close}
    >
      <div className={css.form}>
        <label className={css.field} htmlFor={`${id}v`}>
          {t.value}
        </label>
        <Value id={`${id}v`} of={of.key} value={value} onChange={setValue} />
        <label className={css.field} htmlFor={`${id}s`}>
          {t.sourceLabel}
        </label>
        <Input
          id={`${id}s`}
          value={source}
          maxLength={300}
          onChange={(event) => setSource(event.target.value)}
        />
      </div>
      <ProblemLine problem={change.problem} />
    </Modal>
  );
}

function Value(props: { id: string; of: string; value: unknown; onChange: (value: unknown) => void }) {
  const { id, value, onChange } = props;
  const channel = useWords(contactChannels);
  const purpose = useWords(purposes);
  const many = (codes: string[], word: (code: string) => string) => (
    <Select
      id={id}
      mode="multiple"
      value={value as string[]}
      options={codes.map((code) => ({ value: code, label: word(code) }))}
      onChange={onChange}
    />
  );
  switch (entryOf(props.of)) {
    case "channels":
      return many(["sms", "inbox", "push", "call", "chat"], channel);
    case "purposes":
      return many(["marketing", "service"], purpose);
    case "clock":
      return (
        <Input id={id} type="time" value={String(value)} onChange={(event) => onChange(event.target.value)} />
      );
    case "yesno":
      return (
        <span>
          <Switch id={id} checked={value === true} onChange={onChange} />
        </span>
      );
    case "risk":
      return (
        <Select
          id={id}
          value={value as number}
          options={[1, 2, 3, 4, 5].map((level) => ({ value: level, label: `R${level}` }))}
          onChange={onChange}
        />
      );
    default:
      return <InputNumber id={id} min={0} precision={0} value={value as number} onChange={onChange} />;
  }
}
