import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { type Answer, type Read, useMay, useRead, useStaff } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import {
  BranchChoice,
  Card,
  Elapsed,
  Empty,
  exchangeDay,
  Figure,
  Figures,
  Page,
  Percent,
  Reading,
  useStepName,
  useUrlState,
} from "../../../ui";
import css from "../measure.module.css";
import { texts } from "../texts";
import { PlanDialog } from "./plan";

type Morning = Answer<"/api/v1/morning", "get">;
type Need = Morning["untouched_rescues"];

/** What a branch manager needs before nine: yesterday against plan and rank, and what waits now. */
export default function MorningPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const own = useStaff().branch_id;
  const branches = useRead("/api/v1/branches");
  const first = branches.data?.items[0]?.id;
  const [chosen] = useUrlState("branch");
  const branch = chosen || own || first;
  const mayPlan = useMay("people:admin");
  const [planning, setPlanning] = useState(false);
  const read = useRead(
    "/api/v1/morning",
    { query: { branch } },
    { when: branch !== undefined, every: 30_000 },
  );
  const day = read.data && format.day(new Date(read.data.since), language);
  return (
    <Page
      title={t.morningTitle}
      about={day && t.morningAbout(day)}
      filters={<BranchChoice required={own === null} />}
      primary={mayPlan && branch && <Button onClick={() => setPlanning(true)}>{t.setPlan}</Button>}
    >
      {branch === undefined ? (
        <Reading of={branches} shape="cards" empty={<NoBranch />}>
          {() => null}
        </Reading>
      ) : (
        <Reading of={read} shape="cards" isEmpty={() => false}>
          {(morning) => <Told of={morning} />}
        </Reading>
      )}
      {planning && branch && <PlanDialog branch={branch} close={() => setPlanning(false)} />}
    </Page>
  );
}

/** Nothing is in the data scope: whoever keeps the branches adds one, anybody else asks for one. */
function NoBranch() {
  const t = useTexts(texts);
  const mayAdd = useMay("people:admin");
  return (
    <Empty
      what={t.noBranch}
      advice={mayAdd ? t.noBranchAdd : t.noBranchAsk}
      action={mayAdd && <Link to={to.staff({ tab: "branches" })}>{t.toBranches}</Link>}
    />
  );
}

function Told({ of }: { of: Morning }) {
  return (
    <>
      <Yesterday of={of} />
      <div className={css.two}>
        <Waiting of={of} />
        <WhereStuck of={of} />
      </div>
    </>
  );
}

function Yesterday({ of }: { of: Morning }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { opened, satisfaction, promises_missed: missed } = of;
  const digits = opened.plan !== null && opened.plan < 10 ? 1 : 0;
  // Branches with the same count share a rank: where nobody opened anything, all would be the best.
  const rank = opened.value ? opened.rank : null;
  const plan = opened.plan === null ? t.noPlan : t.ofPlan(format.decimal(opened.plan, language, digits));
  return (
    <Figures>
      <Figure
        label={t.credited}
        value={
          <Link to={to.credits({ branch: of.branch_id, ...daysOf(of) })}>
            {format.count(opened.value, language)}
          </Link>
        }
        under={plan}
      />
      <Figure
        label={t.ranking}
        value={rank === null ? "—" : `${rank} / ${opened.of}`}
        under={rank === null ? t.noRank : t.rank(rank, opened.of)}
      />
      <Figure label={t.assists} value={format.count(of.assists, language)} />
      <Figure
        label={t.promises}
        value={<Rate of={missed} none="—" />}
        under={missed.denominator ? t.askedPerson(format.count(missed.denominator, language)) : t.nobodyAsked}
      />
      <Figure
        label={t.satisfaction}
        value={<Rate of={satisfaction} none="—" />}
        under={
          satisfaction.denominator ? t.rated(format.count(satisfaction.denominator, language)) : t.nobodyRated
        }
      />
    </Figures>
  );
}

