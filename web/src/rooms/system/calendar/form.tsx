import { DeleteOutlined } from "@ant-design/icons";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useWrite } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { ProblemLine, useTell } from "../../../ui";
import css from "./calendar.module.css";
import { changedPast, type Closure, type Fault, faultOf, tradingDays } from "./days";
import type { Year } from "./page";
import { texts } from "./texts";

const LEAST_SOURCE = 3;
const MOST_CLOSURES = 40;

interface FormProps {
  of: Year;
  today: string;
  title: string;
  close: () => void;
}

/** A year's closures as the exchange announced them. What was typed stays after a refusal. */
export function YearForm({ of, today, title, close }: FormProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const tell = useTell();
  const standing: Closure[] = of.closures.map(({ first, last, name }) => ({ first, last, name: name ?? "" }));
  const [closures, setClosures] = useState<Closure[]>(
    standing.length > 0 ? standing : [{ first: "", last: "", name: "" }],
  );
  const [source, setSource] = useState("");
  const save = useWrite("put", "/api/v1/trading-days/{year}", { refreshes: ["/api/v1/trading-days"] });
  const others = (index: number) => closures.filter((_, each) => each !== index);
  const faults = closures.map((closure, index) => faultOf(of.year, closure, others(index)));
  const sound = faults.every((fault) => fault === undefined);
  // A year that the table does not know has no past to keep.
  const past = sound && of.announced ? changedPast(standing, closures, today) : undefined;
  const unsourced = source.trim().length < LEAST_SOURCE;
  const put = (index: number, part: Partial<Closure>) =>
    setClosures(closures.map((each, at) => (at === index ? { ...each, ...part } : each)));
  const send = async () => {
    const body = { closures, source: source.trim() };
    if ((await save.run({ path: { year: of.year }, body })) === "failed") return;
    tell.done(t.saved);
    close();
  };
  return (
    <Modal
      open
      width={640}
      title={title}
      okText={t.save}
      cancelText={t.cancel}
      okButtonProps={{ disabled: !sound || past !== undefined || unsourced }}
      confirmLoading={save.pending}
      onOk={() => void send()}
      onCancel={close}
    >
      <div className={css.form}>
        <p className={css.quiet}>{t.formAbout}</p>
        {closures.map((closure, index) => (
          <Row
            key={index}
            at={index + 1}
            of={closure}
            year={of.year}
            fault={faults[index]}
            put={(part) => put(index, part)}
            remove={() => setClosures(others(index))}
          />
        ))}
        <div>
          <Button
            disabled={closures.length >= MOST_CLOSURES}
            onClick={() => setClosures([...closures, { first: "", last: "", name: "" }])}
          >
            {t.add}
          </Button>
        </div>
        <label className={css.field}>
          {t.source}
          <Input
            value={source}
            maxLength={300}
            placeholder={t.sourceHint}
            onChange={(typed) => setSource(typed.target.value)}
          />
        </label>
        <div aria-live="polite">
          {source !== "" && unsourced && <div className={css.fault}>{t.sourceMissing}</div>}
          {past && <div className={css.fault}>{t.faultPast(past)}</div>}
          {sound && (
            <div className={css.quiet}>
              {t.wouldTrade(format.count(tradingDays(of.year, closures), language))}
            </div>
          )}
        </div>
        <ProblemLine problem={save.problem} />
      </div>
    </Modal>
  );
}

interface RowProps {
  at: number;
  of: Closure;
  year: number;
  fault: Fault | undefined;
  put: (part: Partial<Closure>) => void;
  remove: () => void;
}

function Row({ at, of, year, fault, put, remove }: RowProps) {
  const t = useTexts(texts);
  const said: Record<Fault, string> = {
    dates: t.faultDates,
    year: t.faultYear(String(year)),
    order: t.faultOrder,
    long: t.faultLong,
    overlap: t.faultOverlap,
  };
  const day = (key: "first" | "last", label: string) => (
    <label className={css.field}>
      {label}
      <Input
        type="date"
        min={`${year}-01-01`}
        max={`${year}-12-31`}
        value={of[key]}
        onChange={(typed) => put({ [key]: typed.target.value })}
      />
    </label>
  );
  // An empty row asks for nothing yet; it only cannot be saved.
  const untouched = fault === "dates" && !of.first && !of.last;
  return (
    <fieldset className={css.row} aria-label={t.row(at)}>
      {day("first", t.from)}
      {day("last", t.to)}
      <label className={css.field}>
        {t.name}
        <Input value={of.name} maxLength={60} onChange={(typed) => put({ name: typed.target.value })} />
      </label>
      <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t.remove(at)} onClick={remove} />
      {fault && !untouched && <span className={css.fault}>{said[fault]}</span>}
    </fieldset>
  );
}
