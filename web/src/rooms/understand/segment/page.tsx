import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { type Answer, useMay, useRead, useWrite } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import {
  Card,
  CustomerLink,
  Empty,
  Lines,
  Page,
  ProblemLine,
  Reading,
  RelativeTime,
  useAsked,
  useTell,
} from "../../../ui";
import css from "../segment.module.css";
import { texts } from "../segmentTexts";
import { GroupEditor, useOffer } from "./editor";
import { asGroup, complete, type Group, type Rule, ruleOf } from "./rule";

type One = Answer<"/api/v1/segments/{segment_id}", "get">;
type Preview = Answer<"/api/v1/segments/preview", "post">;

const TYPED_MS = 400;

/** A segment: its rule to read or to edit, with who fits beside it while one types. */
export default function SegmentPage() {
  const { segmentId = "new" } = useParams();
  const read = useRead(
    "/api/v1/segments/{segment_id}",
    { path: { segment_id: segmentId } },
    { when: segmentId !== "new", every: 10_000 },
  );
  if (segmentId === "new") return <Edit key="new" />;
  return (
    <Reading of={read}>{(one) => <Edit key={`${segmentId}:${one.segment.version}`} one={one} />}</Reading>
  );
}

function Edit({ one }: { one?: One }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const tell = useTell();
  const go = useNavigate();
  const segment = one?.segment;
  const mayWrite = useMay("segment:author");
  const [nameZh, setNameZh] = useState(segment?.name_zh ?? "");
  const [nameEn, setNameEn] = useState(segment?.name_en ?? "");
  const [about, setAbout] = useState(segment?.about ?? "");
  const [given] = useAsked("segment", "rule");
  const [rule, setRule] = useState<Group>(
    asGroup((segment?.rule as unknown as Rule | undefined) ?? ruleOf(given)),
  );
  const offer = useOffer(segment?.id);
  const stale = { refreshes: ["/api/v1/segments"] };
  const add = useWrite("post", "/api/v1/segments", stale);
  const edit = useWrite("put", "/api/v1/segments/{segment_id}", stale);
  const remove = useWrite("delete", "/api/v1/segments/{segment_id}", stale);
  const evaluate = useWrite("post", "/api/v1/segments/{segment_id}/evaluate", stale);
  const ready = complete(rule) && nameZh.trim() !== "" && nameEn.trim() !== "";
  const name = segment ? (language === "en" ? segment.name_en : segment.name_zh) : "";

  const save = async () => {
    const body = {
      name_zh: nameZh,
      name_en: nameEn,
      about,
      rule: rule as unknown as Record<string, unknown>,
    };
    const answer = segment
      ? await edit.run({ path: { segment_id: segment.id }, body: { ...body, version: segment.version } })
      : await add.run({ body });
    if (answer === "failed") return;
    tell.done(t.saved);
    if (!segment) void go(to.segment(answer.id), { replace: true });
  };
  const ask = async () => {
    const sure = await tell.ask({
      title: t.removeIt,
      consequence: t.removeAsk,
      action: t.removeIt,
      danger: true,
    });
    if (!sure || !segment) return;
    if ((await remove.run({ path: { segment_id: segment.id } })) === "failed") return;
    tell.done(t.removed);
    void go(to.segments());
  };
  return (
    <Page
      title={segment ? t.oneTitle(name) : t.newTitle}
      about={t.oneAbout}
      primary={
        mayWrite && (
          <Button
            type="primary"
            disabled={!ready}
            loading={add.pending || edit.pending}
            onClick={() => void save()}
          >
            {segment ? t.save : t.create}
          </Button>
        )
      }
    >
      <div className={css.columns}>
        <div className={css.stack}>
          <Card>
            <div className={css.names}>
              <label className={css.field}>
                {t.nameZh}
                <Input
                  value={nameZh}
                  maxLength={60}
                  disabled={!mayWrite}
                  onChange={(typed) => setNameZh(typed.target.value)}
                />
              </label>
              <label className={css.field}>
                {t.nameEn}
                <Input
                  value={nameEn}
                  maxLength={60}
                  disabled={!mayWrite}
                  onChange={(typed) => setNameEn(typed.target.value)}
                />
              </label>
              <label className={css.field}>
                {t.purpose}
                <Input
                  value={about}
                  maxLength={500}
                  disabled={!mayWrite}
                  onChange={(typed) => setAbout(typed.target.value)}
                />
              </label>
            </div>
          </Card>
          <Card title={t.rule}>
            <GroupEditor of={rule} change={setRule} offer={offer} />
          </Card>
          <ProblemLine problem={add.problem ?? edit.problem ?? remove.problem ?? evaluate.problem} />
          {segment && mayWrite && (
            <div className={css.add}>
              <Button
                loading={evaluate.pending}
                onClick={() =>
                  void evaluate.run({ path: { segment_id: segment.id } }).then((answer) => {
                    if (answer !== "failed") tell.done(t.asked);
                  })
                }
              >
                {t.evaluateNow}
              </Button>
              <Button danger onClick={() => void ask()}>
                {t.removeIt}
              </Button>
            </div>
          )}
        </div>
        <div className={css.stack}>
          <Fits rule={rule} />
          {one && <History one={one} />}
        </div>
      </div>
    </Page>
  );
}

