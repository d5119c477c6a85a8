import { Link } from "react-router";
import { useRead } from "../../../api";
import { topicNames, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import {
  Card,
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Facts,
  Pill,
  Reading,
  useOpen,
  useShelfNames,
} from "../../../ui";
import { itemKinds, layouts, texts } from "../texts";
import { fits, type Item, type Slot } from "./fits";

const ALL = { query: { limit: 500 } } as const;

function useColumns(items: readonly Item[]): Column<Slot>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(itemKinds);
  const topic = useWords(topicNames);
  const layout = useWords(layouts);
  const page = usePageName();
  const name = (row: Slot) => (language === "en" ? row.name_en : row.name_zh);
  return [
    { id: "name", title: t.slot, cell: name, sort: name },
    { id: "page", title: t.page, cell: (row) => page(row.page), sort: (row) => row.page },
    { id: "code", title: t.code, cell: (row) => <code>{row.code}</code>, sort: (row) => row.code },
    { id: "layout", title: t.layout, cell: (row) => layout(row.layout), sort: (row) => row.layout },
    {
      id: "kinds",
      title: t.kinds,
      cell: (row) => row.kinds.map(kind).join(t.joiner),
      text: (row) => row.kinds.join(),
    },
    {
      id: "topics",
      title: t.topics,
      cell: (row) => row.topics.map(topic).join(t.joiner) || t.anyTopic,
      text: (row) => row.topics.join(),
    },
    {
      id: "capacity",
      title: t.capacity,
      number: true,
      cell: (row) => row.capacity,
      sort: (row) => row.capacity,
    },
    {
      id: "candidates",
      title: t.candidates,
      number: true,
      cell: (row) => {
        const found = items.filter((item) => fits(item, row)).length;
        return found === 0 ? <Pill tone="warn">0</Pill> : found;
      },
      sort: (row) => items.filter((item) => fits(item, row)).length,
    },
  ];
}

/** The page of the app a slot stands on. */
function usePageName(): (code: string) => string {
  const t = useTexts(texts);
  return (code) => ({ home: t.pageHome, opening: t.pageOpening })[code] ?? code;
}

/** The slots in their order, each with how many items could fill it. */
export function Slots() {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const read = useRead("/api/v1/slots");
  const catalogue = useRead("/api/v1/catalogue", ALL);
  const items = catalogue.data?.items ?? [];
  const columns = useColumns(items);
  const nothing = <Empty what={t.slotsEmpty} />;
  const opened = read.data?.items.find((slot) => slot.code === open);
  return (
    <>
      <Reading of={read} empty={nothing}>
        {(slots) => (
          // How many items fit a slot is known once the catalogue is here, not before.
          <Reading of={catalogue}>
            {() => (
              <DataTable
                name="slots"
                label={t.slots}
                rows={slots.items}
                rowKey={(row) => row.code}
                columns={columns}
                current={open}
                onOpen={setOpen}
                empty={nothing}
              />
            )}
          </Reading>
        )}
      </Reading>
      <DetailDrawer title={t.slot} wide>
        {() =>
          opened && (
            <Reading of={catalogue} shape="detail">
              {() => <Details of={opened} items={items.filter((item) => fits(item, opened))} />}
            </Reading>
          )
        }
      </DetailDrawer>
    </>
  );
}

function Details({ of, items }: { of: Slot; items: readonly Item[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(itemKinds);
  const topic = useWords(topicNames);
  const layout = useWords(layouts);
  const page = usePageName();
  const names = useShelfNames();
  return (
    <div style={{ display: "grid", gap: 20 }}>
      <Facts
        of={[
          [t.slot, language === "en" ? of.name_en : of.name_zh],
          [t.code, <code key="c">{of.code}</code>],
          [t.page, page(of.page)],
          [t.layout, layout(of.layout)],
          [t.capacity, t.items(of.capacity)],
          [t.kinds, of.kinds.map(kind).join(t.joiner)],
          [t.topics, of.topics.map(topic).join(t.joiner) || t.anyTopic],
          [t.defaultItem, of.default_item ? names.item(of.default_item) : t.noDefault],
        ]}
      />
      <Card title={`${t.candidates} · ${items.length}`}>
        {items.length === 0 ? (
          <Empty what={t.noCandidates} advice={t.noCandidatesAdvice} />
        ) : (
          <>
            <p style={{ color: "var(--muted)", marginBottom: 8 }}>{t.candidatesNote}</p>
            <ul style={{ display: "flex", flexWrap: "wrap", gap: "6px 16px" }}>
              {items.map((item) => (
                <li key={item.code}>
                  <Link to={to.slots({ tab: "catalogue", item: item.code })}>
                    {language === "en" ? item.name_en : item.name_zh}
                  </Link>{" "}
                  {item.risk_level && <Pill>R{item.risk_level}</Pill>}
                </li>
              ))}
            </ul>
          </>
        )}
      </Card>
    </div>
  );
}
