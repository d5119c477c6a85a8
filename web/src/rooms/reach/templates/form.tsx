import { Button, Form, Input, Select } from "antd";
import { type Input as InputOf, useRead, useWrite } from "../../../api";
import { contactChannels, purposes, useLanguage, useTexts, useWords } from "../../../language";
import { serverNow } from "../../../live";
import { exchangeDay, ProblemLine, startOf, useOpen, useTell, Wording } from "../../../ui";
import css from "../reach.module.css";
import { occasions, texts } from "../texts";
import type { Template } from "./status";
import { Preview } from "./template";
import { smsParts } from "./wording";

type Given = InputOf<"/api/v1/templates", "post">["body"];
/** As the form holds it: days of the exchange instead of moments, "" for every step. */
type Filled = Omit<Given, "step" | "valid_from" | "valid_to"> & { step: string; from: string; until: string };

const DAY = 86_400_000;
const YEAR = 365 * DAY;

function start(): Filled {
  const now = serverNow();
  return {
    name: "",
    title: "",
    body: "{step}{link}",
    occasion: "opening-stuck",
    channel: "sms",
    language: "zh-CN",
    purpose: "service",
    step: "",
    from: exchangeDay(now),
    until: exchangeDay(new Date(now.getTime() + YEAR)),
  };
}

function filledOf(of: Template): Filled {
  const { name, title, body, occasion, channel, language, purpose } = of as Given;
  const until = exchangeDay(new Date(Date.parse(of.valid_to) - 1));
  const from = exchangeDay(new Date(of.valid_from));
  return { name, title, body, occasion, channel, language, purpose, step: of.step ?? "", from, until };
}

function sent({ step, from, until, ...rest }: Filled): Given {
  return {
    ...rest,
    step: step || null,
    valid_from: startOf(from).toISOString(),
    valid_to: new Date(startOf(until).getTime() + DAY).toISOString(),
  };
}

/** A draft: new, or of a decided version its next. Forbidden phrases show while one writes. */
export function TemplateForm({ of, done }: { of?: Template; done?: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const [form] = Form.useForm<Filled>();
  const [, setOpen] = useOpen();
  const now = Form.useWatch([], form) as Filled | undefined;
  const stale = { refreshes: ["/api/v1/templates"] };
  const create = useWrite("post", "/api/v1/templates", stale);
  const edit = useWrite("patch", "/api/v1/templates/{template_id}", stale);
  const save = async (filled: Filled) => {
    const body = sent(filled);
    const { title, step, purpose, valid_from, valid_to } = body;
    const answer = of
      ? await edit.run({
          path: { template_id: of.id },
          body: { title, body: body.body, step, purpose, valid_from, valid_to },
        })
      : await create.run({ body });
    if (answer === "failed") return;
    tell.done(t.saved);
    done?.();
    setOpen(answer.id);
  };
  const pending = create.pending || edit.pending;
  return (
    <Form
      form={form}
      layout="vertical"
      className={css.form}
      initialValues={of ? filledOf(of) : start()}
      onFinish={(filled) => void save(filled)}
    >
      <What known={of !== undefined} />
      <Words />
      {now && (
        <>
          <Wording text={`${now.title}\n${now.body}`} />
          <Preview of={{ ...now, step: now.step || null }} />
        </>
      )}
      <ProblemLine problem={create.problem ?? edit.problem} />
      <div className={css.buttons} style={{ marginTop: 16 }}>
        <Button onClick={() => (of ? done?.() : setOpen(null))}>{t.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={pending}>
          {t.saveDraft}
        </Button>
      </div>
    </Form>
  );
}

function What({ known }: { known: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const occasion = useWords(occasions);
  const channel = useWords(contactChannels);
  const purpose = useWords(purposes);
  const steps = useRead("/api/v1/opening-steps").data?.items;
  const names = (steps ?? []).map((step) => ({
    value: step.code,
    label: language === "en" ? step.name_en : step.name_zh,
  }));
  return (
    <div className={css.fields}>
      <Form.Item
        name="name"
        label={t.name}
        extra={known ? undefined : t.nameHelp}
        rules={[
          { required: true, message: t.required },
          { pattern: /^[a-z0-9][a-z0-9._-]*(\.(zh-CN|en))?[a-z0-9._-]*$/, message: t.badName },
        ]}
      >
        <Input disabled={known} maxLength={80} />
      </Form.Item>
      <Form.Item name="occasion" label={t.occasion}>
        <Select
          disabled={known}
          options={Object.keys(occasions).map((value) => ({ value, label: occasion(value) }))}
        />
      </Form.Item>
      <Form.Item name="channel" label={t.channel}>
        <Select
          disabled={known}
          options={["sms", "inbox"].map((value) => ({ value, label: channel(value) }))}
        />
      </Form.Item>
      <Form.Item name="language" label={t.language}>
        <Select
          disabled={known}
          options={[
            { value: "zh-CN", label: t.chinese },
            { value: "en", label: t.english },
          ]}
        />
      </Form.Item>
      <Form.Item name="step" label={t.step}>
        <Select options={[{ value: "", label: t.everyStep }, ...names]} loading={!steps} />
      </Form.Item>
      <Form.Item name="purpose" label={t.purpose}>
        <Select options={["service", "marketing"].map((value) => ({ value, label: purpose(value) }))} />
      </Form.Item>
      <Form.Item name="from" label={t.validFrom} rules={[{ required: true, message: t.required }]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item
        name="until"
        label={t.validTo}
        dependencies={["from"]}
        rules={[
          { required: true, message: t.required },
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              value >= (getFieldValue("from") as string)
                ? Promise.resolve()
                : Promise.reject(new Error(t.endsBefore)),
          }),
        ]}
      >
        <Input type="date" />
      </Form.Item>
    </div>
  );
}

function Words() {
  const t = useTexts(texts);
  const form = Form.useFormInstance<Filled>();
  const body = (Form.useWatch("body", form) as string | undefined) ?? "";
  const insert = (name: string) =>
    form.setFieldValue("body", `${form.getFieldValue("body") as string}{${name}}`);
  return (
    <>
      <Form.Item
        name="title"
        label={t.title}
        rules={[{ required: true, whitespace: true, message: t.required }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item
        name="body"
        label={t.body}
        rules={[
          { required: true, whitespace: true, message: t.required },
          { pattern: /\{link\}/, message: t.missingLink },
        ]}
        extra={
          <span className={css.under}>
            <span>{t.bodyHelp}</span>
            <span>{t.letters(body.length, smsParts(body.length))}</span>
          </span>
        }
      >
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={500} />
      </Form.Item>
      <div className={css.buttons} style={{ justifyContent: "flex-start", marginBottom: 12 }}>
        {["link", "step"].map((name) => (
          <Button key={name} size="small" onClick={() => insert(name)}>
            {t.insert(`{${name}}`)}
          </Button>
        ))}
      </div>
    </>
  );
}