/** The period as the ledger is asked for it: both days included. On a Monday it is Friday to Sunday. */
function daysOf({ since, until }: Pick<Morning, "since" | "until">) {
  const last = new Date(new Date(until).getTime() - 1);
  return { period: "custom", from: exchangeDay(new Date(since)), to: exchangeDay(last) };
}

function Rate({ of, none }: { of: Morning["satisfaction"]; none: string }) {
  if (!of.denominator || of.numerator === null || of.numerator === undefined) return <>{none}</>;
  return <Percent part={of.numerator} whole={of.denominator} />;
}

/** What waits in the branch, each with its button; nothing that is zero. */
function Waiting({ of }: { of: Morning }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const branch = of.branch_id;
  const proposals = usePending();
  const waiting = to.enquiries({ branch, tab: "waiting" });
  const all = [
    {
      need: of.untouched_rescues,
      says: t.rescuesWait,
      button: t.take,
      to: to.openings({ branch, show: "free" }),
    },
    { need: of.promises_at_risk, says: t.promisesAtRisk, button: t.answer, to: waiting },
    { need: of.waiting_enquiries, says: t.enquiriesWait, button: t.answer, to: waiting },
    { need: of.owed_callbacks, says: t.callbacksWait, button: t.call, to: waiting },
    {
      need: mineOf(proposals.data),
      says: t.approvalsWait,
      button: t.decide,
      to: to.approvals({ tab: "pending" }),
    },
    { need: of.open_disputes, says: t.disputesWait, button: t.see, to: to.disputes({ branch }) },
  ].filter(({ need }) => need.count > 0);
  return (
    <Card title={t.now}>
      {all.length === 0 && proposals.data === undefined ? (
        <Reading of={proposals} shape="detail">
          {() => null}
        </Reading>
      ) : all.length === 0 ? (
        <Empty what={t.needsNone} advice={t.needsNoneAdvice} />
      ) : (
        <ul className={css.needs}>
          {all.map(({ need, says, button, to: link }) => (
            <li key={need.kind} className={css.need} data-act={!CALM.includes(need.kind)}>
              <div className={css.needRow}>
                <span>
                  <span className={css.needCount}>{format.count(need.count, language)}</span> {says}
                </span>
                <Link to={link} className={css.button}>
                  {button}
                </Link>
              </div>
              {need.oldest_at && (
                <span className={css.faint}>
                  {t.oldest} <Elapsed since={need.oldest_at} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const CALM = ["open_disputes", "approvals"];

type Proposals = Answer<"/api/v1/approvals", "get">;

function usePending(): Read<Proposals> {
  return useRead("/api/v1/approvals", { query: { state: "pending", limit: 100 } }, { every: 60_000 });
}

/** Proposals that the one who looks may decide; the server lists the latest first. */
function mineOf(proposals: Proposals | undefined): Need {
  const mine = (proposals?.items ?? []).filter((each) => each.may_decide);
  return { kind: "approvals", count: mine.length, oldest_at: mine.at(-1)?.asked_at ?? null };
}

function WhereStuck({ of }: { of: Morning }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const step = useStepName();
  const most = Math.max(1, ...of.stuck_steps.map((each) => each.openings));
  return (
    <Card
      title={t.whereStuck}
      extra={<span className={css.faint}>{t.underWay(format.count(of.openings_under_way, language))}</span>}
    >
      {of.stuck_steps.length === 0 ? (
        <Empty what={t.nobodyStuck} />
      ) : (
        <div className={css.bars}>
          {of.stuck_steps.map((each) => (
            <div key={each.step} style={{ display: "contents" }}>
              <span>{step(each.step)}</span>
              <span className={css.bar} aria-hidden>
                <span style={{ width: `${(each.openings / most) * 100}%` }} />
              </span>
              <span className={css.num}>{format.count(each.openings, language)}</span>
              <span className={`${css.num} ${css.faint}`}>
                {t.oldest} <Elapsed since={each.oldest_at} />
              </span>
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}
