import { Link } from "react-router";
import { type Answer, useReadPages, useStaff } from "../../../api";
import { useTexts } from "../../../language";
import { to } from "../../../paths";
import {
  Choice,
  type Column,
  CustomerLink,
  DataTable,
  DetailDrawer,
  Empty,
  Page,
  Pill,
  Reading,
  RelativeTime,
  useOpen,
  useAsked,
  useShelfNames,
} from "../../../ui";
import css from "../decide.module.css";
import { texts } from "../texts";
import { useAsker } from "./asker";
import { DecisionDetails } from "./details";

type Decision = Answer<"/api/v1/decisions", "get">["items"][number];

/** Decisions with their evidence, the latest first. */
export default function DecisionsPage() {
  const t = useTexts(texts);
  const [customer] = useAsked("decisions", "customer");
  const { branch_ids: scope } = useStaff();
  return (
    <Page
      title={t.decisionsTitle}
      about={t.decisionsAbout}
      filters={
        customer && (
          <Choice name="customer" label={t.customer} options={[{ value: customer, label: t.thisCustomer }]} />
        )
      }
    >
      {scope === null || customer ? (
        <Decisions customer={customer} />
      ) : (
        <Empty
          what={t.chooseCustomer}
          advice={t.chooseCustomerAdvice}
          action={<Link to={to.customers()}>{t.toCustomers}</Link>}
        />
      )}
    </Page>
  );
}

function useColumns(): Column<Decision>[] {
  const t = useTexts(texts);
  const asker = useAsker();
  const names = useShelfNames();
  const shown = (row: Decision) =>
    row.slots
      .map((slot) => {
        const items = slot.winners.map((winner) => names.item(winner.item)).join(t.joiner) || t.emptySlot;
        return `${names.slot(slot.slot)}${t.colon}${items}${slot.by_default ? ` (${t.byDefault})` : ""}`;
      })
      .join(" · ");
  return [
    {
      id: "shown",
      title: t.shown,
      cell: (row) => <span className={css.clamp}>{shown(row)}</span>,
      text: shown,
    },
    {
      id: "customer",
      title: t.customer,
      acts: true,
      cell: (row) =>
        row.customer_id ? <CustomerLink id={row.customer_id} name={row.customer} /> : t.visitor,
      text: (row) => row.customer,
    },
    {
      id: "personal",
      title: t.personalised,
      cell: (row) => (row.personalised ? t.yes : <Pill>{t.notPersonalised}</Pill>),
      sort: (row) => Number(row.personalised),
    },
    {
      id: "by",
      short: true,
      title: t.askedBy,
      cell: (row) => asker(row.asked_by),
      sort: (row) => row.asked_by,
    },
    {
      id: "at",
      title: t.decided,
      number: true,
      cell: (row) => <RelativeTime at={row.decided_at} />,
      sort: (row) => row.decided_at,
    },
  ];
}

function Decisions({ customer }: { customer: string }) {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const pages = useReadPages("/api/v1/decisions", {
    query: { customer: customer || undefined, limit: 100 },
  });
  const columns = useColumns();
  const nothing = <Empty what={t.decisionsEmpty} advice={t.decisionsEmptyAdvice} />;
  return (
    <>
      <Reading of={pages.read} empty={nothing}>
        {() => (
          <DataTable
            name="decisions"
            label={t.decisionsTitle}
            rows={pages.items}
            rowKey={(row) => row.id}
            columns={columns}
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer title={t.decision} wide>
        {(id) => <DecisionDetails key={id} id={id} />}
      </DetailDrawer>
    </>
  );
}
