import { Button } from "antd";
import { useState } from "react";
import { useMay, useRead, useStaff, useWrite } from "../../../api";
import { contactChannels, purposes, useLanguage, useTexts, useWords } from "../../../language";
import {
  Facts,
  ProblemLine,
  RelativeTime,
  StaffName,
  useOpen,
  useStepName,
  useTell,
  Wording,
} from "../../../ui";
import css from "../reach.module.css";
import { occasions, texts } from "../texts";
import { TemplateForm } from "./form";
import { Status, type Template } from "./status";
import { rendered } from "./wording";

const STALE = { refreshes: ["/api/v1/templates"] };

/** One template: as the customer sees it, its approval, and what may be done with it. */
export function TemplateDetails({ of }: { of: Template }) {
  const [editing, setEditing] = useState(false);
  if (editing) return <TemplateForm of={of} done={() => setEditing(false)} />;
  return (
    <div className={css.stack}>
      <Preview of={of} />
      <Wording text={`${of.title}\n${of.body}`} />
      <TemplateFacts of={of} />
      <Actions of={of} edit={() => setEditing(true)} />
      <Versions of={of} />
    </div>
  );
}

export function Preview({ of }: { of: Pick<Template, "title" | "body" | "channel" | "step"> }) {
  const t = useTexts(texts);
  const step = useStepName();
  const body = rendered(of.body, {
    link: "https://…/go",
    step: of.step ? step(of.step) : t.sampleStep,
  });
  return (
    <section>
      <h3 className={css.part}>{t.preview}</h3>
      <div className={css.bubble}>
        {of.channel === "inbox" && <b>{of.title}</b>}
        <p>{body}</p>
      </div>
    </section>
  );
}

function TemplateFacts({ of }: { of: Template }) {
  const t = useTexts(texts);
  const channel = useWords(contactChannels);
  const purpose = useWords(purposes);
  const occasion = useWords(occasions);
  const step = useStepName();
  return (
    <Facts
      of={[
        [t.status, <Status key="s" of={of} />],
        ...(of.reason ? ([[t.comment, of.reason]] as const) : []),
        [t.name, `${of.name} · ${t.version(of.version)}`],
        [t.occasion, occasion(of.occasion)],
        [t.step, of.step ? step(of.step) : t.everyStep],
        [t.channel, channel(of.channel)],
        [t.language, of.language === "en" ? t.english : t.chinese],
        [t.purpose, purpose(of.purpose)],
        [t.validFrom, <RelativeTime key="f" at={of.valid_from} />],
        [t.validTo, <RelativeTime key="t" at={of.valid_to} />],
        [t.author, of.author_id ? <StaffName key="a" id={of.author_id} /> : t.supplied],
        ...(of.submitted_at
          ? ([[t.submitted, <RelativeTime key="su" at={of.submitted_at} />]] as const)
          : []),
        ...(of.approver_id ? ([[t.approver, <StaffName key="ap" id={of.approver_id} />]] as const) : []),
        ...(of.decided_at ? ([[t.decided, <RelativeTime key="d" at={of.decided_at} />]] as const) : []),
      ]}
    />
  );
}

function Actions({ of, edit }: { of: Template; edit: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const me = useStaff();
  const mayWrite = useMay("template:author");
  const submit = useWrite("post", "/api/v1/templates/{template_id}/submit", STALE);
  const withdraw = useWrite("post", "/api/v1/templates/{template_id}/withdraw", STALE);
  const path = { path: { template_id: of.id } };
  if (!mayWrite) return null;
  const run = async (call: typeof submit | typeof withdraw, said: string) => {
    if ((await call.run(path)) !== "failed") tell.done(said);
  };
  const pending = submit.pending || withdraw.pending;
  return (
    <div>
      <ProblemLine problem={submit.problem ?? withdraw.problem} />
      <div className={css.buttons}>
        {of.status === "submitted" ? (
          of.author_id === me.id && (
            <Button loading={pending} onClick={() => void run(withdraw, t.withdrawn)}>
              {t.withdraw}
            </Button>
          )
        ) : (
          <>
            <Button disabled={pending} onClick={edit}>
              {of.status === "draft" ? t.edit : t.editNext}
            </Button>
            {of.status === "draft" && (
              <Button type="primary" loading={pending} onClick={() => void run(submit, t.submittedNow)}>
                {t.submit}
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Versions({ of }: { of: Template }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [, setOpen] = useOpen();
  const read = useRead("/api/v1/templates", { query: { name: of.name, limit: 50 } });
  const others = (read.data?.items ?? []).filter((each) => each.id !== of.id);
  if (others.length === 0) return null;
  return (
    <section>
      <h3 className={css.part}>{t.versions}</h3>
      {others.map((each) => (
        <details key={each.id} lang={language === "zh" ? "zh-CN" : "en"}>
          <summary>
            {t.version(each.version)} <Status of={each} />
          </summary>
          <Preview of={each} />
          {each.status === "draft" && (
            <Button size="small" type="link" onClick={() => setOpen(each.id)}>
              {t.edit}
            </Button>
          )}
        </details>
      ))}
    </section>
  );
}
