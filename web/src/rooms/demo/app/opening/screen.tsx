import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled } from "@ant-design/icons";
import { Button, Progress, Segmented, Skeleton } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { format, useLanguage, useTexts, useWords } from "../../../../language";
import { serverSpeed, useServerTime } from "../../../../live";
import { ProblemLine } from "../../../../ui";
import css from "../../demo.module.css";
import { openingTexts } from "../../openingTexts";
import { reasons } from "../../words";
import { ScreenBody, ScreenHead } from "../chrome";
import { usePhoneContext } from "../holder";
import { useDecided } from "../slots";
import { Why } from "../why";
import { FAILURES, type Own, type Place } from "./course";
import { StepForm } from "./forms";
import { type Opening, useOpening } from "./own";

/** The account opening, step by step, as the firm's own rows describe it. */
export function OpeningScreen() {
  const t = useTexts(openingTexts);
  const { holder } = usePhoneContext();
  const opening = useOpening();
  if (holder.part !== "young_beginner")
    return (
      <Framed>
        <Ending mark={<CheckCircleFilled />} title={t.already} text={t.alreadyText} />
      </Framed>
    );
  return (
    <Framed>
      <ProblemLine problem={opening.problem} />
      <Body opening={opening} />
    </Framed>
  );
}

function Framed({ children }: { children: ReactNode }) {
  const t = useTexts(openingTexts);
  return (
    <>
      <ScreenHead title={t.title} />
      <ScreenBody title={t.title}>{children}</ScreenBody>
    </>
  );
}

function Body({ opening }: { opening: Opening }) {
  const t = useTexts(openingTexts);
  if (opening.loading && opening.place.at === "start") return <Skeleton active />;
  switch (opening.place.at) {
    case "start":
      return <Start opening={opening} />;
    case "step":
      return <StepPlace opening={opening} place={opening.place} />;
    case "review":
      return <Review opening={opening} />;
    case "opened":
      return <Opened opening={opening} />;
    case "ineligible":
      return <Ending mark={<CloseCircleFilled />} title={t.ineligible} />;
  }
}

function Start({ opening }: { opening: Opening }) {
  const t = useTexts(openingTexts);
  const { stage } = usePhoneContext();
  const recruiter = stage.seats?.recruiter;
  const [by, setBy] = useState<"self" | "code">("self");
  return (
    <div className={css.stack}>
      <h4>{t.begin}</h4>
      <p>{t.beginText}</p>
      {recruiter && (
        <div className={css.field}>
          <span className={css.quiet}>{t.arrival}</span>
          <Segmented<"self" | "code">
            block
            aria-label={t.arrival}
            value={by}
            onChange={setBy}
            options={[
              { value: "self", label: t.bySelf },
              { value: "code", label: t.byCode },
            ]}
          />
          {by === "code" && <p className={css.quiet}>{t.scanned(recruiter.name)}</p>}
        </div>
      )}
      <Button
        type="primary"
        size="large"
        block
        loading={opening.pending}
        onClick={() => void opening.begin(by === "code" && recruiter ? recruiter.code : null)}
      >
        {t.begin}
      </Button>
    </div>
  );
}

type AtStep = Extract<Place, { at: "step" }>;

