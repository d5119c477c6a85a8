import { Button } from "antd";
import { useNavigate } from "react-router";
import { type Answer, useMay, useRead } from "../../../api";
import { useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import { type Column, Count, DataTable, Empty, Page, Pill, Reading, RelativeTime } from "../../../ui";
import { texts } from "../segmentTexts";

type Segment = Answer<"/api/v1/segments", "get">["items"][number];

/** All segments, what they mean in words, how large they are and how fresh that is. */
export default function SegmentsPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const go = useNavigate();
  const mayWrite = useMay("segment:author");
  const read = useRead("/api/v1/segments", undefined, { every: 10_000 });
  const name = (row: Segment) => (language === "en" ? row.name_en : row.name_zh);
  const columns: Column<Segment>[] = [
    { id: "name", title: t.name, cell: name, sort: name },
    {
      id: "reads",
      title: t.rule,
      cell: (row) => (language === "en" ? row.reads_en : row.reads_zh),
      text: (row) => (language === "en" ? row.reads_en : row.reads_zh),
    },
    {
      id: "members",
      title: t.members,
      number: true,
      cell: (row) => (row.members === null ? "—" : <Count value={row.members} />),
      sort: (row) => row.members ?? -1,
    },
    {
      id: "evaluated",
      title: t.evaluated,
      number: true,
      cell: (row) =>
        row.error ? (
          <Pill tone="danger">{t.failed}</Pill>
        ) : row.evaluated_at ? (
          <RelativeTime at={row.evaluated_at} />
        ) : (
          t.notYet
        ),
      sort: (row) => row.evaluated_at ?? "",
    },
  ];
  const add = mayWrite && (
    <Button type="primary" onClick={() => void go(to.segment("new"))}>
      {t.add}
    </Button>
  );
  return (
    <Page title={t.title} about={t.about} primary={add}>
      <Reading of={read} empty={<Empty what={t.empty} advice={t.emptyAdvice} action={add || undefined} />}>
        {({ items }) => (
          <DataTable
            name="segments"
            label={t.title}
            rows={items}
            rowKey={(row) => row.id}
            columns={columns}
            onOpen={(id) => void go(to.segment(id))}
            empty={<Empty what={t.empty} />}
          />
        )}
      </Reading>
    </Page>
  );
}
