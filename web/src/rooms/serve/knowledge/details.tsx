import { Button } from "antd";
import { Link } from "react-router";
import { useMay, useRead, useWrite } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import { Facts, Pill, Reading, RelativeTime, StaffName, useOpen, useTell } from "../../../ui";
import css from "../serve.module.css";
import { texts } from "../texts";
import { topics } from "../words";
import { type Draft, draftOf, type Entry } from "./entries";

interface DetailsProps {
  id: string;
  write: ((draft: Draft, replaces: string) => void) | undefined;
}

const tones = { approved: "good", draft: "warn", expired: "neutral" } as const;

/** One entry with both languages, its life, and what may be done with it. */
export function EntryDetails({ id, write }: DetailsProps) {
  const t = useTexts(texts);
  const topic = useWords(topics);
  const read = useRead("/api/v1/knowledge/{entry_id}", { path: { entry_id: id } });
  const words = { approved: t.approved, draft: t.draft, expired: t.expired };
  return (
    <Reading of={read} shape="detail">
      {(entry) => (
        <div className={css.stack}>
          <div className={css.facing}>
            <strong>{topic(entry.topic)}</strong>
            <Pill tone={tones[entry.status]}>{words[entry.status]}</Pill>
            <Acts entry={entry} write={write} />
          </div>
          <Side title={t.answerZh} answer={entry.answer_zh} wordings={entry.phrasings_zh} lang="zh-CN" />
          <Side title={t.answerEn} answer={entry.answer_en} wordings={entry.phrasings_en} lang="en" />
          <Facts
            of={[
              [t.used, entry.used],
              [t.author, entry.author_id ? <StaffName key="author" id={entry.author_id} /> : t.installation],
              [t.reviewer, entry.reviewer_id ? <StaffName key="reviewer" id={entry.reviewer_id} /> : "—"],
              [t.submitted_at, entry.written_at ? <RelativeTime key="written" at={entry.written_at} /> : "—"],
              [t.validity, `${entry.valid_from ?? ""} – ${entry.valid_to ?? t.always}`],
            ]}
          />
        </div>
      )}
    </Reading>
  );
}

function Side({
  title,
  answer,
  wordings,
  lang,
}: {
  title: string;
  answer: string;
  wordings: string[];
  lang: string;
}) {
  return (
    <section lang={lang}>
      <h3 className={css.part}>{title}</h3>
      <p className={css.answer}>{answer}</p>
      <ul className={css.wordings}>
        {wordings.map((wording) => (
          <li key={wording}>
            <Pill>{wording}</Pill>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Acts({ entry, write }: { entry: Entry; write: DetailsProps["write"] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const tell = useTell();
  const [, setOpen] = useOpen();
  const reviews = useMay("approval:read");
  const retiring = useWrite("post", "/api/v1/knowledge/{entry_id}/retire", {
    refreshes: ["/api/v1/knowledge"],
    onProblem: tell.problem,
  });
  const retire = async () => {
    const sure = await tell.ask({
      title: t.retireTitle,
      consequence: t.retireConsequence(format.count(entry.used, language)),
      action: t.retire,
      danger: true,
    });
    if (!sure || (await retiring.run({ path: { entry_id: entry.id } })) === "failed") return;
    tell.done(t.retired);
    setOpen(null);
  };
  return (
    <span className={`${css.push} ${css.row}`}>
      {entry.status === "draft" && reviews && <Link to={to.approvals()}>{t.approvals} →</Link>}
      {write && entry.status === "approved" && (
        <>
          <Button danger loading={retiring.pending} onClick={() => void retire()}>
            {t.retire}
          </Button>
          <Button
            type="primary"
            onClick={() => {
              setOpen(null);
              write(draftOf(entry), entry.id);
            }}
          >
            {t.edit}
          </Button>
        </>
      )}
    </span>
  );
}
