import { PauseOutlined, CaretRightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useMay, useRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { useTopic } from "../../../live";
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
  useShortcuts,
  useAsked,
} from "../../../ui";
import { texts } from "../texts";
import { EventDetails } from "./details";
import { delay, merged, type Seen } from "./rows";

const MOST = 300;
const NONE: readonly Seen[] = [];

/** Rows of the list and of the live topic together; held still while `held`. */
function useFlow(read: readonly Seen[] | undefined, live: ReadonlyMap<string, Seen>, held: boolean) {
  const [rows, setRows] = useState(NONE);
  const [of, setOf] = useState<unknown>();
  const known = of === read ? rows : NONE; // other filters: begin anew
  const all = merged(merged(known, read ?? NONE, MOST), live.values(), MOST);
  const waiting = held ? all.filter((row) => row.seq > (known[0]?.seq ?? 0)).length : 0;
  if (!held && (all !== rows || of !== read)) {
    setRows(all);
    setOf(read);
  }
  return { rows: held ? known : all, waiting };
}

function useColumns(): Column<Seen>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  return [
    {
      id: "name",
      title: t.event,
      cell: (row) => row.name,
      text: (row) => row.name,
    },
    { id: "source", title: t.source, cell: (row) => <Pill>{row.source}</Pill>, text: (row) => row.source },
    {
      id: "who",
      title: t.customer,
      acts: true,
      cell: (row) => <CustomerLink id={row.customer_id} name={row.user_id ?? t.visitor} />,
      text: (row) => row.user_id ?? row.anonymous_id,
    },
    {
      id: "delay",
      title: t.delay,
      number: true,
      cell: (row) => format.duration(delay(row), language),
      text: delay,
    },
    {
      id: "at",
      title: t.happened,
      number: true,
      cell: (row) => <RelativeTime at={row.occurred_at} />,
      text: (row) => row.occurred_at,
    },
  ];
}

function Nothing({ filtered }: { filtered: boolean }) {
  const t = useTexts(texts);
  const mayMake = useMay("key:keep");
  if (filtered) return <Empty what={t.eventsNone} />;
  return (
    <Empty
      what={t.eventsEmpty}
      advice={t.eventsEmptyAdvice}
      action={mayMake && <Link to={to.keys({ open: "new" })}>{t.makeKey}</Link>}
    />
  );
}

function EventCard({ row }: { row: Seen }) {
  const t = useTexts(texts);
  return (
    <div style={{ display: "flex", justifyContent: "space-between", gap: 12 }}>
      <span>
        <b style={{ fontWeight: 600 }}>{row.name}</b>
        <br />
        {row.user_id ?? t.visitor} · <RelativeTime at={row.occurred_at} />
      </span>
      <Pill>{row.source}</Pill>
    </div>
  );
}

function named(rows: readonly Seen[], part: "name" | "source", chosen: string) {
  const values = new Set([...rows.map((row) => row[part]), ...(chosen ? [chosen] : [])]);
  return [...values].sort().map((value) => ({ value, label: value }));
}

/** What sources send, live. */
export default function EventsPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const [name] = useAsked("events", "name");
  const [source] = useAsked("events", "source");
  const [held, setHeld] = useState(false);
  const [open, setOpen] = useOpen();
  const read = useRead("/api/v1/events/recent", { query: { name, source, limit: 100 } });
  const topic = useTopic<Seen>("events");
  const fitting = new Map(
    [...topic.rows].filter(([, row]) => (!name || row.name === name) && (!source || row.source === source)),
  );
  const { rows, waiting } = useFlow(read.data, fitting, held);
  const columns = useColumns();
  const seen = [...topic.rows.values(), ...rows];
  useShortcuts([{ key: "p", does: held ? t.goOn : t.pause, run: () => setHeld(!held) }]);
  const opened = rows.find((row) => String(row.seq) === open);
  return (
    <Page
      title={t.eventsTitle}
      about={t.eventsAbout}
      live={topic.state}
      primary={
        <Button
          icon={held ? <CaretRightOutlined aria-hidden /> : <PauseOutlined aria-hidden />}
          onClick={() => setHeld(!held)}
        >
          {held ? (waiting > 0 ? t.newOnes(format.count(waiting, language)) : t.goOn) : t.pause}
        </Button>
      }
      filters={
        <>
          <Choice name="source" label={t.source} options={named(seen, "source", source)} />
          <Choice name="name" label={t.event} options={named(seen, "name", name)} />
        </>
      }
    >
      <Reading of={read} isEmpty={() => rows.length === 0} empty={<Nothing filtered={!!(name || source)} />}>
        {() => (
          <DataTable
            name="events"
            label={t.eventsTitle}
            rows={rows}
            rowKey={(row) => String(row.seq)}
            columns={columns}
            live
            current={open}
            onOpen={setOpen}
            empty={<Nothing filtered={!!(name || source)} />}
            card={(row) => <EventCard row={row} />}
          />
        )}
      </Reading>
      <DetailDrawer title={opened?.name ?? t.event} wide>
        {(seq) => <EventDetails seq={Number(seq)} seen={opened} />}
      </DetailDrawer>
    </Page>
  );
}
