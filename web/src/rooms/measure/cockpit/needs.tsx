import { Link } from "react-router";
import { type Permission, useSession } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import { Card, Elapsed, Empty } from "../../../ui";
import type { Cockpit } from "../figures";
import css from "../measure.module.css";
import { texts } from "../texts";

type Need = Cockpit["needs"][number];

const ORDER = ["stuck_openings", "waiting_enquiries", "owed_callbacks", "open_disputes", "poison_entries"];

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
      to: to.openings({ stuck: true }),
      needs: "opening:read",
    },
    waiting_enquiries: {
      says: t.waitingEnquiries,
      button: t.toEnquiries,
      to: to.enquiries(),
      needs: "enquiry:read",
    },
    owed_callbacks: {
      says: t.owedCallbacks,
      button: t.toEnquiries,
      to: to.enquiries({ tab: "callback_owed" }),
      needs: "enquiry:read",
    },
    open_disputes: { says: t.openDisputes, button: t.toDisputes, to: to.disputes(), needs: "credit:read" },
    poison_entries: { says: t.poisonEntries, button: t.toPoison, to: to.poison(), needs: "quarantine:keep" },
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
