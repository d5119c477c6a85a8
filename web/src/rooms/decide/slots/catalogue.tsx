import { useReadPages } from "../../../api";
import { topicNames, useLanguage, useTexts, useWords } from "../../../language";
import {
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Pill,
  Reading,
  RelativeTime,
  useOpen,
  useAsked,
} from "../../../ui";
import { itemKinds, texts } from "../texts";
import type { Item } from "./fits";
import { ItemForm } from "./form";
import { ItemDetails } from "./item";

function useColumns(): Column<Item>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(itemKinds);
  const topic = useWords(topicNames);
  const name = (row: Item) => (language === "en" ? row.name_en : row.name_zh);
  return [
    { id: "name", title: t.name, cell: name, sort: name },
    { id: "code", title: t.code, cell: (row) => <code>{row.code}</code>, sort: (row) => row.code },
    { id: "kind", title: t.kind, cell: (row) => kind(row.kind), sort: (row) => row.kind },
    {
      id: "risk",
      title: t.risk,
      cell: (row) => (row.risk_level ? <Pill>R{row.risk_level}</Pill> : "—"),
      sort: (row) => row.risk_level,
    },
    {
      id: "topics",
      title: t.topics,
      cell: (row) => row.topics.map(topic).join(t.joiner) || "—",
      text: (row) => row.topics.join(),
    },
    { id: "weight", title: t.weight, number: true, cell: (row) => row.weight, sort: (row) => row.weight },
    {
      id: "state",
      title: t.state,
      cell: (row) => (row.active ? t.active : <Pill>{t.inactive}</Pill>),
      sort: (row) => Number(row.active),
    },
    {
      id: "edited",
      title: t.edited,
      number: true,
      cell: (row) => <RelativeTime at={row.edited_at} />,
      sort: (row) => row.edited_at,
    },
  ];
}

/** All items in force; a click shows one with its versions. */
export function Catalogue() {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen("item");
  const [q] = useAsked("slots", "q");
  const [kind] = useAsked("slots", "kind");
  const [active] = useAsked("slots", "active");
  const pages = useReadPages("/api/v1/catalogue", {
    query: {
      q: q || undefined,
      kind: (kind || undefined) as Item["kind"] | undefined,
      active: active ? active === "yes" : undefined,
      limit: 200,
    },
  });
  const columns = useColumns();
  const nothing =
    q || kind || active ? (
      <Empty what={t.noneFit} />
    ) : (
      <Empty what={t.catalogueEmpty} advice={t.catalogueEmptyAdvice} />
    );
  return (
    <>
      <Reading of={pages.read} empty={nothing}>
        {() => (
          <DataTable
            name="catalogue"
            label={t.catalogue}
            rows={pages.items}
            rowKey={(row) => row.code}
            columns={columns}
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer name="item" title={open === "+" ? t.newItem : t.itemTitle} wide>
        {(code) => (code === "+" ? <ItemForm /> : <ItemDetails key={code} code={code} />)}
      </DetailDrawer>
    </>
  );
}
