import { Button } from "antd";
import { useState } from "react";
import { useMay, useRead } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import {
  type Column,
  Count,
  DataTable,
  DetailDrawer,
  Empty,
  Forbidden,
  Page,
  Pill,
  Reading,
  RelativeTime,
  Search,
  Tabs,
  useOpen,
  useAsked,
} from "../../../ui";
import { matching } from "../enquiries/lists";
import css from "../serve.module.css";
import { texts } from "../texts";
import { topics } from "../words";
import { EntryDetails } from "./details";
import { type Draft, EMPTY, type Entry, unanswered } from "./entries";
import { EntryForm } from "./form";
import { Trial } from "./trial";

type Status = Entry["status"];
const STATUSES: readonly Status[] = ["approved", "draft", "expired"];
const STALE = "/api/v1/knowledge";

/** What the assistant may answer, and what it could not. */
export default function KnowledgePage() {
  const t = useTexts(texts);
  const author = useMay("knowledge:author");
  const [tab] = useAsked("knowledge", "tab");
  const [writing, setWriting] = useState<{ draft: Draft; replaces: string | null }>();
  const all = useRead(STALE, {}, { every: 30_000 });
  const entries = all.data?.items ?? [];
  const words = { approved: t.approved, draft: t.draft, expired: t.expired };
  const write = (draft: Draft, replaces: string | null = null) => setWriting({ draft, replaces });
  return (
    <Page
      title={t.knowledgeTitle}
      about={t.knowledgeAbout}
      primary={
        author && (
          <Button type="primary" onClick={() => write(EMPTY)}>
            {t.newEntry}
          </Button>
        )
      }
      filters={tab === "unanswered" ? undefined : <Search label={t.question} />}
    >
      <Trial entries={entries} />
      <Tabs
        label={t.views}
        items={[
          ...STATUSES.map((status) => ({
            key: status,
            label: words[status],
            count: all.data && entries.filter((entry) => entry.status === status).length,
          })),
          { key: "unanswered", label: t.unanswered },
        ]}
      />
      {tab === "unanswered" ? (
        <Unanswered write={author ? write : undefined} />
      ) : (
        <Reading of={all}>{() => <Entries entries={entries} status={tab as Status} />}</Reading>
      )}
      <DetailDrawer title={t.answer} wide>
        {(id) => <EntryDetails id={id} write={author ? write : undefined} />}
      </DetailDrawer>
      {writing && <EntryForm {...writing} close={() => setWriting(undefined)} />}
    </Page>
  );
}

function Entries({ entries, status }: { entries: readonly Entry[]; status: Status }) {
  const t = useTexts(texts);
  const topic = useWords(topics);
  const language = useLanguage();
  const [q] = useAsked("knowledge", "q");
  const [open, setOpen] = useOpen();
  const wording = (entry: Entry) => (language === "en" ? entry.phrasings_en : entry.phrasings_zh)[0] ?? "—";
  const answer = (entry: Entry) => (language === "en" ? entry.answer_en : entry.answer_zh);
  const rows = matching(
    entries.filter((entry) => entry.status === status),
    q,
  );
  const columns: Column<Entry>[] = [
    {
      id: "topic",
      title: t.topic,
      cell: (row) => topic(row.topic),
      sort: (row) => topic(row.topic),
      width: 140,
    },
    { id: "question", title: t.question, cell: wording, sort: wording, width: 220 },
    {
      id: "answer",
      title: t.answer,
      cell: (row) => <span className={css.clamp}>{answer(row)}</span>,
      text: answer,
    },
    {
      id: "validity",
      title: t.validity,
      cell: (row) => <Validity of={row} />,
      sort: (row) => row.valid_to,
      width: 150,
    },
    {
      id: "used",
      title: t.used,
      number: true,
      cell: (row) => <Count value={row.used} />,
      sort: (row) => row.used,
      width: 90,
    },
  ];
  return (
    <DataTable
      name="knowledge"
      label={t.knowledgeTitle}
      rows={rows}
      rowKey={(row) => row.id}
      columns={columns}
      sortedBy="-used"
      current={open}
      onOpen={setOpen}
      height="calc(100dvh - 380px)"
      empty={<Empty what={t.knowledgeEmpty} advice={t.knowledgeEmptyAdvice} />}
      card={(row) => (
        <div className={css.deskCard}>
          <div className={css.cardTop}>
            <strong>{wording(row)}</strong>
            <span className={css.push}>
              <Pill>{topic(row.topic)}</Pill>
            </span>
          </div>
          <span className={css.clamp}>{answer(row)}</span>
        </div>
      )}
    />
  );
}

/** From when to when an entry is in force. */
function Validity({ of }: { of: Entry }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (!of.valid_from && !of.valid_to) return <span className={css.quiet}>{t.always}</span>;
  const day = (iso: string) => format.day(new Date(`${iso}T12:00:00+08:00`), language);
  return (
    <>
      {of.valid_from && `${t.from} ${day(of.valid_from)} `}
      {of.valid_to && `${t.until} ${day(of.valid_to)}`}
    </>
  );
}

type Asked = ReturnType<typeof unanswered>[number];

/** Questions that came near no entry, so that one can be written for them. */
function Unanswered({ write }: { write: ((draft: Draft) => void) | undefined }) {
  const t = useTexts(texts);
  const may = useMay("enquiry:read");
  const read = useRead("/api/v1/enquiries", { query: { limit: 200 } }, { when: may });
  const draft = (asked: Asked): Draft =>
    asked.language === "en"
      ? { ...EMPTY, phrasings_en: asked.question }
      : { ...EMPTY, phrasings_zh: asked.question };
  const columns: Column<Asked>[] = [
    { id: "question", title: t.question, cell: (row) => row.question, sort: (row) => row.question },
    {
      id: "times",
      title: t.timesAsked,
      number: true,
      cell: (row) => <Count value={row.times} />,
      sort: (row) => row.times,
    },
    {
      id: "at",
      title: t.askedAt,
      number: true,
      cell: (row) => <RelativeTime at={row.at} />,
      sort: (row) => row.at,
    },
    ...(write
      ? [
          {
            id: "act",
            title: t.action,
            acts: true,
            width: 120,
            cell: (row: Asked) => <Button onClick={() => write(draft(row))}>{t.writeEntry}</Button>,
          },
        ]
      : []),
  ];
  if (!may) return <Forbidden />;
  return (
    <>
      <p className={css.quiet}>{t.unansweredAbout}</p>
      <Reading of={read}>
        {(page) => (
          <DataTable
            name="unanswered"
            label={t.unanswered}
            rows={unanswered(page.items)}
            rowKey={(row) => row.question}
            columns={columns}
            height="calc(100dvh - 400px)"
            empty={<Empty what={t.unansweredEmpty} advice={t.unansweredEmptyAdvice} />}
            card={(row) => (
              <div className={css.deskCard}>
                <strong>{row.question}</strong>
                <div className={css.cardFoot}>
                  <span className={css.quiet}>
                    <RelativeTime at={row.at} /> · {t.timesAsked} <Count value={row.times} />
                  </span>
                  {write && (
                    <span className={`${css.push} ${css.raised}`}>
                      <Button onClick={() => write(draft(row))}>{t.writeEntry}</Button>
                    </span>
                  )}
                </div>
              </div>
            )}
          />
        )}
      </Reading>
    </>
  );
}
