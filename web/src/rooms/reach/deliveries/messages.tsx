import { Link } from "react-router";
import { type Answer, useReadPages } from "../../../api";
import { contactChannels, purposes, useTexts, useWords } from "../../../language";
import { withLive } from "../../../live";
import { to } from "../../../paths";
import {
  BranchName,
  type Column,
  CustomerLink,
  DataTable,
  DetailDrawer,
  Empty,
  Facts,
  Pill,
  Reading,
  RelativeTime,
  StepName,
  type Tone,
  useOpen,
  useStepName,
  useAsked,
} from "../../../ui";
import css from "../reach.module.css";
import { arms, deliveryStates, occasions, refusals, texts } from "../texts";

export type Delivery = Answer<"/api/v1/deliveries", "get">["items"][number];

const tones: Record<Delivery["state"], Tone> = {
  queued: "neutral",
  sending: "neutral",
  sent: "neutral",
  delivered: "good",
  failed: "danger",
  refused: "warn",
};

function State({ of }: { of: Delivery }) {
  const word = useWords(deliveryStates);
  return <Pill tone={tones[of.state]}>{word(of.state)}</Pill>;
}

function useColumns(): Column<Delivery>[] {
  const t = useTexts(texts);
  const channel = useWords(contactChannels);
  const arm = useWords(arms);
  const step = useStepName();
  return [
    {
      id: "message",
      title: t.message,
      cell: (row) => <span className={css.line}>{row.body || row.title}</span>,
      text: (row) => row.body,
    },
    {
      id: "customer",
      title: t.customer,
      acts: true,
      cell: (row) => <CustomerLink id={row.customer_id} name={row.customer || row.address_masked} />,
      text: (row) => row.customer || row.address_masked,
    },
    {
      id: "channel",
      short: true,
      title: t.channel,
      cell: (row) => channel(row.channel),
      sort: (row) => row.channel,
    },
    { id: "step", title: t.step, cell: (row) => step(row.step), sort: (row) => row.step },
    { id: "arm", short: true, title: t.arm, cell: (row) => arm(row.arm), sort: (row) => row.arm },
    { id: "state", title: t.state, cell: (row) => <State of={row} />, sort: (row) => row.state },
    {
      id: "created",
      title: t.created,
      number: true,
      cell: (row) => <RelativeTime at={row.created_at} />,
      sort: (row) => row.created_at,
    },
  ];
}

/** Messages, the newest first, live. */
export function Messages({ live }: { live: ReadonlyMap<string, Delivery> }) {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const [branch] = useAsked("deliveries", "branch");
  const [state] = useAsked("deliveries", "state");
  const [channel] = useAsked("deliveries", "channel");
  const pages = useReadPages("/api/v1/deliveries", {
    query: {
      branch: branch || undefined,
      state: (state || undefined) as Delivery["state"] | undefined,
      channel: channel || undefined,
      limit: 100,
    },
  });
  const columns = useColumns();
  const rows = withLive(pages.items, live, {
    key: (row) => row.id,
    at: (row) => row.created_at,
    fits: (row) => (!state || row.state === state) && (!channel || row.channel === channel),
    all: pages.more === undefined,
  }).filter((row) => !state || row.state === state);
  const nothing =
    branch || state || channel ? (
      <Empty what={t.noneFit} />
    ) : (
      <Empty
        what={t.deliveriesEmpty}
        advice={t.deliveriesEmptyAdvice}
        action={<Link to={to.templates()}>{t.seeTemplates}</Link>}
      />
    );
  const opened = rows.find((row) => row.id === open);
  return (
    <>
      <Reading of={pages.read} isEmpty={() => rows.length === 0} empty={nothing}>
        {() => (
          <DataTable
            name="deliveries"
            label={t.deliveriesTitle}
            rows={rows}
            rowKey={(row) => row.id}
            columns={columns}
            live
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer title={t.delivery}>{() => opened && <Details of={opened} />}</DetailDrawer>
    </>
  );
}

function Details({ of }: { of: Delivery }) {
  const t = useTexts(texts);
  const channel = useWords(contactChannels);
  const purpose = useWords(purposes);
  const occasion = useWords(occasions);
  const arm = useWords(arms);
  const reason = useWords(refusals);
  return (
    <div className={css.stack}>
      <section>
        <h3 className={css.part}>{t.asSent}</h3>
        <div className={css.bubble}>
          {of.channel === "inbox" && <b>{of.title}</b>}
          <p>{of.body}</p>
        </div>
      </section>
      <Facts
        of={[
          [t.state, <State key="s" of={of} />],
          ...(of.reason ? ([[t.reason, reason(of.reason)]] as const) : []),
          [t.channel, channel(of.channel)],
          [t.customer, <CustomerLink key="c" id={of.customer_id} name={of.customer} />],
          ...(of.address_masked ? ([[t.to, of.address_masked]] as const) : []),
          [t.branch, <BranchName key="b" id={of.branch_id} />],
          [
            t.opening,
            <Link key="o" to={to.openings({ open: of.opening_id })}>
              {of.opening_id}
            </Link>,
          ],
          [t.step, <StepName key="st" code={of.step} />],
          [t.occasion, occasion(of.occasion)],
          [t.arm, arm(of.arm)],
          [t.purpose, purpose(of.purpose)],
          [
            t.template,
            <span key="t">
              <Link to={to.templates({ q: of.template })}>{of.template}</Link>{" "}
              {t.version(of.template_version)}
            </span>,
          ],
          [t.attempts, of.attempts],
          [t.created, <RelativeTime key="cr" at={of.created_at} />],
          [t.sent, <RelativeTime key="se" at={of.sent_at} />],
          [t.delivered, <RelativeTime key="de" at={of.delivered_at} />],
          ...(of.failed_at ? ([[t.failed, <RelativeTime key="fa" at={of.failed_at} />]] as const) : []),
        ]}
      />
    </div>
  );
}
