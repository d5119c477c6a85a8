import { Button } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { type Answer, useMay, useRead, useWrite } from "../../../api";
import { useLanguage, useTexts, useWords } from "../../../language";
import { Card, Facts, Page, Pill, Reading, RelativeTime, TextDialog, useTell } from "../../../ui";
import css from "../measure.module.css";
import { Since } from "../since";
import { arms, experimentStates, texts } from "../texts";
import { Arms } from "./arms";
import { Headline } from "./headline";
import { SampleRatio } from "./ratio";

type Experiment = Answer<"/api/v1/experiments/{key}", "get">["items"][number];

/** One experiment: what it asks, what it says so far, and whether it may be believed. */
export default function ExperimentPage() {
  const { key = "" } = useParams();
  const t = useTexts(texts);
  const language = useLanguage();
  const state = useWords(experimentStates);
  const read = useRead("/api/v1/experiments/{key}", { path: { key } });
  const result = useRead("/api/v1/experiments/{key}/result", { path: { key } }, { every: 10_000 });
  const now = read.data?.items[0];
  const name = now && (language === "en" ? now.name_en : now.name_zh);
  return (
    <Page
      title={now ? (language === "en" ? now.question_en : now.question_zh) : t.experiment}
      about={
        now && (
          <>
            {name} <Pill tone={now.status === "running" ? "accent" : "neutral"}>{state(now.status)}</Pill>{" "}
            {t.versionOf(now.version)}
          </>
        )
      }
      primary={now && now.status !== "ended" && <Switcher of={now} />}
    >
      <Reading of={result} shape="chart" isEmpty={() => false}>
        {(found) => (
          <>
            <Headline of={found} control={now?.control} />
            <Card
              title={t.arms}
              extra={
                <span className={css.faint}>
                  {t.asOf} <RelativeTime at={found.as_of} />
                </span>
              }
            >
              <Arms of={found.arms} label={t.arms} />
            </Card>
            <Card title={t.immediate}>
              <p className={css.faint}>{t.immediateAbout}</p>
              <Arms of={found.immediate.arms} label={t.immediate} />
            </Card>
            <Card title={t.sampleRatio}>
              <SampleRatio of={found.sample_ratio} />
            </Card>
          </>
        )}
      </Reading>
      <Reading of={read} shape="detail">
        {({ items }) => (
          <Card title={t.versions}>
            <Versions of={items} />
          </Card>
        )}
      </Reading>
    </Page>
  );
}

/** Pause or go on, with a reason that is kept. */
function Switcher({ of }: { of: Experiment }) {
  const t = useTexts(texts);
  const tell = useTell();
  const arm = useWords(arms);
  const mayEdit = useMay("experiment:edit");
  const [asking, setAsking] = useState(false);
  const change = useWrite("patch", "/api/v1/experiments/{key}", { refreshes: ["/api/v1/experiments"] });
  if (!mayEdit) return null;
  const pausing = of.status === "running";
  const run = async (reason: string) => {
    const answer = await change.run({
      path: { key: of.key },
      body: { version: of.version, status: pausing ? "paused" : "running", reason },
    });
    if (answer === "failed") return;
    setAsking(false);
    tell.done(t.changed);
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{pausing ? t.pause : t.resume}</Button>
      {asking && (
        <TextDialog
          title={pausing ? t.pauseTitle : t.resumeTitle}
          about={pausing ? t.pauseAbout(arm(of.otherwise)) : t.resumeAbout}
          label={t.reason}
          action={pausing ? t.pause : t.resume}
          pending={change.pending}
          problem={change.problem}
          onDone={(reason) => void run(reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function Versions({ of }: { of: readonly Experiment[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const arm = useWords(arms);
  const state = useWords(experimentStates);
  const share = new Intl.NumberFormat(language === "en" ? "en" : "zh-CN", { style: "percent" });
  return (
    <Facts
      of={of.map((each) => [
        t.versionOf(each.version),
        <span key={each.version}>
          {each.arms.map((one) => `${arm(one.arm)} ${share.format(one.weight)}`).join(" · ")} ·{" "}
          {state(each.status)} · <Since at={each.started_at} />
        </span>,
      ])}
    />
  );
}
