import { Button, Segmented, Select, Switch } from "antd";
import { useEffect } from "react";
import { Link } from "react-router";
import { useWrite } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { serverSpeed, useServerTime } from "../../../live";
import { Empty, Reading, Switches, usePhone, useTell, useUrlState } from "../../../ui";
import css from "../demo.module.css";
import { isPart, type Part, parts, personas, remember } from "../people";
import { Tour, TourButton } from "../tour/Tour";
import { texts } from "../texts";
import { type Stage, useStage } from "./holder";
import { Phone } from "./phone";

/** The firm's app as its customers hold it, one phone or two side by side. Nobody signs in. */
export default function DemoApp() {
  const t = useTexts(texts);
  const stage = useStage();
  useEffect(() => {
    document.title = `${t.title} · Bihuan`;
  }, [t.title]);
  return (
    <>
      <main id="main" className={css.page}>
        <Reading of={stage} shape="cards">
          {(data) =>
            data.on ? (
              <Table stage={data} />
            ) : (
              <Empty
                what={t.off}
                advice={t.offAdvice}
                action={
                  <Link to="/home">
                    <Button>{t.staffPages}</Button>
                  </Link>
                }
              />
            )
          }
        </Reading>
      </main>
      <Tour />
    </>
  );
}

function usePart(name: string, fallback: Part): [Part, (part: Part) => void] {
  const [text, set] = useUrlState(name, fallback);
  return [isPart(text) ? text : fallback, set];
}

function Table({ stage }: { stage: Stage }) {
  const t = useTexts(texts);
  const narrow = usePhone();
  const [a, setA] = usePart("a", "young_beginner");
  const [b, setB] = usePart("b", "retired_c1");
  const [two, setTwo] = useUrlState("two", "1");
  const both = two === "1" && !narrow;
  return (
    <>
      <header className={css.intro}>
        <div className={css.introTop}>
          <h1>{t.title}</h1>
          <span className={css.tools}>
            <Switches />
          </span>
        </div>
        <p>{t.about}</p>
        <div className={css.controls}>
          {!narrow && (
            <label>
              <Switch
                size="small"
                checked={both}
                onChange={(on) => setTwo(on ? null : "0")}
                aria-label={t.twoPhones}
              />{" "}
              {t.twoPhones}
            </label>
          )}
          <Speed />
          <TourButton />
          <Link to="/home">{t.staffPages} →</Link>
        </div>
      </header>
      <div className={css.table}>
        <Held side="a" part={a} choose={setA} stage={stage} />
        {both && <Held side="b" part={b} choose={setB} stage={stage} />}
      </div>
    </>
  );
}

interface HeldProps {
  side: string;
  part: Part;
  choose: (part: Part) => void;
  stage: Stage;
}

/** A phone and whose it is. */
function Held({ side, part, choose, stage }: HeldProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const played = stage.personas.find((one) => one.part === part);
  const [, setScreen] = useUrlState(`${side}s`, "home");
  const startOver = () => {
    remember(part, undefined);
    setScreen(null);
  };
  return (
    <div className={css.held}>
      <div className={css.who}>
        <Select<Part>
          aria-label={t.person}
          value={part}
          onChange={choose}
          options={parts.map((each) => ({ value: each, label: personas[each].name[language] }))}
        />
        <span className={css.quiet}>
          {personas[part].about[language]}
          {played && ` · ${played.age}`}
        </span>
        {!played && (
          <Button size="small" type="link" onClick={startOver}>
            {t.startOver}
          </Button>
        )}
      </div>
      <Phone key={part} side={side} part={part} stage={stage} />
    </div>
  );
}

const SPEEDS = [1, 20, 60] as const;

/** How fast the demo's time runs: slow to talk, fast to let somebody get stuck. */
export function Speed() {
  const t = useTexts(texts);
  const tell = useTell();
  const speed = useServerTime(serverSpeed);
  const pacing = useWrite("put", "/api/v1/demo/clock", { onProblem: tell.problem });
  const options: number[] = [...new Set([...SPEEDS, speed])].sort((one, other) => one - other);
  return (
    <span className={css.speed}>
      <span className={css.quiet}>{t.clockSpeed}</span>
      <Segmented<number>
        size="small"
        aria-label={t.clockSpeed}
        value={speed}
        disabled={pacing.pending}
        onChange={(factor) => void pacing.run({ body: { factor } })}
        options={options.map((value) => ({ value, label: t.times(value) }))}
      />
    </span>
  );
}
