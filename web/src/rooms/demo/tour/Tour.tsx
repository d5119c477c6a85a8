import {
  CheckOutlined,
  CloseOutlined,
  CompassOutlined,
  ExportOutlined,
  MinusOutlined,
} from "@ant-design/icons";
import { Button, Segmented, Tooltip } from "antd";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { type Answer, Problem, takeSeat, useRead, useSession } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { ProblemLine } from "../../../ui";
import { anew, change, type Memory, useMemory } from "./memory";
import { customerIdOf, finish, scan, speedUp, stall } from "./play";
import { currentOf, doneOf } from "./progress";
import { type Names, type Scene, stories, type Story } from "./stories";
import { texts } from "./texts";
import css from "./tour.module.css";

type Stage = Answer<"/api/v1/demo/stage", "get">;
type Seats = NonNullable<Stage["seats"]>;

const LOOK_AGAIN_MS = 1_500;

/** The tour of the demo: a card on every page that leads from story to story. Nothing outside the demo. */
export function Tour() {
  const memory = useMemory();
  const stage = useRead("/api/v1/demo/stage").data;
  const product = stage?.on ? (stage.write_key ?? "") : undefined;
  // What was played elsewhere, or before the data folder was replaced, would be waited for in vain.
  const foreign = product !== undefined && memory.product !== product;
  useEffect(() => {
    if (foreign) change(anew(product));
  }, [foreign, product]);
  if (!stage?.on || !stage.seats || !memory.on || foreign) return null;
  return memory.folded ? <Folded /> : <Card memory={memory} stage={stage} seats={stage.seats} />;
}

/** Begins the tour. Nothing outside the demo. */
export function TourButton() {
  const t = useTexts(texts);
  const memory = useMemory();
  const stage = useRead("/api/v1/demo/stage").data;
  if (!stage?.on || !stage.seats) return null;
  return (
    <Button
      type={memory.on ? "text" : "default"}
      size="small"
      icon={<CompassOutlined />}
      onClick={() => change({ on: true, folded: false })}
    >
      {t.tour}
    </Button>
  );
}

function Folded() {
  const t = useTexts(texts);
  return (
    <Button
      className={css.folded}
      type="primary"
      shape="round"
      icon={<CompassOutlined />}
      aria-label={t.unfold}
      onClick={() => change({ folded: false })}
    >
      {t.tour}
    </Button>
  );
}

