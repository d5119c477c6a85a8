import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useEffect, useId, useState } from "react";
import { useRead } from "../../../api";
import { eventNames, format, useLanguage, useTexts, useWords } from "../../../language";
import { Card, useExplained, useUrlState } from "../../../ui";
import css from "../measure.module.css";
import { texts } from "../texts";
import { MOST_STEPS, moved } from "./question";

const WINDOWS = {
  "1h": 3600,
  "24h": 86400,
  "7d": 7 * 86400,
  "30d": 30 * 86400,
  "90d": 90 * 86400,
  "365d": 365 * 86400,
};

const OPENING = [
  "opening:visit",
  "opening:phone:verified",
  "opening:id:accepted",
  "opening:risk:assessed",
  "opening:bank:bound",
  "opening:video:passed",
  "opening:submitted",
  "opening:account:opened",
];
const DEPOSIT = ["opening:account:opened", "deposit:first", "trade:first"];

/** Which steps, in which order, within which window, broken down by what. All of it stands in the URL. */
export function Builder({ steps }: { steps: readonly string[] }) {
  const t = useTexts(texts);
  const [, setText] = useUrlState("steps");
  const set = (next: readonly string[]) => setText(next.join(","));
  return (
    <Card title={t.steps}>
      <ol className={css.stepList}>
        {steps.map((name, index) => (
          <Step
            key={`${index}${name}`}
            name={name}
            index={index}
            last={index === steps.length - 1}
            move={(by) => set(moved(steps, index, index + by))}
            change={(value) => set(steps.with(index, value))}
            remove={() => set(steps.toSpliced(index, 1))}
          />
        ))}
        {steps.length < MOST_STEPS && (
          <li className={css.step}>
            <span className={css.stepNumber}>{steps.length + 1}</span>
            <EventSelect
              key={steps.length}
              label={t.addStep}
              value={undefined}
              onChange={(value) => set([...steps, value])}
            />
          </li>
        )}
      </ol>
      <Settings first={steps[0]} />
      <div className={css.presets}>
        <span className={css.label}>{t.examples}</span>
        <Button size="small" onClick={() => set(OPENING)}>
          {t.openingFunnel}
        </Button>
        <Button size="small" onClick={() => set(DEPOSIT)}>
          {t.firstDeposit}
        </Button>
      </div>
    </Card>
  );
}

function Step(props: {
  name: string;
  index: number;
  last: boolean;
  move: (by: number) => void;
  change: (name: string) => void;
  remove: () => void;
}) {
  const t = useTexts(texts);
  const word = useWords(eventNames);
  const { name, index, last, move, change, remove } = props;
  const said = word(name);
  const button = { size: "small", type: "text" } as const;
  return (
    <li className={css.step}>
      <span className={css.stepNumber}>{index + 1}</span>
      <EventSelect label={t.stepName(index + 1)} value={name} onChange={change} />
      <span>
        <Button
          {...button}
          aria-label={t.moveUp(said)}
          disabled={index === 0}
          icon={<ArrowUpOutlined aria-hidden />}
          onClick={() => move(-1)}
        />
        <Button
          {...button}
          aria-label={t.moveDown(said)}
          disabled={last}
          icon={<ArrowDownOutlined aria-hidden />}
          onClick={() => move(1)}
        />
        <Button
          {...button}
          aria-label={t.removeStep(said)}
          icon={<CloseOutlined aria-hidden />}
          onClick={remove}
        />
      </span>
    </li>
  );
}

/** An event of the archive, found by a part of its name; the most frequent first. */
function EventSelect(props: { label: string; value: string | undefined; onChange: (name: string) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const word = useWords(eventNames);
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const explain = useExplained();
  const found = useRead("/api/v1/event-names", { query: { q } });
  const options = (found.data?.items ?? []).map((event) => ({
    value: event.name,
    label: word(event.name),
    side: t.events(format.large(event.events, language)),
  }));
  return (
    <Select
      aria-label={props.label}
      placeholder={t.chooseEvent}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      value={props.value}
      options={options}
      loading={found.isFetching}
      notFoundContent={found.isFetching ? t.searching : found.error ? explain(found.error) : t.noEvent}
      labelRender={({ value }) => <span title={String(value)}>{word(String(value))}</span>}
      optionRender={({ data }) => (
        <span style={{ display: "flex", justifyContent: "space-between", gap: 8 }} title={data.value}>
          <span style={{ overflow: "hidden", textOverflow: "ellipsis" }}>
            {data.label}
            {data.label !== data.value && <span className={css.faint}> {data.value}</span>}
          </span>
          <span className={css.faint}>{data.side}</span>
        </span>
      )}
      popupMatchSelectWidth={420}
      onChange={(value: string) => {
        setTyped("");
        props.onChange(value);
      }}
    />
  );
}

function Settings({ first }: { first: string | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const id = useId();
  const [window, setWindow] = useUrlState("window", "30d");
  const [by, setBy] = useUrlState("by");
  const properties = useRead(
    "/api/v1/event-properties",
    { query: { name: first ?? "" } },
    { when: first !== undefined },
  ).data?.items;
  const names = (first === undefined ? [] : (properties ?? [])).map((property) => property.name);
  const known = Object.entries(WINDOWS).map(([value, seconds]) => ({
    value,
    label: format.duration(seconds, language),
  }));
  const others = [...new Set([...names, ...(by ? [by] : [])])];
  return (
    <div className={css.fields}>
      <label htmlFor={`${id}w`}>{t.window}</label>
      <Select
        id={`${id}w`}
        value={window}
        options={
          known.some(({ value }) => value === window) ? known : [...known, { value: window, label: window }]
        }
        onChange={setWindow}
      />
      <label htmlFor={`${id}b`}>{t.by}</label>
      <Select
        id={`${id}b`}
        value={by}
        options={[{ value: "", label: t.noBy }, ...others.map((value) => ({ value, label: value }))]}
        onChange={(value) => setBy(value || null)}
      />
    </div>
  );
}
