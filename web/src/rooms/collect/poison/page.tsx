import { type Answer, useReadPages, write } from "../../../api";
import { useTexts, useWords } from "../../../language";
import {
  type Column,
  CustomerLink,
  DataTable,
  DetailDrawer,
  Empty,
  Facts,
  Json,
  Page,
  Pill,
  Reading,
  RelativeTime,
  Tabs,
  useOpen,
  useAsked,
} from "../../../ui";
import { Repair } from "../repair";
import { resolutions, texts } from "../texts";

type Poison = Answer<"/api/v1/poison", "get">["items"][number];

const MOST = 500;

function useColumns(): Column<Poison>[] {
  const t = useTexts(texts);
  return [
    { id: "name", title: t.event, cell: (row) => row.name, sort: (row) => row.name },
    {
      id: "reaction",
      title: t.reaction,
      cell: (row) => <Pill tone="warn">{row.reaction}</Pill>,
      sort: (row) => row.reaction,
    },
    {
      id: "error",
      title: t.error,
      cell: (row) => firstLine(row.error),
      text: (row) => row.error,
    },
    {
      id: "customer",
      title: t.customer,
      acts: true,
      cell: (row) => <CustomerLink id={row.customer_id} />,
      text: (row) => row.customer_id,
    },
    {
      id: "aside",
      title: t.setAside,
      number: true,
      cell: (row) => <RelativeTime at={row.set_aside_at} />,
      sort: (row) => row.set_aside_at,
    },
  ];
}

function firstLine(error: string): string {
  const line = error.trim().split("\n").at(-1) ?? "";
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}

/** Entries that a reaction could not swallow: the rest of the customer's life went on without them. */
export default function PoisonPage() {
  const t = useTexts(texts);
  const [tab] = useAsked("poison", "tab");
  const resolved = tab === "resolved";
  const [open, setOpen] = useOpen();
  const pages = useReadPages("/api/v1/poison", { query: { resolved, limit: MOST } }, { every: 10_000 });
  const columns = useColumns();
  const nothing = resolved ? (
    <Empty what={t.resolvedEmpty} />
  ) : (
    <Empty what={t.poisonEmpty} advice={t.poisonEmptyAdvice} />
  );
  const opened = pages.items.find((row) => row.id === open);
  return (
    <Page title={t.poisonTitle} about={t.poisonAbout}>
      <Tabs
        label={t.views}
        items={[
          {
            key: "waiting",
            label: t.waiting,
            count: resolved || pages.read.isPlaceholderData ? undefined : pages.read.data?.length,
          },
          { key: "resolved", label: t.resolved },
        ]}
      />
      <Reading of={pages.read}>
        {(rows) => (
          <DataTable
            name="poison"
            label={t.poisonTitle}
            rows={rows}
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
      <DetailDrawer title={t.poisonDetails} wide>
        {() => opened && <Entry of={opened} resolved={resolved} />}
      </DetailDrawer>
    </Page>
  );
}

function Entry({ of, resolved }: { of: Poison; resolved: boolean }) {
  const t = useTexts(texts);
  const done = useWords(resolutions);
  const id = of.id;
  return (
    <div style={{ display: "grid", gap: 16 }}>
      <Facts
        of={[
          [t.event, of.name],
          [t.kind, of.kind === "fact" ? t.fact : t.tracked],
          [t.reaction, of.reaction],
          [t.source, of.source],
          [t.customer, <CustomerLink key="c" id={of.customer_id} />],
          [t.happened, <RelativeTime key="o" at={of.occurred_at} />],
          [t.setAside, <RelativeTime key="s" at={of.set_aside_at} />],
          ...(of.resolved_at
            ? ([
                [t.resolution, done(of.resolution)],
                [t.resolvedAt, <RelativeTime key="d" at={of.resolved_at} />],
              ] as const)
            : []),
        ]}
      />
      <Json of={of.error} label={t.error} height={220} />
      <Json of={of.body} label={t.message} height={260} />
      {!resolved && (
        <Repair
          key={id}
          whole={() => write("post", "/api/v1/poison/{entry_id}/open", { path: { entry_id: id } })}
          label={t.repair}
          action={t.runAgain}
          done={t.ranAgain}
          replay={(body) =>
            write("post", "/api/v1/poison/{entry_id}/replay", { path: { entry_id: id }, body: { body } })
          }
          discard={() => write("post", "/api/v1/poison/{entry_id}/discard", { path: { entry_id: id } })}
          ask={{ title: t.askDiscardEntry, consequence: t.discardEntryWhat, action: t.giveUp }}
          refreshes={["/api/v1/poison"]}
        />
      )}
    </div>
  );
}