/** Leave a story: time gets its pace back. Where that fails, the visitor goes on all the same. */
async function leave(memory: Memory, more: Partial<Memory>): Promise<void> {
  change(more);
  try {
    await speedUp(memory);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

function Card({ memory, stage, seats }: { memory: Memory; stage: Stage; seats: Seats }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const story = stories.find((each) => each.key === memory.story) ?? stories[0];
  useEffect(() => {
    document.documentElement.dataset.tour = "open";
    return () => {
      delete document.documentElement.dataset.tour;
    };
  }, []);
  if (story === undefined) return null;
  return (
    <aside className={css.card} aria-label={t.name}>
      <header className={css.head}>
        <CompassOutlined aria-hidden />
        <h2>{t.name}</h2>
        <Tooltip title={t.fold}>
          <Button
            type="text"
            size="small"
            icon={<MinusOutlined />}
            aria-label={t.fold}
            onClick={() => change({ folded: true })}
          />
        </Tooltip>
        <Tooltip title={t.end}>
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t.end}
            onClick={() => void leave(memory, { on: false })}
          />
        </Tooltip>
      </header>
      <div className={css.body}>
        <p className={css.about}>{t.about}</p>
        <Segmented<string>
          block
          vertical
          size="small"
          aria-label={t.name}
          value={story.key}
          onChange={(key) => change({ story: key })}
          options={stories.map((each, at) => ({
            value: each.key,
            label: `${at + 1}. ${each.title[language]}`,
          }))}
        />
        <Told key={story.key} story={story} memory={memory} stage={stage} seats={seats} />
      </div>
    </aside>
  );
}

interface ToldProps {
  story: Story;
  memory: Memory;
  stage: Stage;
  seats: Seats;
}

/** One story: its scenes, the one that is on with its buttons. */
function Told({ story, memory, stage, seats }: ToldProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const played = memory.played[story.key];
  const path = { opening_id: played?.opening_id ?? "" };
  const read = useRead(
    "/api/v1/demo/stories/{opening_id}",
    { path },
    { when: played !== undefined, every: LOOK_AGAIN_MS },
  );
  const happened = played ? (read.data?.happened ?? []).map((fact) => fact.name) : [];
  const done = doneOf(story, happened, memory.seen);
  const current = currentOf(story, done);
  const persona = stage.personas.find((one) => one.part === story.persona);
  if (story.persona && !persona) return <p className={css.about}>{t.missing}</p>;
  const again = () =>
    change({
      played: Object.fromEntries(Object.entries(memory.played).filter(([key]) => key !== story.key)),
      seen: memory.seen.filter((each) => !each.startsWith(`${story.key}/`)),
    });
  const following = stories[stories.indexOf(story) + 1];
  return (
    <>
      <ol className={css.scenes}>
        {story.scenes.map((scene, at) => (
          <li key={scene.key} className={css.scene} data-done={done[at]} data-on={scene === current}>
            <span className={css.mark} aria-hidden>
              {done[at] ? <CheckOutlined /> : at + 1}
            </span>
            <strong>
              {scene.title[language]}
              <span style={{ position: "absolute", clipPath: "inset(50%)" }}>
                {done[at] ? t.isDone : scene === current ? t.isOn : ""}
              </span>
            </strong>
            {scene === current && (
              <OnStage
                story={story}
                scene={scene}
                memory={memory}
                stage={stage}
                seats={seats}
                customer={async () =>
                  (persona ? await customerIdOf(persona.user_id) : read.data?.customer_id) ?? ""
                }
              />
            )}
          </li>
        ))}
      </ol>
      {current === undefined && (
        <div className={css.buttons} style={{ marginTop: 12 }}>
          <span>{t.ended}</span>
          {following && (
            <Button size="small" type="primary" onClick={() => void leave(memory, { story: following.key })}>
              {t.next}
            </Button>
          )}
          <Button size="small" onClick={again}>
            {t.again}
          </Button>
        </div>
      )}
    </>
  );
}

interface OnStageProps extends ToldProps {
  scene: Scene;
  customer: () => Promise<string>;
}

function namesOf(seats: Seats, language: "zh" | "en"): Names {
  const name = (seat: Seats["advisor"]) => (language === "en" ? seat.name_en : seat.name);
  return {
    advisor: name(seats.advisor),
    manager: name(seats.manager),
    judge: name(seats.judge),
    recruiter: name(seats.recruiter),
  };
}

function OnStage({ story, scene, memory, stage, seats, customer }: OnStageProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const session = useSession().data;
  const [pending, setPending] = useState<"play" | "go">();
  const [problem, setProblem] = useState<Problem>();
  const guarded = async (what: "play" | "go", work: () => Promise<void>) => {
    setPending(what);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setPending(undefined);
    }
  };
  const played = memory.played[story.key];
  const waits = scene.play !== undefined && scene.play !== "finish" && played !== undefined;
  const play = () =>
    guarded("play", async () => {
      if (scene.play === "finish") {
        if (played) await finish(stage, played, memory);
        return;
      }
      const made = scene.play === "stall" ? await stall(stage, memory) : await scan(stage);
      change({ played: { ...memory.played, [story.key]: made } });
    });
  const seat = scene.seat && seats[scene.seat];
  const go = (elsewhere: boolean) =>
    guarded("go", async () => {
      const window_ = elsewhere ? window.open("about:blank") : null;
      if (seat && session?.staff.login !== seat.login) await takeSeat(seat.login);
      const address = scene.at?.(await customer()) ?? "/";
      if (window_) window_.location.href = address;
      else void navigate(address);
    });
  return (
    <div className={css.told}>
      <p>{scene.text[language](namesOf(seats, language))}</p>
      {waits && <p role="status">{t.waiting}</p>}
      <div className={css.buttons}>
        {scene.play && !waits && (
          <Button
            size="small"
            type={scene.at ? "default" : "primary"}
            loading={pending === "play"}
            onClick={() => void play()}
          >
            {scene.play === "finish" ? t.playRest : t.play}
          </Button>
        )}
        {scene.at && (
          <>
            <Button size="small" type="primary" loading={pending === "go"} onClick={() => void go(false)}>
              {seat ? t.goAs(language === "en" ? seat.name_en : seat.name) : t.go}
            </Button>
            <Tooltip title={t.inNewWindow}>
              <Button
                size="small"
                type="text"
                icon={<ExportOutlined />}
                aria-label={t.inNewWindow}
                onClick={() => void go(true)}
              />
            </Tooltip>
          </>
        )}
        {scene.fact === undefined && (
          <Button
            size="small"
            onClick={() => change({ seen: [...memory.seen, `${story.key}/${scene.key}`] })}
          >
            {t.seen}
          </Button>
        )}
      </div>
      <ProblemLine problem={problem} />
    </div>
  );
}