function StepPlace({ opening, place }: { opening: Opening; place: AtStep }) {
  const t = useTexts(openingTexts);
  const language = useLanguage();
  const reason = useWords(reasons);
  const { go, holder } = usePhoneContext();
  const { step } = place;
  const { tracker } = holder;
  useEffect(() => tracker.screen(`opening_${step.code}`), [tracker, step.code]);
  const failures = step.failed_by.length > 0 ? (FAILURES[step.code] ?? []) : [];
  return (
    <div className={css.stack}>
      <div>
        <Progress
          percent={Math.round(((place.number - 1) / place.all) * 100)}
          showInfo={false}
          size="small"
          aria-label={t.stepOf(place.number, place.all)}
        />
        <p className={css.quiet}>{t.stepOf(place.number, place.all)}</p>
        <h4>{language === "en" ? step.name_en : step.name_zh}</h4>
      </div>
      {place.reason && (
        <p className={css.caution} role="alert">
          {place.sentBack ? t.sentBack(reason(place.reason)) : t.failed(reason(place.reason))}
        </p>
      )}
      <StepForm key={step.code} step={step} opening={opening} />
      <Help step={step.code} />
      <Button block onClick={() => go("chat")}>
        {t.askPerson}
      </Button>
      <Clock own={opening.own} />
      {failures.length > 0 && (
        <details className={css.stageHand}>
          <summary>{t.fails}</summary>
          <div className={css.chips}>
            {failures.map((why) => (
              <Button
                key={why}
                size="small"
                disabled={opening.pending}
                onClick={() => void opening.fail(step, why)}
              >
                {reason(why)}
              </Button>
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

/** What the slot of the opening shows at this step, with its reasons. */
function Help({ step }: { step: string }) {
  const language = useLanguage();
  const { decided } = useDecided(HELP, step);
  const items = decided?.slots[0]?.items ?? [];
  if (!decided || items.length === 0) return null;
  return (
    <ul className={css.helps}>
      {items.map((item) => (
        <li key={item.item}>
          <strong>{language === "en" ? item.name_en : item.name_zh}</strong>
          <span>{language === "en" ? item.text_en : item.text_zh}</span>
          <Why item={item} slot="opening.help" decided={decided} />
        </li>
      ))}
    </ul>
  );
}
const HELP = ["opening.help"];

/** When the desk will see him stuck: by the wall's clock, because he waits by it. */
function Clock({ own }: { own: Own | undefined }) {
  const t = useTexts(openingTexts);
  const language = useLanguage();
  const due = own?.stuck_at ? Date.parse(own.stuck_at) : undefined;
  const left = useServerTime((now) =>
    due === undefined ? -1 : Math.max(0, Math.ceil((due - now.getTime()) / 1000 / serverSpeed())),
  );
  if (due === undefined) return null;
  return (
    <p className={css.clockLine}>
      <ClockCircleOutlined aria-hidden /> {left > 0 ? t.stuckIn(format.duration(left, language)) : t.stuckNow}
    </p>
  );
}

function Review({ opening }: { opening: Opening }) {
  const t = useTexts(openingTexts);
  return (
    <div className={css.stack}>
      <Ending mark={<ClockCircleOutlined />} title={t.review} text={t.reviewText} />
      <div className={css.stageHand}>
        <p>{t.backOffice}</p>
        <Button
          type="primary"
          block
          loading={opening.pending}
          onClick={() =>
            void opening.play([{ event: "opening:reviewed" }, { event: "opening:account:opened" }], "account")
          }
        >
          {t.approve}
        </Button>
        <Button
          block
          disabled={opening.pending}
          onClick={() =>
            void opening.play([
              { event: "opening:reviewed" },
              { event: "opening:returned", step: "id", reason: "id_unclear" },
            ])
          }
        >
          {t.sendBack}
        </Button>
      </div>
    </div>
  );
}

function Opened({ opening }: { opening: Opening }) {
  const t = useTexts(openingTexts);
  const language = useLanguage();
  const { own } = opening;
  const done = (code: string) => own?.steps.find((step) => step.code === code)?.done ?? false;
  const branch = (language === "en" ? own?.branch_en : own?.branch) ?? own?.branch;
  return (
    <div className={css.stack}>
      <Ending
        mark={<CheckCircleFilled className={css.good} />}
        title={t.opened}
        text={branch ? t.openedText(branch) : undefined}
      />
      {done("deposit") && done("trade") ? (
        <p className={css.quiet}>{t.doneAll}</p>
      ) : done("deposit") ? (
        <Button
          block
          loading={opening.pending}
          onClick={() => void opening.play([{ event: "trade:first" }], "account")}
        >
          {t.trade}
        </Button>
      ) : (
        <Button
          type="primary"
          block
          loading={opening.pending}
          onClick={() => void opening.play([{ event: "deposit:first" }], "account")}
        >
          {t.deposit}
        </Button>
      )}
    </div>
  );
}

function Ending({ mark, title, text }: { mark: ReactNode; title: string; text?: string }) {
  return (
    <div className={css.ending}>
      <span aria-hidden>{mark}</span>
      <h4>{title}</h4>
      {text && <p className={css.quiet}>{text}</p>}
    </div>
  );
}
