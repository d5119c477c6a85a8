import { CloseOutlined } from "@ant-design/icons";
import { AutoComplete, Button, DatePicker, InputNumber, Segmented, Select, Switch } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { type Answer, useMay, useRead } from "../../../api";
import { eventNames, useLanguage, useTexts, useWords } from "../../../language";
import css from "../segment.module.css";
import { texts } from "../segmentTexts";
import {
  bare,
  type DidPart,
  fresh,
  type Group,
  isDid,
  isGroup,
  isNot,
  isSequence,
  isTag,
  type Kind,
  negated,
  opsOf,
  partsOf,
  replaced,
  type Rule,
  type SegmentPart,
  type SequencePart,
  type TagPart,
  turned,
  withParts,
} from "./rule";

type Tag = Answer<"/api/v1/tags", "get">["families"][number]["tags"][number];

/** What the editor offers: tags, events that the firm sends, other segments. */
export interface Offer {
  tags: readonly Tag[];
  events: readonly string[];
  segments: readonly { id: string; name: string }[];
}

/** Everything a rule can be made of, for whoever may see it. */
export function useOffer(without?: string): Offer {
  const language = useLanguage();
  const tags = useRead("/api/v1/tags");
  const segments = useRead("/api/v1/segments");
  const mayAnalyse = useMay("measure:analyse");
  const events = useRead("/api/v1/event-names", undefined, { when: mayAnalyse });
  return {
    tags: tags.data?.families.flatMap((family) => family.tags) ?? [],
    events: events.data?.items.map((event) => event.name) ?? [],
    segments: (segments.data?.items ?? [])
      .filter((segment) => segment.id !== without)
      .map((segment) => ({ id: segment.id, name: language === "en" ? segment.name_en : segment.name_zh })),
  };
}

interface Edits<R> {
  of: R;
  change: (rule: R) => void;
  offer: Offer;
}

/** A group: which of its parts must hold, the parts, and what can be added. */
export function GroupEditor({ of, change, offer, depth = 0 }: Edits<Group> & { depth?: number }) {
  const t = useTexts(texts);
  const parts = partsOf(of);
  const set = (place: number, rule: Rule | undefined) =>
    change(
      withParts(
        of,
        rule === undefined
          ? parts.filter((_, at) => at !== place)
          : parts.map((part, at) => (at === place ? rule : part)),
      ),
    );
  const add: readonly [Kind, string][] = [
    ["tag", t.addTag],
    ["did", t.addDid],
    ["sequence", t.addSequence],
    ["segment", t.addSegment],
    ...(depth < 4 ? [["group", t.addGroup] as [Kind, string]] : []),
  ];
  return (
    <div className={css.group}>
      <Segmented
        size="small"
        value={"all" in of ? "all" : "any"}
        onChange={() => change(turned(of))}
        options={[
          { value: "all", label: t.all },
          { value: "any", label: t.any },
        ]}
      />
      {parts.map((part, place) => (
        <div key={place} className={css.part}>
          <div className={css.partBody}>
            <PartEditor
              of={bare(part)}
              change={(rule) => set(place, replaced(part, rule))}
              offer={offer}
              depth={depth}
            />
          </div>
          <label className={css.not}>
            <Switch
              size="small"
              checked={isNot(part)}
              aria-label={t.not}
              onChange={() => set(place, negated(part))}
            />
            {t.not}
          </label>
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t.remove}
            onClick={() => set(place, undefined)}
          />
        </div>
      ))}
      <div className={css.add}>
        {add.map(([kind, label]) => (
          <Button key={kind} size="small" onClick={() => change(withParts(of, [...parts, fresh(kind)]))}>
            + {label}
          </Button>
        ))}
      </div>
    </div>
  );
}

function PartEditor({ of, change, offer, depth }: Edits<Rule> & { depth: number }): ReactNode {
  if (isGroup(of)) return <GroupEditor of={of} change={change} offer={offer} depth={depth + 1} />;
  if (isTag(of)) return <TagEditor of={of} change={change} offer={offer} />;
  if (isDid(of)) return <DidEditor of={of} change={change} offer={offer} />;
  if (isSequence(of)) return <SequenceEditor of={of} change={change} offer={offer} />;
  if (isNot(of)) return null;
  return <SegmentEditor of={of} change={change} offer={offer} />;
}

function TagEditor({ of, change, offer }: Edits<TagPart>) {
  const t = useTexts(texts);
  const language = useLanguage();
  const tag = offer.tags.find((each) => each.code === of.tag);
  const words: Record<string, string> = {
    is: t.is,
    in: t.in,
    has: t.has,
    known: t.known,
    unknown: t.unknown,
  };
  const ops = tag ? (opsOf[tag.type] ?? []) : [];
  return (
    <>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        className={css.name}
        aria-label={t.tag}
        placeholder={t.tag}
        value={of.tag || undefined}
        options={offer.tags.map((each) => ({
          value: each.code,
          label: language === "en" ? each.en : each.zh,
        }))}
        onChange={(code) => {
          const chosen = offer.tags.find((each) => each.code === code);
          const op = opsOf[chosen?.type ?? ""]?.[0] ?? "";
          change({ tag: code, op, value: chosen?.type === "flag" ? true : undefined });
        }}
      />
      {tag && (
        <Select
          className={css.op}
          aria-label={t.op}
          value={of.op}
          options={ops.map((op) => ({ value: op, label: words[op] ?? op }))}
          onChange={(op) =>
            change({ tag: of.tag, op, value: op === "known" || op === "unknown" ? undefined : of.value })
          }
        />
      )}
      {tag && of.op !== "known" && of.op !== "unknown" && <TagValue of={of} tag={tag} change={change} />}
    </>
  );
}

