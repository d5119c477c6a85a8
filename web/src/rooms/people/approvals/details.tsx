import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { type Answer, useStaff, useWrite } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { Facts, Json, ProblemLine, RelativeTime, TextDialog, useTell, Wording } from "../../../ui";
import css from "../people.module.css";
import { approvalKinds, approvalStates, ruleNames, texts } from "../texts";

type Approval = Answer<"/api/v1/approvals", "get">["items"][number];
type Proposed = Readonly<Record<string, unknown>>;

/** What is proposed, by whom, and the buttons of whoever may decide it. */
export function ApprovalDetails({ of }: { of: Approval }) {
  const t = useTexts(texts);
  const kind = useWords(approvalKinds);
  const state = useWords(approvalStates);
  return (
    <div className={css.stack}>
      <Facts
        of={[
          [t.kind, kind(of.kind)],
          [t.state, state(of.state)],
          [t.author, of.author_name],
          [t.asked, <RelativeTime key="a" at={of.asked_at} />],
          ...(of.decided_at
            ? ([
                [t.decider, of.decided_by_name],
                [t.decidedAt, <RelativeTime key="d" at={of.decided_at} />],
              ] as const)
            : []),
          ...(of.comment ? ([[t.comment, of.comment]] as const) : []),
        ]}
      />
      <section>
        <h3 className={css.part}>{t.proposed}</h3>
        <Content of={of} />
      </section>
      {of.state === "pending" && <Decide of={of} />}
    </div>
  );
}

function Content({ of }: { of: Approval }): ReactNode {
  const t = useTexts(texts);
  const proposed = of.proposed as Proposed;
  switch (of.kind) {
    case "reach:template":
      return <Template of={proposed} />;
    case "credit:rulebook":
      return <Rulebook of={proposed} />;
    case "serve:knowledge":
      return <Knowledge of={proposed} />;
    default:
      return <Json of={proposed} label={t.proposed} />;
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function Template({ of }: { of: Proposed }) {
  const t = useTexts(texts);
  return (
    <div className={css.stack} style={{ gap: 12 }}>
      <span className={css.quiet}>
        <code>{text(of.name)}</code> {t.version(String(of.version))}
      </span>
      <div className={css.bubble}>
        <b>{text(of.title)}</b>
        <p>{text(of.body)}</p>
      </div>
      <Wording text={`${text(of.title)}\n${text(of.body)}`} />
      {list(of.to_weigh).length > 0 && (
        <p className={css.quiet}>
          {t.toWeigh}: {list(of.to_weigh).join("、")}
        </p>
      )}
    </div>
  );
}

function Rulebook({ of }: { of: Proposed }) {
  const t = useTexts(texts);
  const rule = useWords(ruleNames);
  const windows = (of.window_days ?? {}) as Record<string, number | null>;
  return (
    <Facts
      of={[
        [t.version(String(of.version)), `${t.assistWeight} ${text(of.assist_weight)}`],
        [
          t.order,
          <ol key="o" className={css.order}>
            {list(of.order).map((key) => {
              const days = windows[key];
              return (
                <li key={key}>
                  {rule(key)}{" "}
                  <span className={css.quiet}>{days ? t.withinDays(String(days)) : t.noWindow}</span>
                </li>
              );
            })}
          </ol>,
        ],
      ]}
    />
  );
}

function Knowledge({ of }: { of: Proposed }) {
  const t = useTexts(texts);
  return (
    <div className={css.stack} style={{ gap: 12 }}>
      {(["zh", "en"] as const).map((language) => (
        <div key={language} lang={language === "zh" ? "zh-CN" : "en"}>
          <p className={css.quiet}>
            {t.phrasings}: {list(of[`phrasings_${language}`]).join(" / ")}
          </p>
          <div className={css.bubble}>{text(of[`answer_${language}`])}</div>
        </div>
      ))}
      <Wording text={`${text(of.answer_zh)}\n${text(of.answer_en)}`} />
    </div>
  );
}

function Decide({ of }: { of: Approval }) {
  const t = useTexts(texts);
  const tell = useTell();
  const me = useStaff();
  const [asking, setAsking] = useState<"approve" | "reject">();
  const stale = {
    refreshes: ["/api/v1/approvals", "/api/v1/templates", "/api/v1/knowledge", "/api/v1/credit-rules"],
  };
  const decide = useWrite("post", "/api/v1/approvals/{approval_id}/decide", stale);
  const withdraw = useWrite("post", "/api/v1/approvals/{approval_id}/withdraw", stale);
  const path = { approval_id: of.id };
  const answer = async (comment: string) => {
    const approve = asking === "approve";
    const body = { approve, comment: comment || null };
    if ((await decide.run({ path, body })) === "failed") return;
    setAsking(undefined);
    tell.done(approve ? t.approved : t.rejected);
  };
  if (of.author_id === me.id)
    return (
      <div>
        <ProblemLine problem={withdraw.problem} />
        <div className={css.buttons} style={{ alignItems: "center" }}>
          <span className={css.quiet}>{t.own}</span>
          <Button
            loading={withdraw.pending}
            onClick={() =>
              void withdraw.run({ path }).then((done) => done !== "failed" && tell.done(t.withdrawn))
            }
          >
            {t.withdraw}
          </Button>
        </div>
      </div>
    );
  if (!of.may_decide) return <p className={css.quiet}>{t.mayNot}</p>;
  return (
    <div className={css.buttons}>
      <Button onClick={() => setAsking("reject")}>{t.reject}</Button>
      <Button type="primary" onClick={() => setAsking("approve")}>
        {t.approve}
      </Button>
      {asking && (
        <TextDialog
          title={asking === "approve" ? t.approveTitle : t.rejectTitle}
          about={asking === "approve" ? t.approveAbout : t.rejectAbout}
          label={t.commentLabel}
          action={asking === "approve" ? t.approve : t.reject}
          least={asking === "approve" ? 0 : 4}
          pending={decide.pending}
          problem={decide.problem}
          onDone={(comment) => void answer(comment)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </div>
  );
}
