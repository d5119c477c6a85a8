import { useParams } from "react-router";
import { type Answer, useMay, useRead } from "../../../api";
import { useTexts } from "../../../language";
import { Page, Pill, Reading, Tabs, useAsked } from "../../../ui";
import css from "../customers.module.css";
import { texts } from "../texts";
import { Consent } from "./consent";
import { Holdings } from "./holdings";
import { Profile } from "./profile";
import { Credits, Decisions, Enquiries, Openings } from "./records";
import { Relations } from "./relations";
import { Suitability } from "./suitability";
import { Tags } from "./tags";
import { Timeline } from "./timeline";

export type Customer = Answer<"/api/v1/customers/{customer_id}", "get">;

/** One customer whole: who he is on the left, and by section what happened, what he owns and whose he is. */
export default function CustomerPage() {
  const { customerId = "" } = useParams();
  const t = useTexts(texts);
  const read = useRead("/api/v1/customers/{customer_id}", { path: { customer_id: customerId } });
  const name = read.data?.name_masked || read.data?.phone_masked;
  return (
    <Page
      title={read.data ? (name ? t.pageTitle(name) : t.visitorTitle) : t.customer}
      about={read.data && <Headline of={read.data} />}
    >
      <Reading of={read} shape="detail">
        {(customer) => (
          <div className={css.page}>
            <Profile of={customer} />
            <Sections of={customer} />
          </div>
        )}
      </Reading>
    </Page>
  );
}

function Headline({ of }: { of: Customer }) {
  const t = useTexts(texts);
  return (
    <span style={{ display: "inline-flex", flexWrap: "wrap", gap: 6, alignItems: "center" }}>
      {of.phone_masked} {of.user_id && <code>{of.user_id}</code>}
      {of.tier && <Pill tone="accent">{of.tier}</Pill>}
      {of.opened_on === null && <Pill>{t.notOpened}</Pill>}
    </span>
  );
}

function Sections({ of }: { of: Customer }) {
  const t = useTexts(texts);
  const [tab] = useAsked("customer", "tab");
  const may = {
    openings: useMay("opening:read"),
    enquiries: useMay("enquiry:read"),
    decisions: useMay("decision:read"),
    credits: useMay("credit:read"),
    suitability: useMay("suitability:read"),
  };
  const sections = [
    { key: "timeline", label: t.timeline, show: () => <Timeline id={of.id} /> },
    { key: "tags", label: t.tags, show: () => <Tags id={of.id} /> },
    { key: "holdings", label: t.holdings, show: () => <Holdings of={of} /> },
    { key: "relations", label: t.relations, show: () => <Relations of={of.relations} /> },
    may.openings && { key: "openings", label: t.openings, show: () => <Openings id={of.id} /> },
    may.enquiries && { key: "enquiries", label: t.enquiries, show: () => <Enquiries id={of.id} /> },
    may.decisions && { key: "decisions", label: t.decisions, show: () => <Decisions id={of.id} /> },
    may.credits && { key: "credits", label: t.credits, show: () => <Credits id={of.id} /> },
    { key: "consent", label: t.consent, show: () => <Consent id={of.id} /> },
    may.suitability && { key: "suitability", label: t.suitability, show: () => <Suitability id={of.id} /> },
  ].filter((section) => section !== false);
  const current = sections.find((section) => section.key === tab) ?? sections[0];
  return (
    <div className={css.sections}>
      <Tabs label={t.sections} items={sections} />
      {current?.show()}
    </div>
  );
}
