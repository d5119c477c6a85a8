import { CameraOutlined, SmileOutlined, VideoCameraOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Radio, Select } from "antd";
import { type ReactNode, useId, useState } from "react";
import { type Texts, useLanguage, useTexts } from "../../../../language";
import css from "../../demo.module.css";
import { banks, openingTexts } from "../../openingTexts";
import { usePhoneContext } from "../holder";
import type { Step } from "./course";
import type { Opening } from "./own";
import { assessed, type RiskAnswers } from "./risk";

type T = Texts<typeof openingTexts>;

interface FormProps {
  step: Step;
  opening: Opening;
}

/** What the firm's own page asks at this step. A step the demo does not know is simply done. */
export function StepForm(props: FormProps) {
  const Form = FORMS[props.step.code] ?? Plain;
  return <Form {...props} />;
}

function Next({
  opening,
  label,
  disabled,
  onClick,
}: {
  opening: Opening;
  label: string;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <Button type="primary" size="large" block loading={opening.pending} disabled={disabled} onClick={onClick}>
      {label}
    </Button>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

function Plain({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  return <Next opening={opening} label={t.done} onClick={() => void opening.done(step)} />;
}

function Phone({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const { stage } = usePhoneContext();
  const home = stage.seats?.advisor.branch ?? stage.branches[0]?.code ?? null;
  return (
    <>
      <Field label={t.phone}>{(id) => <Input id={id} readOnly value="154 **** ****" />}</Field>
      <Field label={t.code}>{(id) => <Input id={id} readOnly value="246810" />}</Field>
      <Next opening={opening} label={t.next} onClick={() => void opening.done(step, { branch_code: home })} />
    </>
  );
}

function Products({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const language = useLanguage();
  const { stage } = usePhoneContext();
  const [branch, setBranch] = useState(stage.seats?.advisor.branch ?? stage.branches[0]?.code ?? "");
  return (
    <>
      <p>{t.markets}</p>
      <Field label={t.branch}>
        {(id) => (
          <Select
            id={id}
            value={branch}
            onChange={setBranch}
            options={stage.branches.map((each) => ({
              value: each.code,
              label: language === "en" ? each.name_en : each.name,
            }))}
          />
        )}
      </Field>
      <Next
        opening={opening}
        label={t.next}
        onClick={() => void opening.done(step, { branch_code: branch })}
      />
    </>
  );
}

function Identity({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const language = useLanguage();
  const applicant = { name: "林晓雨", gender: "female" as const, birth_year: 2004 };
  return (
    <>
      <div className={css.papers}>
        {[t.idFront, t.idBack].map((side) => (
          <span key={side}>
            <CameraOutlined aria-hidden />
            {side}
          </span>
        ))}
      </div>
      <p className={css.quiet}>{t.idAbout}</p>
      <Field label={t.yourName}>
        {(id) => <Input id={id} readOnly value={language === "en" ? "Lin Xiaoyu" : "林晓雨"} />}
      </Field>
      <Next opening={opening} label={t.next} onClick={() => void opening.done(step, {}, applicant)} />
    </>
  );
}

function Profile({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const [resident, setResident] = useState(false);
  return (
    <>
      <Field label={t.occupation}>{(id) => <Input id={id} readOnly value={t.occupations} />}</Field>
      <Checkbox checked={resident} onChange={(event) => setResident(event.target.checked)}>
        {t.taxResident}
      </Checkbox>
      <Next opening={opening} label={t.next} disabled={!resident} onClick={() => void opening.done(step)} />
    </>
  );
}

function Face({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  return (
    <>
      <div className={css.camera}>
        <SmileOutlined aria-hidden />
      </div>
      <p>{t.faceAbout}</p>
      <Next opening={opening} label={t.faceStart} onClick={() => void opening.done(step)} />
    </>
  );
}

function questions(t: T) {
  return [
    { key: "loss" as const, ask: t.risk1, answers: [t.little, t.some, t.much] },
    { key: "time" as const, ask: t.risk2, answers: [t.months, t.years, t.long] },
    { key: "experience" as const, ask: t.risk3, answers: [t.none, t.few, t.many] },
  ];
}

function Risk({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const [answers, setAnswers] = useState<Partial<RiskAnswers>>({});
  const result = assessed(answers);
  return (
    <>
      <p className={css.quiet}>{t.riskPrivate}</p>
      {questions(t).map(({ key, ask, answers: options }) => (
        <fieldset key={key} className={css.question}>
          <legend>{ask}</legend>
          <Radio.Group
            name={`${step.code}-${key}`}
            value={answers[key]}
            onChange={(event) => setAnswers({ ...answers, [key]: event.target.value as number })}
            options={options.map((label, value) => ({ label, value }))}
          />
        </fieldset>
      ))}
      <Next
        opening={opening}
        label={t.next}
        disabled={result === undefined}
        onClick={() => void opening.done(step, result)}
      />
    </>
  );
}

function Agreements({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const [agreed, setAgreed] = useState(false);
  return (
    <>
      <p>{t.agreements}</p>
      <Checkbox checked={agreed} onChange={(event) => setAgreed(event.target.checked)}>
        {t.agree}
      </Checkbox>
      <Next opening={opening} label={t.next} disabled={!agreed} onClick={() => void opening.done(step)} />
    </>
  );
}

function Bank({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const names = useTexts(banks);
  const [bank, setBank] = useState<keyof typeof banks>("icbc");
  return (
    <>
      <Field label={t.bank}>
        {(id) => (
          <Select<keyof typeof banks>
            id={id}
            value={bank}
            onChange={setBank}
            options={(Object.keys(banks) as (keyof typeof banks)[]).map((value) => ({
              value,
              label: names[value],
            }))}
          />
        )}
      </Field>
      <Field label={t.card}>{(id) => <Input id={id} readOnly value="6200 **** **** 0001" />}</Field>
      <Next opening={opening} label={t.next} onClick={() => void opening.done(step)} />
    </>
  );
}

function Password({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const [typed, setTyped] = useState("");
  const submit = () => void (weak(typed) ? opening.fail(step, "weak_password") : opening.done(step));
  return (
    <>
      <Field label={t.password}>
        {(id) => (
          <Input.Password
            id={id}
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            value={typed}
            onChange={(event) => setTyped(event.target.value.replace(/\D/g, ""))}
          />
        )}
      </Field>
      <Next opening={opening} label={t.next} disabled={typed.length < 6} onClick={submit} />
    </>
  );
}

/** All digits the same, or each one more (or less) than the one before. */
export function weak(digits: string): boolean {
  const steps = [...digits].slice(1).map((digit, at) => Number(digit) - Number(digits[at]));
  return steps.length > 0 && steps.every((step) => step === steps[0]) && Math.abs(steps[0] ?? 9) <= 1;
}

function Video({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  const [queued, setQueued] = useState(false);
  const enter = async () => {
    await opening.enter(step);
    setQueued(true);
  };
  return (
    <>
      <div className={css.camera}>
        <VideoCameraOutlined aria-hidden />
      </div>
      {queued ? (
        <>
          <p>{t.queued}</p>
          <Next opening={opening} label={t.talked} onClick={() => void opening.done(step)} />
        </>
      ) : (
        <Next opening={opening} label={t.enterQueue} onClick={() => void enter()} />
      )}
    </>
  );
}

function Callback({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  return (
    <>
      <p>{t.callbackAbout}</p>
      <Next opening={opening} label={t.yes} onClick={() => void opening.done(step)} />
    </>
  );
}

function Submit({ step, opening }: FormProps) {
  const t = useTexts(openingTexts);
  return (
    <>
      <p>{t.submitAbout}</p>
      <Next opening={opening} label={t.submit} onClick={() => void opening.done(step)} />
    </>
  );
}

const FORMS: Readonly<Record<string, (props: FormProps) => ReactNode>> = {
  phone: Phone,
  products: Products,
  id: Identity,
  profile: Profile,
  face: Face,
  risk: Risk,
  agreements: Agreements,
  bank: Bank,
  password: Password,
  video: Video,
  callback: Callback,
  submit: Submit,
};
