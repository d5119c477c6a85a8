import { type Answer, useRead } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import {
  type Column,
  Copyable,
  Count,
  DataTable,
  DetailDrawer,
  Elapsed,
  Empty,
  Facts,
  Page,
  Percent,
  Pill,
  Reading,
  RelativeTime,
  useOpen,
} from "../../../ui";
import { importKinds, texts } from "../texts";

type Import = Answer<"/api/v1/imports", "get">[number];

const COMMAND = "bihuan import events FILE.csv --mapping MAP.yaml --dry-run --json";

function useColumns(): Column<Import>[] {
  const t = useTexts(texts);
  const word = useWords(importKinds);
  const number = (id: string, title: string, of: (row: Import) => number): Column<Import> => ({
    id,
    title,
    number: true,
    cell: (row) => <Count value={of(row)} />,
    sort: of,
  });
  return [
    { id: "file", title: t.file, cell: (row) => row.file_name, sort: (row) => row.file_name },
    { id: "what", title: t.what, cell: (row) => word(row.kind), sort: (row) => row.kind },
    {
      id: "state",
      title: t.state,
      cell: (row) =>
        row.finished_at ? (
          <Pill>{t.finished}</Pill>
        ) : (
          <Pill tone="accent" dot>
            {t.running}
          </Pill>
        ),
      sort: (row) => row.finished_at ?? "",
    },
    number("read", t.rowsRead, (row) => row.next_row),
    number("accepted", t.accepted, (row) => row.accepted),
    number("duplicates", t.duplicates, (row) => row.duplicates),
    number("rejected", t.rejected, (row) => row.rejected),
    {
      id: "started",
      title: t.started,
      number: true,
      cell: (row) => <RelativeTime at={row.started_at} />,
      sort: (row) => row.started_at,
    },
  ];
}

/** Imports with their progress; read again every two seconds while one is under way. */
export default function ImportsPage() {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const read = useRead("/api/v1/imports", { query: { limit: 200 } }, { every: 3000 });
  const columns = useColumns();
  const opened = read.data?.find((row) => row.id === open);
  return (
    <Page title={t.importsTitle} about={t.importsAbout}>
      <Reading
        of={read}
        empty={
          <Empty
            what={t.importsEmpty}
            advice={t.importsEmptyAdvice}
            action={<Copyable text={COMMAND} label={t.command} />}
          />
        }
      >
        {(rows) => (
          <>
            <DataTable
              name="imports"
              label={t.importsTitle}
              rows={rows}
              rowKey={(row) => row.id}
              columns={columns}
              current={open}
              onOpen={setOpen}
              empty={<Empty what={t.importsEmpty} />}
            />
            <Copyable text={COMMAND} label={t.command} />
          </>
        )}
      </Reading>
      <DetailDrawer title={opened?.file_name ?? t.importDetails}>
        {() => opened && <Details of={opened} />}
      </DetailDrawer>
    </Page>
  );
}

function Details({ of }: { of: Import }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const word = useWords(importKinds);
  const seconds = of.finished_at
    ? (Date.parse(of.finished_at) - Date.parse(of.started_at)) / 1000
    : undefined;
  return (
    <div style={{ display: "grid", gap: 12 }}>
      <Facts
        of={[
          [t.what, word(of.kind)],
          [t.rowsRead, <Count key="n" value={of.next_row} />],
          [t.accepted, <Count key="a" value={of.accepted} />],
          [t.share, <Percent key="p" part={of.accepted} whole={of.next_row} />],
          [t.duplicates, <Count key="d" value={of.duplicates} />],
          [t.rejected, <Count key="r" value={of.rejected} />],
          [t.started, <RelativeTime key="s" at={of.started_at} />],
          [
            t.took,
            seconds === undefined ? (
              <Elapsed key="e" since={of.started_at} />
            ) : (
              format.duration(seconds, language)
            ),
          ],
          [t.digest, <code key="g">{of.digest}</code>],
        ]}
      />
      {of.rejected > 0 && <p style={{ color: "var(--muted)" }}>{t.rejectedWhere}</p>}
    </div>
  );
}
