import { Button, Checkbox, Form, Input, Segmented } from "antd";
import { useState } from "react";
import { type Answer, type Input as InputOf, useWrite } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { Copyable, ProblemLine, useOpen } from "../../../ui";
import css from "../people.module.css";
import { keyKinds, scopes, texts } from "../texts";

type Given = InputOf<"/api/v1/keys", "post">["body"];
type Made = Answer<"/api/v1/keys", "post">;

/** A key to make: kind, name, scopes; then its secret, this once. */
export function NewKey() {
  const [made, setMade] = useState<Made>();
  return made ? <Secret of={made} /> : <Make done={setMade} />;
}

function Make({ done }: { done: (made: Made) => void }) {
  const t = useTexts(texts);
  const word = useWords(scopes);
  const kinds = useTexts(keyKinds);
  const [form] = Form.useForm<Given>();
  const kind = (Form.useWatch("kind", form) as Given["kind"] | undefined) ?? "write";
  const create = useWrite("post", "/api/v1/keys", { refreshes: ["/api/v1/keys"] });
  const save = async (given: Given) => {
    const body: Given = { ...given, scopes: given.kind === "write" ? ["track"] : given.scopes };
    const answer = await create.run({ body });
    if (answer !== "failed") done(answer);
  };
  return (
    <Form
      form={form}
      layout="vertical"
      className={css.form}
      initialValues={{ kind: "write", name: "", scopes: ["track", "track:trusted", "decide"] }}
      onFinish={(given: Given) => void save(given)}
    >
      <Form.Item name="kind" label={t.keyKind}>
        <Segmented
          block
          options={[
            { value: "write", label: kinds.write },
            { value: "server", label: kinds.server },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="name"
        label={t.keyName}
        rules={[
          { required: true, message: t.required },
          { pattern: /^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, message: t.badKeyName },
        ]}
      >
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      {kind === "server" && (
        <Form.Item name="scopes" label={t.scopes} rules={[{ required: true, message: t.needsScope }]}>
          <Checkbox.Group
            style={{ display: "grid", gap: 8 }}
            options={Object.keys(scopes).map((value) => ({ value, label: word(value) }))}
          />
        </Form.Item>
      )}
      <ProblemLine problem={create.problem} />
      <div className={css.buttons}>
        <Button type="primary" htmlType="submit" loading={create.pending}>
          {t.make}
        </Button>
      </div>
    </Form>
  );
}

function Secret({ of }: { of: Made }) {
  const t = useTexts(texts);
  const [, setOpen] = useOpen();
  const event = JSON.stringify({ event: "app:opened", anonymousId: "visitor-1" });
  const command = `curl -u ${of.secret}: -H 'content-type: application/json' -d '${event}' ${location.origin}/v1/track`;
  return (
    <div className={css.stack}>
      <section>
        <h3 className={css.part}>{t.secretTitle}</h3>
        <Copyable text={of.secret} label={t.secret} />
        <p className={css.quiet} style={{ marginTop: 8 }}>
          {t.secretAdvice}
        </p>
      </section>
      {of.kind === "write" && (
        <section>
          <h3 className={css.part}>{t.tryIt}</h3>
          <Copyable text={command} label={t.tryIt} />
        </section>
      )}
      <div className={css.buttons}>
        <Button type="primary" onClick={() => setOpen(null)}>
          {t.close}
        </Button>
      </div>
    </div>
  );
}
