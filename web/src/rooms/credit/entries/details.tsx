import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { type Answer, useMay, useRead, useWrite } from "../../../api";
import { creditRules, useTexts, useWords } from "../../../language";
import { serverNow } from "../../../live";
import { to } from "../../../paths";
import {
  CustomerLink,
  Facts,
  Pill,
  Reading,
  RelativeTime,
  TextDialog,
  useBranchName,
  useOpen,
  useTell,
} from "../../../ui";
import css from "../credit.module.css";
import { Holders, LostClaims, Part, useHolders } from "../parts";
import { disputeStates, entryKinds, texts } from "../texts";

type Detail = Answer<"/api/v1/credits/{entry_id}", "get">;

/** One entry: its rule, who won, what lost and why, and everything else about the same account. */
export function EntryDetails({ id }: { id: string }) {
  const read = useRead("/api/v1/credits/{entry_id}", { path: { entry_id: id } });
  return (
    <Reading of={read} shape="detail" isEmpty={() => false}>
      {(entry) => <Details of={entry} />}
    </Reading>
  );
}

function Details({ of }: { of: Detail }) {
  const t = useTexts(texts);
  const kind = useWords(entryKinds);
  const rule = useWords(creditRules);
  return (
    <div className={css.stack}>
      <Facts
        of={[
          [
            t.kind,
            <span key="k">
              {kind(of.kind)} {of.reversed && <Pill>{t.reversed}</Pill>}
            </span>,
          ],
          [t.customer, <CustomerLink key="c" id={of.customer_id} name={of.customer_name} />],
          [
            t.opening,
            <Link key="o" to={to.openings({ open: of.opening_id })}>
              {of.opening_id}
            </Link>,
          ],
          [
            t.rule,
            <span key="r">
              {rule(of.rule)} · <Link to={to.creditRules()}>{t.version(of.rule_version)}</Link>
            </span>,
          ],
          [t.happened, <RelativeTime key="a" at={of.at} />],
          [t.written, <RelativeTime key="w" at={of.written_at} />],
        ]}
      />
      <Part title={t.winners}>
        <Holders of={of.holders} />
      </Part>
      {of.kind !== "assist" && (
        <Part title={t.losers}>
          <LostClaims of={of.lost} />
        </Part>
      )}
      {of.history.length > 1 && (
        <Part title={t.history}>
          <History of={of} />
        </Part>
      )}
      {of.disputes.length > 0 && (
        <Part title={t.disputes}>
          <Disputes of={of.disputes} />
        </Part>
      )}
      <Objection of={of} />
    </div>
  );
}

function History({ of }: { of: Detail }) {
  const kind = useWords(entryKinds);
  const holders = useHolders();
  const [, setOpen] = useOpen();
  return (
    <ol className={css.list}>
      {of.history.map((line) => (
        <li key={line.id} className={css.between}>
          <span>
            {kind(line.kind)} · {holders(line)}
          </span>
          {line.id === of.id ? (
            <RelativeTime at={line.written_at} />
          ) : (
            <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(line.id)}>
              <RelativeTime at={line.written_at} />
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}

function Disputes({ of }: { of: Detail["disputes"] }) {
  const state = useWords(disputeStates);
  const branch = useBranchName();
  return (
    <ul className={css.list}>
      {of.map((each) => (
        <li key={each.id}>
          <div className={css.between}>
            <Link to={to.disputes({ tab: "all", open: each.id })}>{branch(each.branch_id)}</Link>
            <Pill tone={each.state === "open" ? "warn" : "neutral"}>{state(each.state)}</Pill>
          </div>
          <div className={css.quiet}>{each.reason}</div>
        </li>
      ))}
    </ul>
  );
}

/** The button for a branch whose claim lost; until when it may be pressed. */
function Objection({ of }: { of: Detail }) {
  const t = useTexts(texts);
  const tell = useTell();
  const may = useMay("credit:dispute");
  const [asking, setAsking] = useState(false);
  const object = useWrite("post", "/api/v1/credits/{entry_id}/disputes", {
    refreshes: ["/api/v1/credits", "/api/v1/credits/{entry_id}", "/api/v1/disputes"],
  });
  const until = of.may_dispute_until;
  if (!may || until === null || Date.parse(until) < serverNow().getTime()) return null;
  const send = async (reason: string) => {
    const answer = await object.run({ path: { entry_id: of.id }, body: { reason } });
    if (answer === "failed") return;
    setAsking(false);
    tell.done(t.disputeSent);
  };
  return (
    <div className={css.between}>
      <span className={css.quiet}>
        {t.disputeUntil} <RelativeTime at={until} />
      </span>
      <Button onClick={() => setAsking(true)}>{t.dispute}</Button>
      {asking && (
        <TextDialog
          title={t.disputeTitle}
          about={t.disputeAbout}
          label={t.disputeReason}
          action={t.dispute}
          least={5}
          pending={object.pending}
          problem={object.problem}
          onDone={(reason) => void send(reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
