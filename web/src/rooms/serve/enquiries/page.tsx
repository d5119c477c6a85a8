import { ArrowLeftOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { useEffect } from "react";
import { type Problem, refresh, useMay, useRead, useReadPages, useStaff } from "../../../api";
import { useTexts } from "../../../language";
import { type TopicView, useTopic } from "../../../live";
import {
  BranchChoice,
  Empty,
  ErrorState,
  Loading,
  Page,
  type Shortcut,
  Tabs,
  usePhone,
  useBranches,
  useShortcuts,
  useAsked,
  useUrlState,
} from "../../../ui";
import { CustomerCard } from "../customerCard";
import { neighbour } from "../openings/rows";
import { type PresenceState, usePresence } from "../presence/usePresence";
import { useScopedTopic } from "../scoped";
import css from "../serve.module.css";
import { texts } from "../texts";
import { Conversation } from "./conversation";
import { type Enquiry, heldInOrder, offersInOrder } from "./lists";
import { ListPane, type Section } from "./listPane";
import { useClaim } from "./useClaim";

/** Three panes: who waits, what is said, and the customer beside it. On a phone one at a time. */
export default function EnquiriesPage() {
  const t = useTexts(texts);
  const phone = usePhone();
  const serves = useMay("enquiry:claim");
  const [chosen, choose] = useAsked("enquiries", "conversation");
  const lists = useLists();
  const everyone = lists.sections.flatMap((section) => section.items);
  const { enquiry, problem, retry } = useChosen(chosen, everyone);
  useKeys(lists.sections, chosen, choose);
  const several = useBranches().length > 1;
  const filtered = lists.tab !== "mine" && several;
  return (
    <Page
      title={serves ? t.enquiriesTitle : t.enquiriesWatch}
      live={lists.state}
      primary={serves && !phone ? <PresenceChoice /> : undefined}
      filters={filtered ? <BranchChoice /> : undefined}
    >
      {phone && serves && !chosen && <PresenceChoice />}
      <div className={css.panes} data-chosen={chosen !== ""} data-filtered={filtered}>
        <div className={css.listPane}>
          <Tabs label={t.views} items={lists.tabs} />
          <ListPane sections={lists.sections} chosen={chosen} choose={choose} more={lists.more} />
        </div>
        <div className={css.talkPane}>
          {enquiry ? (
            <Conversation key={enquiry.id} enquiry={enquiry} leave={() => choose(null)} />
          ) : chosen === "" ? (
            <Empty what={t.choose} advice={serves ? t.chooseAdvice : undefined} />
          ) : (
            <NotShown problem={problem} retry={retry} leave={() => choose(null)} />
          )}
        </div>
        {!phone && (
          <aside className={css.besidePane} aria-label={t.aboutCustomer}>
            {enquiry && <CustomerCard id={enquiry.customer_id} />}
          </aside>
        )}
      </div>
    </Page>
  );
}

/** A conversation that is read, or cannot be: unknown, of others, or the way to it is broken. */
function NotShown(props: { problem: Problem | undefined; retry: () => void; leave: () => void }) {
  const t = useTexts(texts);
  const { problem, retry, leave } = props;
  return (
    <>
      <header className={css.talkHead}>
        <Button type="text" icon={<ArrowLeftOutlined />} onClick={leave}>
          {t.backToList}
        </Button>
      </header>
      {problem ? <ErrorState problem={problem} retry={retry} /> : <Loading shape="detail" />}
    </>
  );
}

/** The lists of the chosen tab, live. Those who do not serve have no "mine". */
function useLists() {
  const t = useTexts(texts);
  const me = useStaff().id;
  const serves = useMay("enquiry:claim");
  const [branch] = useAsked("enquiries", "branch");
  const [tab] = useUrlState("tab", serves ? "mine" : "waiting");
  const offers = useTopic<Enquiry>(serves ? `offers:${me}` : null);
  const held = useTopic<Enquiry>(serves ? `enquiries:${me}` : null);
  const waiting = useScopedTopic<Enquiry>("waiting", branch);
  const past = useReadPages(
    "/api/v1/enquiries",
    { query: { state: tab === "closed" ? ["closed"] : ["claimed"], branch: branch || undefined, limit: 50 } },
    { when: tab === "closed" || tab === "talking", every: 15_000 },
  );
  const live = (view: TopicView<Enquiry>, order: (rows: Iterable<Enquiry>) => Enquiry[]) => ({
    items: order(view.rows.values()),
    loading: view.state === "loading",
    problem: view.state === "refused" ? view.problem : undefined,
  });
  const paged = {
    items: past.items,
    loading: past.read.isPending,
    problem: past.read.error ?? undefined,
    retry: () => void past.read.refetch(),
  };
  const sections: Section[] =
    tab === "mine"
      ? [
          { key: "offers", title: t.offers, ...live(offers, offersInOrder), none: t.noOffers },
          { key: "mine", title: t.mineList, ...live(held, heldInOrder), none: t.noMine },
        ]
      : tab === "waiting"
        ? [{ key: "waiting", ...live(waiting, offersInOrder), none: t.noWaiting }]
        : [{ key: tab, ...paged, none: tab === "closed" ? t.noClosed : t.noTalking }];
  const counted = (...views: TopicView<Enquiry>[]) =>
    views.some((view) => view.state === "loading")
      ? undefined
      : views.reduce((sum, view) => sum + view.rows.size, 0);
  const mine = { key: "mine", label: t.mineTab, count: counted(offers, held) };
  const tabs = [
    ...(serves ? [mine] : []),
    { key: "waiting", label: t.waiting, count: counted(waiting) },
    { key: "talking", label: t.talking },
    { key: "closed", label: t.closed },
  ];
  const more = tab === "closed" || tab === "talking" ? past.more : undefined;
  return { tab, tabs, sections, more, state: serves ? held.state : waiting.state };
}

/** The chosen enquiry as the lists have it now; one that has left them is read, or why it cannot be. */
function useChosen(id: string, listed: readonly Enquiry[]) {
  const row = listed.find((enquiry) => enquiry.id === id);
  const read = useRead("/api/v1/enquiries/{enquiry_id}", { path: { enquiry_id: id } }, { when: id !== "" });
  const listedNow = row !== undefined;
  useEffect(() => {
    if (!listedNow) refresh("/api/v1/enquiries/{enquiry_id}");
  }, [listedNow]);
  return {
    enquiry: row ?? (read.data?.id === id ? read.data : undefined),
    problem: read.error ?? undefined,
    retry: () => void read.refetch(),
  };
}

function PresenceChoice() {
  const t = useTexts(texts);
  const { state, say, pending, loading } = usePresence();
  return (
    <Segmented<PresenceState>
      aria-label={t.presence}
      disabled={pending || loading}
      value={state}
      onChange={(next) => void say(next)}
      options={[
        { value: "online", label: t.online },
        { value: "away", label: t.away },
        { value: "offline", label: t.offline },
      ]}
    />
  );
}

/** J and K move through the list, C claims what is chosen or the first offer. */
function useKeys(sections: readonly Section[], chosen: string, choose: (id: string | null) => void) {
  const t = useTexts(texts);
  const serves = useMay("enquiry:claim");
  const { claim } = useClaim();
  const items = sections.flatMap((section) => section.items);
  const keys = items.map((enquiry) => enquiry.id);
  const offers = sections.find((section) => section.key === "offers")?.items ?? [];
  const offer = offers.find((enquiry) => enquiry.id === chosen) ?? offers[0];
  const shortcuts: Shortcut[] = [
    { key: "j", does: t.nextRow, run: () => choose(neighbour(keys, chosen || null, 1)) },
    { key: "k", does: t.previousRow, run: () => choose(neighbour(keys, chosen || null, -1)) },
    ...(serves
      ? [
          {
            key: "c",
            does: t.claim,
            run: () => {
              if (offer) void claim(offer.id).then((won) => won && choose(offer.id));
            },
          },
        ]
      : []),
  ];
  useShortcuts(shortcuts);
}
