import { Button, Input } from "antd";
import { useId, useState } from "react";
import { type Answer, useMay, useRead } from "../../../api";
import { useLanguage, useTexts, useWords } from "../../../language";
import {
  Card,
  Choice,
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Page,
  Pill,
  Reading,
  Search,
  type Tone,
  useOpen,
  useAsked,
  Wording,
} from "../../../ui";
import css from "../comply.module.css";
import { categories, contexts, severities, texts } from "../texts";
import { NewPhrase, Phrase } from "./phrase";

export type PhraseRow = Answer<"/api/v1/wording/phrases", "get">["items"][number];

const tones: Record<PhraseRow["severity"], Tone> = { block: "danger", ask: "warn", warn: "neutral" };

function useColumns(): Column<PhraseRow>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const severity = useWords(severities);
  const category = useWords(categories);
  const context = useWords(contexts);
  const reason = (row: PhraseRow) => (language === "en" ? row.reason_en : row.reason);
  return [
    { id: "phrase", title: t.phrase, cell: (row) => row.phrase, sort: (row) => row.phrase },
    {
      id: "severity",
      title: t.severity,
      cell: (row) => <Pill tone={tones[row.severity]}>{severity(row.severity)}</Pill>,
      sort: (row) => row.severity,
    },
    {
      id: "category",
      title: t.category,
      cell: (row) => category(row.category),
      sort: (row) => row.category,
    },
    { id: "why", title: t.why, cell: reason, sort: reason },
    { id: "source", title: t.source, cell: (row) => row.source, sort: (row) => row.source },
    {
      id: "context",
      title: t.context,
      cell: (row) => context(row.context ?? "any"),
      sort: (row) => row.context,
    },
    {
      id: "state",
      short: true,
      title: t.state,
      cell: (row) => (row.active ? t.watched : <Pill>{t.notWatched}</Pill>),
      sort: (row) => Number(row.active),
    },
  ];
}

/** The phrases that are watched for, and a text to try them on. */
export default function WordingPage() {
  const t = useTexts(texts);
  const severity = useWords(severities);
  const category = useWords(categories);
  const mayKeep = useMay("policy:keep");
  const [, setOpen] = useOpen();
  return (
    <Page
      title={t.wordingTitle}
      about={t.wordingAbout}
      primary={
        mayKeep && (
          <Button type="primary" onClick={() => setOpen("+")}>
            {t.addPhrase}
          </Button>
        )
      }
      filters={
        <>
          <Search label={t.phrase} />
          <Choice
            name="severity"
            label={t.severity}
            options={Object.keys(severities).map((value) => ({ value, label: severity(value) }))}
          />
          <Choice
            name="category"
            label={t.category}
            options={Object.keys(categories).map((value) => ({ value, label: category(value) }))}
          />
        </>
      }
    >
      <Try />
      <Phrases />
    </Page>
  );
}

function Try() {
  const t = useTexts(texts);
  const id = useId();
  const [text, setText] = useState("");
  return (
    <Card title={t.tryTitle}>
      <div className={css.form}>
        <Input.TextArea
          id={id}
          aria-label={t.tryLabel}
          placeholder={t.trySample}
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {text.trim() !== "" && <Wording text={text} />}
      </div>
    </Card>
  );
}

function Phrases() {
  const t = useTexts(texts);
  const [q] = useAsked("wording", "q");
  const [severity] = useAsked("wording", "severity");
  const [category] = useAsked("wording", "category");
  const [open, setOpen] = useOpen();
  const read = useRead("/api/v1/wording/phrases");
  const columns = useColumns();
  const fits = (row: PhraseRow) =>
    (!q || row.phrase.toLowerCase().includes(q.toLowerCase())) &&
    (!severity || row.severity === severity) &&
    (!category || row.category === category);
  const opened = read.data?.items.find((row) => row.id === open);
  return (
    <>
      <Reading of={read} empty={<Empty what={t.phrasesEmpty} />}>
        {({ items }) => (
          <DataTable
            name="phrases"
            label={t.wordingTitle}
            rows={items.filter(fits)}
            rowKey={(row) => row.id}
            columns={columns}
            current={open}
            onOpen={setOpen}
            empty={<Empty what={t.phrasesEmpty} />}
          />
        )}
      </Reading>
      <DetailDrawer title={open === "+" ? t.newPhrase : (opened?.phrase ?? t.phraseTitle)}>
        {(id) => (id === "+" ? <NewPhrase /> : opened && <Phrase key={id} of={opened} />)}
      </DetailDrawer>
    </>
  );
}
