import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { type Answer, type Input as InputOf, useMay, useWrite } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { Facts, Pill, ProblemLine, useOpen, useTell } from "../../../ui";
import css from "../comply.module.css";
import { categories, contexts, severities, texts } from "../texts";

type PhraseRow = Answer<"/api/v1/wording/phrases", "get">["items"][number];
type Given = InputOf<"/api/v1/wording/phrases", "post">["body"];

const STALE = { refreshes: ["/api/v1/wording/phrases"] };

/** One phrase: why it is minded; its severity and exceptions for those who keep the policy. */
export function Phrase({ of }: { of: PhraseRow }) {
  const t = useTexts(texts);
  const severity = useWords(severities);
  const category = useWords(categories);
  const context = useWords(contexts);
  const mayKeep = useMay("policy:keep");
  return (
    <div className={css.stack}>
      <Facts
        of={[
          [t.phrase, of.phrase],
          [t.severity, severity(of.severity)],
          [t.category, category(of.category)],
          [t.context, context(of.context ?? "any")],
          [t.why, of.reason],
          [t.whyEn, of.reason_en],
          [t.source, of.source],
          [t.unless, of.unless?.join(t.joiner) || "—"],
          [t.state, of.active ? t.watched : <Pill key="s">{t.notWatched}</Pill>],
        ]}
      />
      {mayKeep && <Edit of={of} />}
    </div>
  );
}

function Edit({ of }: { of: PhraseRow }) {
  const t = useTexts(texts);
  const tell = useTell();
  const severity = useWords(severities);
  const [grave, setGrave] = useState(of.severity);
  const [unless, setUnless] = useState(of.unless ?? []);
  const change = useWrite("patch", "/api/v1/wording/phrases/{phrase_id}", STALE);
  const run = async (body: { severity?: PhraseRow["severity"]; unless?: string[]; active?: boolean }) => {
    const answer = await change.run({ path: { phrase_id: of.id }, body });
    if (answer !== "failed") tell.done(t.changed);
  };
  return (
    <div className={css.form}>
      <Select
        aria-label={t.severity}
        value={grave}
        options={Object.keys(severities).map((value) => ({ value, label: severity(value) }))}
        onChange={(value) => setGrave(value as PhraseRow["severity"])}
      />
      <Select
        aria-label={t.unless}
        mode="tags"
        open={false}
        suffixIcon={null}
        placeholder={t.unlessHelp}
        value={unless}
        onChange={setUnless}
      />
      <ProblemLine problem={change.problem} />
      <div className={css.buttons}>
        <Button loading={change.pending} onClick={() => void run({ active: !of.active })}>
          {of.active ? t.stopWatching : t.watchAgain}
        </Button>
        <Button
          type="primary"
          loading={change.pending}
          disabled={grave === of.severity && unless.join() === (of.unless ?? []).join()}
          onClick={() => void run({ severity: grave, unless })}
        >
          {t.save}
        </Button>
      </div>
    </div>
  );
}

/** A phrase to watch for from now on. */
export function NewPhrase() {
  const t = useTexts(texts);
  const tell = useTell();
  const severity = useWords(severities);
  const category = useWords(categories);
  const context = useWords(contexts);
  const [, setOpen] = useOpen();
  const add = useWrite("post", "/api/v1/wording/phrases", STALE);
  const save = async (body: Given) => {
    const answer = await add.run({ body: { ...body, unless: body.unless ?? [] } });
    if (answer === "failed") return;
    tell.done(t.added);
    setOpen(null);
  };
  const needed = [{ required: true, whitespace: true, message: t.required }];
  const options = (of: object, word: (code: string) => string) =>
    Object.keys(of).map((value) => ({ value, label: word(value) }));
  const line = (name: keyof Given, label: string) => (
    <Form.Item name={name} label={label} rules={needed}>
      <Input maxLength={100} />
    </Form.Item>
  );
  return (
    <Form
      layout="vertical"
      className={css.form}
      style={{ display: "block" }}
      initialValues={{ severity: "block", category: "promise", context: "any", unless: [] }}
      onFinish={(given: Given) => void save(given)}
    >
      {line("phrase", t.phrase)}
      <Form.Item name="severity" label={t.severity}>
        <Select options={options(severities, severity)} />
      </Form.Item>
      <Form.Item name="category" label={t.category}>
        <Select options={options(categories, category)} />
      </Form.Item>
      <Form.Item name="context" label={t.context}>
        <Select options={options(contexts, context)} />
      </Form.Item>
      <Form.Item name="unless" label={t.unless} extra={t.unlessHelp}>
        <Select mode="tags" open={false} suffixIcon={null} />
      </Form.Item>
      {line("reason", t.why)}
      {line("reason_en", t.whyEn)}
      {line("source", t.source)}
      <ProblemLine problem={add.problem} />
      <div className={css.buttons}>
        <Button onClick={() => setOpen(null)}>{t.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={add.pending}>
          {t.add}
        </Button>
      </div>
    </Form>
  );
}