function TagValue({ of, tag, change }: { of: TagPart; tag: Tag; change: (rule: TagPart) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const set = (value: TagPart["value"]) => change({ ...of, value });
  if (tag.type === "flag")
    return (
      <Select
        className={css.op}
        aria-label={t.value}
        value={of.value === false ? "no" : "yes"}
        options={[
          { value: "yes", label: t.yes },
          { value: "no", label: t.no },
        ]}
        onChange={(yes) => set(yes === "yes")}
      />
    );
  if (tag.type === "number")
    return (
      <InputNumber
        className={css.number}
        aria-label={t.value}
        value={typeof of.value === "number" ? of.value : null}
        onChange={(value) => set(value ?? undefined)}
      />
    );
  if (tag.type === "date")
    return (
      <DatePicker
        aria-label={t.value}
        value={typeof of.value === "string" && of.value ? dayjs(of.value) : null}
        onChange={(day) => set(day ? day.format("YYYY-MM-DD") : undefined)}
      />
    );
  if (tag.type === "set")
    return (
      <AutoComplete
        className={css.name}
        aria-label={t.value}
        value={typeof of.value === "string" ? of.value : ""}
        onChange={(value: string) => set(value)}
      />
    );
  return (
    <Select
      mode={tag.levels.length > 0 ? "multiple" : "tags"}
      className={css.wide}
      aria-label={t.value}
      placeholder={t.value}
      value={Array.isArray(of.value) ? of.value : []}
      options={tag.levels.map((level) => ({
        value: level.code,
        label: language === "en" ? level.en : level.zh,
      }))}
      onChange={(value: string[]) => set(value)}
    />
  );
}

function EventChoice({
  value,
  change,
  offer,
}: {
  value: string;
  change: (name: string) => void;
  offer: Offer;
}) {
  const t = useTexts(texts);
  const name = useWords(eventNames);
  return (
    <AutoComplete
      className={css.name}
      aria-label={t.event}
      placeholder={t.event}
      value={value}
      options={offer.events.map((event) => ({
        value: event,
        label: name(event) === event ? event : `${name(event)} · ${event}`,
      }))}
      showSearch={{
        filterOption: (typed, option) =>
          String(option?.label ?? "")
            .toLowerCase()
            .includes(typed.toLowerCase()),
      }}
      onChange={(event: string) => change(event)}
    />
  );
}

function Whole({
  value,
  label,
  change,
  least = 0,
}: {
  value: number | undefined;
  label: string;
  change: (value: number | undefined) => void;
  least?: number;
}) {
  return (
    <InputNumber
      className={css.number}
      aria-label={label}
      min={least}
      value={value ?? null}
      onChange={(next) => change(next ?? undefined)}
    />
  );
}

function DidEditor({ of, change, offer }: Edits<DidPart>) {
  const t = useTexts(texts);
  return (
    <>
      <EventChoice value={of.did} change={(did) => change({ ...of, did })} offer={offer} />
      <span>{t.within}</span>
      <Whole
        label={t.days}
        least={1}
        value={of.within_days}
        change={(days) => change({ ...of, within_days: days })}
      />
      <span>{of.within_days ? t.days : t.ever}</span>
      <Select
        className={css.op}
        aria-label={t.counted}
        value={of.sum ?? "times"}
        options={[
          { value: "times", label: t.times },
          { value: "amount", label: t.amount },
          { value: "fee", label: t.fee },
        ]}
        onChange={(sum) => change({ ...of, sum: sum === "times" ? undefined : (sum as "amount" | "fee") })}
      />
      <Select
        className={css.sign}
        aria-label={t.op}
        value={of.op ?? ">="}
        options={[">=", ">", "<=", "<", "="].map((op) => ({ value: op, label: op }))}
        onChange={(op) => change({ ...of, op })}
      />
      <Whole label={t.value} value={of.value} change={(value) => change({ ...of, value })} />
    </>
  );
}

function SequenceEditor({ of, change, offer }: Edits<SequencePart>) {
  const t = useTexts(texts);
  return (
    <>
      <span>{t.within}</span>
      <Whole
        label={t.days}
        least={1}
        value={of.within_days}
        change={(days) => change({ ...of, within_days: days ?? 30 })}
      />
      <span>
        {t.days} · {t.first}
      </span>
      <EventChoice value={of.first} change={(first) => change({ ...of, first })} offer={offer} />
      <Whole
        label={t.hours}
        least={1}
        value={of.within_hours}
        change={(hours) => change({ ...of, within_hours: hours ?? 72 })}
      />
      <span>{t.hours}</span>
      <Select
        className={css.op}
        aria-label={t.op}
        value={of.happened ? "then" : "not"}
        options={[
          { value: "then", label: t.then },
          { value: "not", label: t.thenNot },
        ]}
        onChange={(happened) => change({ ...of, happened: happened === "then" })}
      />
      <EventChoice value={of.then} change={(then) => change({ ...of, then })} offer={offer} />
    </>
  );
}

function SegmentEditor({ of, change, offer }: Edits<SegmentPart>) {
  const t = useTexts(texts);
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      className={css.wide}
      aria-label={t.addSegment}
      placeholder={t.addSegment}
      value={of.segment || undefined}
      options={offer.segments.map((segment) => ({ value: segment.id, label: segment.name }))}
      onChange={(segment) => change({ segment })}
    />
  );
}