/** How many fit the rule as it stands, asked a moment after the last change. */
function Fits({ rule }: { rule: Rule }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const preview = useWrite("post", "/api/v1/segments/preview");
  const [found, setFound] = useState<Preview>();
  const ready = complete(rule);
  const said = JSON.stringify(rule);
  useEffect(() => {
    if (!ready) return;
    let current = true;
    const timer = setTimeout(() => {
      void preview.run({ body: { rule: JSON.parse(said) as Record<string, unknown> } }).then((answer) => {
        if (current && answer !== "failed") setFound(answer);
      });
    }, TYPED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // `preview` is made anew at each drawing; what is asked depends on the rule alone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [said, ready]);
  return (
    <Card title={t.preview}>
      {!ready ? (
        <p className={css.quiet}>{t.fillIn}</p>
      ) : (
        <>
          <ProblemLine problem={preview.problem} />
          {found && !preview.problem && (
            <div className={css.stack} aria-live="polite">
              <div>
                <span className={css.big}>{format.count(found.fits, language)}</span>{" "}
                <span className={css.quiet}>{t.previewNote(format.count(found.everybody, language))}</span>
              </div>
              <div>
                <div className={css.quiet}>{t.reads}</div>
                {language === "en" ? found.reads_en : found.reads_zh}
              </div>
              {found.sample.length > 0 ? (
                <div>
                  <div className={css.quiet}>{t.sample}</div>
                  <ul className={css.people}>
                    {found.sample.map((one) => (
                      <li key={one.customer_id}>
                        <CustomerLink id={one.customer_id} name={one.customer || undefined} />
                      </li>
                    ))}
                  </ul>
                </div>
              ) : (
                <Empty what={t.nobody} />
              )}
            </div>
          )}
        </>
      )}
    </Card>
  );
}

function History({ one }: { one: One }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { segment } = one;
  return (
    <>
      {one.trend.length > 1 && (
        <Card>
          <Lines
            message={t.trendSays(format.count(segment.members ?? 0, language))}
            note={t.trendNote}
            at={one.trend.map((day) => day.day.slice(5))}
            lines={[{ name: t.members, values: one.trend.map((day) => day.members) }]}
            height={180}
          />
        </Card>
      )}
      <Card title={t.evaluated}>
        <p>
          {segment.evaluated_at ? <RelativeTime at={segment.evaluated_at} /> : t.notYet} ·{" "}
          {t.version(segment.version)}
        </p>
        {segment.error && <p style={{ color: "var(--danger)" }}>{segment.error}</p>}
        {one.used_by.length > 0 && (
          <p className={css.quiet}>
            {t.usedBy}: {one.used_by.join(", ")}
          </p>
        )}
      </Card>
    </>
  );
}
