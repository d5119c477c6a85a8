import { Button, Form, Input, InputNumber, Select, Switch } from "antd";
import type { ReactNode } from "react";
import { type Problem, useWrite } from "../../../api";
import { suitabilityWords, useTexts, useWords } from "../../../language";
import { ProblemLine, useOpen, useTell } from "../../../ui";
import css from "../decide.module.css";
import { itemKinds, texts } from "../texts";
import { changed, type Filled, filledOf, type Given, sent } from "./changes";
import type { Item } from "./fits";

const START: Filled = {
  kind: "content",
  name_zh: "",
  name_en: "",
  text_zh: "",
  text_en: "",
  link: "",
  topics: [],
  weight: 0.5,
  active: true,
};

/** A new item, or a new version of one. What was typed survives a refusal. */
export function ItemForm({ of, done }: { of?: Item; done?: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const [form] = Form.useForm<Filled>();
  const [, setOpen] = useOpen("item");
  const stale = { refreshes: ["/api/v1/catalogue"] };
  const add = useWrite("post", "/api/v1/catalogue", stale);
  const change = useWrite("patch", "/api/v1/catalogue/{code}", stale);
  const product = Form.useWatch("kind", form) === "product";
  const save = async (filled: Filled) => {
    const answer = of
      ? await change.run({
          path: { code: of.code },
          body: { ...changed(filled, of), version: of.version } as Parameters<typeof change.run>[0]["body"],
        })
      : await add.run({ body: sent(filled) as Given });
    if (answer === "failed") return;
    tell.done(t.saved);
    if (of) done?.();
    else setOpen(answer.code);
  };
  const problem: Problem | undefined = of ? change.problem : add.problem;
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={of ? filledOf(of) : START}
      onFinish={(filled) => void save(filled)}
      className={css.form}
      disabled={add.pending || change.pending}
    >
      <Basics known={of !== undefined} />
      {product && <Product />}
      <ProblemLine problem={problem} />
      <div className={css.buttons}>
        <Button onClick={() => (of ? done?.() : setOpen(null))}>{t.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={add.pending || change.pending}>
          {of ? t.save : t.create}
        </Button>
      </div>
    </Form>
  );
}

function Field(props: {
  name: keyof Filled;
  label: string;
  needed?: boolean;
  help?: string;
  wide?: boolean;
  checked?: boolean;
  children: ReactNode;
}) {
  const t = useTexts(texts);
  return (
    <Form.Item
      name={props.name}
      label={props.label}
      extra={props.help}
      className={props.wide ? css.wide : undefined}
      valuePropName={props.checked ? "checked" : undefined}
      rules={props.needed ? [{ required: true, whitespace: true, message: t.required }] : undefined}
    >
      {props.children}
    </Form.Item>
  );
}

function Basics({ known }: { known: boolean }) {
  const t = useTexts(texts);
  const kind = useWords(itemKinds);
  return (
    <div className={css.fields}>
      <Form.Item
        name="code"
        label={t.code}
        rules={[{ required: true, pattern: /^[\w.:-]+$/, message: t.required }]}
      >
        <Input disabled={known} maxLength={80} />
      </Form.Item>
      <Field name="kind" label={t.kind}>
        <Select
          disabled={known}
          options={["content", "function", "product"].map((value) => ({ value, label: kind(value) }))}
        />
      </Field>
      <Field name="name_zh" label={t.nameZh} needed>
        <Input maxLength={120} />
      </Field>
      <Field name="name_en" label={t.nameEn} needed>
        <Input maxLength={120} />
      </Field>
      <Field name="text_zh" label={t.textZh}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
      </Field>
      <Field name="text_en" label={t.textEn}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
      </Field>
      <Field name="link" label={t.link} wide>
        <Input maxLength={500} />
      </Field>
      <Field name="topics" label={t.topics} help={t.topicsHelp}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", "、"]} />
      </Field>
      <Field name="weight" label={t.weight} help={t.weightHelp}>
        <InputNumber min={0} max={1} step={0.05} style={{ width: "100%" }} />
      </Field>
      <Field name="active" label={t.active} checked>
        <Switch />
      </Field>
    </div>
  );
}

const CLASSES = ["cash", "fixed_income", "mixed", "equity", "derivatives", "other"];
const GOALS = ["preserve", "income", "growth", "speculation"];
const PERMISSIONS = ["star", "chinext", "hk_connect", "bse", "neeq", "options", "margin"];

function Product() {
  const t = useTexts(texts);
  const word = useWords(suitabilityWords);
  const options = (codes: string[]) => codes.map((value) => ({ value, label: word(value) }));
  const number = <InputNumber min={0} style={{ width: "100%" }} />;
  return (
    <>
      <h3 className={css.formPart}>{t.forProducts}</h3>
      <p className={css.quiet}>{t.unknownCounts}</p>
      <div className={css.fields}>
        <Form.Item
          name="risk_level"
          label={t.risk}
          extra={t.riskHelp}
          rules={[{ required: true, message: t.required }]}
        >
          <Select options={[1, 2, 3, 4, 5].map((value) => ({ value, label: `R${value}` }))} />
        </Form.Item>
        <Field name="term_days" label={t.termDays}>
          {number}
        </Field>
        <Field name="asset_class" label={t.assetClass}>
          <Select allowClear options={options(CLASSES)} />
        </Field>
        <Field name="goal" label={t.goal}>
          <Select allowClear options={options(GOALS)} />
        </Field>
        <Field name="permission" label={t.permission}>
          <Select allowClear options={options(PERMISSIONS)} />
        </Field>
        <Field name="minimum" label={t.minimum}>
          <InputNumber min={0} stringMode precision={2} style={{ width: "100%" }} />
        </Field>
        <Field name="min_age" label={t.minAge}>
          {number}
        </Field>
        <Field name="max_age" label={t.maxAge}>
          {number}
        </Field>
        <Field name="sale_from" label={t.saleFrom}>
          <Input type="datetime-local" />
        </Field>
        <Field name="sale_until" label={t.saleUntil}>
          <Input type="datetime-local" />
        </Field>
        <Field name="qualified_only" label={t.qualified} checked>
          <Switch />
        </Field>
        <Field name="professional_only" label={t.professional} checked>
          <Switch />
        </Field>
      </div>
    </>
  );
}
