import { useNavigate } from "react-router";
import { type Answer, useReadPages } from "../../../api";
import { cities, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import {
  BranchChoice,
  type Column,
  Count,
  DataTable,
  Empty,
  Page,
  Pill,
  Reading,
  RelativeTime,
  Search,
  useBranchName,
  useAsked,
} from "../../../ui";
import { channels, texts } from "../texts";

type Customer = Answer<"/api/v1/customers", "get">["items"][number];

function useColumns(): Column<Customer>[] {
  const t = useTexts(texts);
  const channel = useWords(channels);
  const city = useWords(cities);
  const branch = useBranchName();
  return [
    {
      id: "name",
      title: t.customer,
      cell: (row) => row.name_masked || t.visitor,
      sort: (row) => row.name_masked || t.visitor,
    },
    { id: "phone", title: t.phone, cell: (row) => row.phone_masked || "—", text: (row) => row.phone_masked },
    { id: "number", title: t.number, cell: (row) => row.user_id ?? "—", sort: (row) => row.user_id },
    {
      id: "opened",
      title: t.openedOn,
      cell: (row) => row.opened_on ?? <Pill>{t.notOpened}</Pill>,
      sort: (row) => row.opened_on,
    },
    {
      id: "branch",
      title: t.branch,
      cell: (row) => branch(row.branch_id),
      sort: (row) => branch(row.branch_id),
    },
    { id: "channel", title: t.channel, cell: (row) => channel(row.channel), sort: (row) => row.channel },
    { id: "city", title: t.city, cell: (row) => city(row.city), sort: (row) => city(row.city) },
    {
      id: "events",
      title: t.events,
      number: true,
      cell: (row) => <Count value={row.events} />,
      sort: (row) => row.events,
    },
    {
      id: "seen",
      title: t.lastSeen,
      number: true,
      cell: (row) => <RelativeTime at={row.last_seen} />,
      sort: (row) => row.last_seen,
    },
  ];
}

/** Customers of the data scope, found exactly. */
export default function CustomersPage() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const [q] = useAsked("customers", "q");
  const [branch] = useAsked("customers", "branch");
  const { items, read, more, loadingMore } = useReadPages("/api/v1/customers", {
    query: { q: q || undefined, branch: branch || undefined, limit: 100 },
  });
  const columns = useColumns();
  const filtered = q !== "" || branch !== "";
  const nothing = filtered ? (
    <Empty what={t.noneFound} advice={t.noneFoundAdvice} />
  ) : (
    <Empty what={t.listEmpty} advice={t.listEmptyAdvice} />
  );
  return (
    <Page
      title={t.listTitle}
      about={t.listAbout}
      filters={
        <>
          <Search label={t.search} />
          <BranchChoice />
        </>
      }
    >
      <Reading of={read} empty={nothing}>
        {() => (
          <DataTable
            name="customers"
            label={t.listTitle}
            rows={items}
            rowKey={(row) => row.id}
            columns={columns}
            onOpen={(id) => void navigate(to.customer(id))}
            more={more}
            loadingMore={loadingMore}
            empty={nothing}
            card={(row) => <CustomerCard row={row} />}
          />
        )}
      </Reading>
    </Page>
  );
}

function CustomerCard({ row }: { row: Customer }) {
  const t = useTexts(texts);
  const city = useWords(cities);
  return (
    <div style={{ display: "flex", justifyContent: "space-between", gap: 12 }}>
      <span>
        <b style={{ fontWeight: 600 }}>{row.name_masked || t.visitor}</b> {row.phone_masked}
        <br />
        <span style={{ color: "var(--muted)" }}>
          {city(row.city)} · <RelativeTime at={row.last_seen} />
        </span>
      </span>
      {row.opened_on === null && <Pill>{t.notOpened}</Pill>}
    </div>
  );
}
