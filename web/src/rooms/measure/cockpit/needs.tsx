import { Link } from "react-router";
import { type Permission, useSession } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import { Card, Elapsed, Empty } from "../../../ui";
import type { Cockpit } from "../figures";
import css from "../measure.module.css";
import { texts } from "../texts";

type Need = Cockpit["needs"][number];

const ORDER = [
  "lanes_behind",
  "promises_at_risk",
  "waiting_enquiries",
  "owed_callbacks",
  "stuck_openings",
  "broken_experiments",
  "poison_entries",
  "open_disputes",
];

/** What waits for a person, the gravest first, each with its button. */
export function Needs({ of }: { of: readonly Need[] }) {
  const t = useTexts(texts);
  const waiting = of
    .filter((need) => need.count > 0)
    .sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  return (
    <Card title={t.needs}>
      {waiting.length === 0 ? (
        <Empty what={t.needsNone} advice={t.needsNoneAdvice} />
      ) : (
        <ul className={css.needs}>
          {waiting.map((need) => (
            <One key={need.kind} of={need} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function useDoors(): Record<string, { says: string; button: string; to: string; needs: Permission }> {
  const t = useTexts(texts);
  return {
    stuck_openings: {
      says: t.stuckOpenings,
      button: t.toDesk,
      to: to.openings({ show: "free" }),
      needs: "opening:read",
    },
    promises_at_risk: {
      says: t.promisesAtRisk,
      button: t.toEnquiries,
      to: to.enquiries({ tab: "waiting" }),
      needs: "enquiry:read",
    },
    waiting_enquiries: {
      says: t.waitingEnquiries,
      button: t.toEnquiries,
      to: to.enquiries({ tab: "waiting" }),
      needs: "enquiry:read",
    },
    owed_callbacks: {
      says: t.owedCallbacks,
      button: t.toEnquiries,
      to: to.enquiries({ tab: "waiting" }),
      needs: "enquiry:read",
    },
    open_disputes: { says: t.openDisputes, button: t.toDisputes, to: to.disputes(), needs: "credit:read" },
    poison_entries: { says: t.poisonEntries, button: t.toPoison, to: to.poison(), needs: "quarantine:keep" },
    lanes_behind: { says: t.lanesBehind, button: t.toHealth, to: to.health(), needs: "quarantine:keep" },
    broken_experiments: {
      says: t.brokenExperiments,
      button: t.toExperiments,
      to: to.experiments(),
      needs: "experiment:read",
    },
  };
}

function One({ of }: { of: Need }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const door = useDoors()[of.kind];
  const permissions = useSession().data?.permissions ?? [];
  return (
    <li className={css.need} data-act={of.kind !== "open_disputes"}>
      <div>
        <span className={css.needCount}>{format.count(of.count, language)}</span> {door?.says ?? of.kind}
      </div>
      <div className={css.needRow}>
        <span className={css.faint}>
          {of.oldest_at && (
            <>
              {t.oldest} <Elapsed since={of.oldest_at} />
            </>
          )}
        </span>
        {door && permissions.includes(door.needs) && (
          <Link to={door.to} className={css.button}>
            {door.button}
          </Link>
        )}
      </div>
    </li>
  );
}
