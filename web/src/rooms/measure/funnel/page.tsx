import { useMay, useRead } from "../../../api";
import { eventNames, format, useLanguage, useTexts, useWords } from "../../../language";
import {
  Card,
  Copyable,
  Empty,
  Funnel,
  type FunnelStep,
  Page,
  PeriodChoice,
  Reading,
  useOpen,
  useSpan,
  useUrlState,
} from "../../../ui";
import css from "../measure.module.css";
import { texts } from "../texts";
import { Breakdown } from "./breakdown";
import { Behind } from "./behind";
import { Builder } from "./builder";
import { commandOf, type FunnelOf, markText, stepsOf, worst } from "./question";

/** Any ordered funnel over customers; the question stands in the URL and on the command line. */
export default function FunnelPage() {
  const t = useTexts(texts);
  const [text] = useUrlState("steps");
  const [window] = useUrlState("window", "30d");
  const [by] = useUrlState("by");
  const span = useSpan();
  const steps = stepsOf(text);
  const read = useRead(
    "/api/v1/funnel",
    { query: { steps: steps.join(","), window, by: by || undefined, ...span } },
    { when: steps.length >= 2 },
  );
  return (
    <Page title={t.funnelTitle} about={t.funnelAbout} filters={<PeriodChoice />}>
      <div className={css.explorer}>
        <Builder steps={steps} />
        <div className={css.main}>
          {steps.length < 2 ? (
            <Card>
              <Empty what={t.chooseSteps} advice={t.chooseStepsAdvice} />
            </Card>
          ) : (
            <>
              <Reading of={read} shape="chart" isEmpty={() => false}>
                {(found) => <Result of={found} />}
              </Reading>
              <Card title={t.command}>
                <Copyable text={commandOf(steps, window, by, span)} label={t.copyCommand} />
              </Card>
              <Behind
                asked={{ steps: steps.join(","), window, by: by || undefined, ...span }}
                steps={steps}
              />
            </>
          )}
        </div>
      </div>
    </Page>
  );
}

function Result({ of }: { of: FunnelOf }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const name = useWords(eventNames);
  const mayOpen = useMay("customer:read");
  const [, open] = useOpen();
  const first = of.steps[0]?.customers ?? 0;
  if (first === 0)
    return (
      <Card>
        <Empty what={t.nobodyCame} advice={t.nobodyCameAdvice} />
      </Card>
    );
  const steps: FunnelStep[] = of.steps.map((step, index) => ({
    key: `${index}:${step.name}`,
    name: name(step.name),
    customers: step.customers,
    medianSeconds: step.median_seconds,
  }));
  const lost = worst(of.steps);
  const last = of.steps.at(-1)?.customers ?? 0;
  const message = lost
    ? t.says(format.decimal((last / first) * 100, language, last / first < 0.1 ? 1 : 0), name(lost.name))
    : t.saysAll;
  const window = format.duration(of.window_seconds, language);
  return (
    <>
      <Card>
        <Funnel
          message={message}
          note={t.note(format.count(first, language), window)}
          steps={steps}
          onStep={
            mayOpen
              ? (key) => open(markText({ step: Number.parseInt(key) + 1, lost: false, value: undefined }))
              : undefined
          }
        />
      </Card>
      {of.by && of.breakdown.length > 0 && <Breakdown of={of} />}
    </>
  );
}
