import { useState } from "react";
import { type Answer, useRead, useReadPages, write } from "../../../api";
import { useTexts, useWords } from "../../../language";
import {
  Card,
  Choice,
  type Column,
  Count,
  DataTable,
  DetailDrawer,
  Empty,
  Page,
  Pill,
  Reading,
  RelativeTime,
  Tabs,
  useOpen,
  useAsked,
} from "../../../ui";
import { reasons, resolutions, texts } from "../texts";
import { Repair } from "../repair";
import { Bulk } from "./bulk";
import { Message, type Quarantined } from "./message";
import css from "../collect.module.css";

type CountOf = Answer<"/api/v1/quarantine/counts", "get">[number];

const PATHS = ["/api/v1/quarantine"];

/** What could not come in: counted by source and reason, repaired and let in, or discarded. */
export default function QuarantinePage() {
  const t = useTexts(texts);
  const word = useWords(reasons);
  const [reason] = useAsked("quarantine", "reason");
  const [tab] = useAsked("quarantine", "tab");
  const resolved = tab === "resolved";
  const counts = useRead("/api/v1/quarantine/counts", undefined, { every: 10_000 });
  const total = counts.data?.reduce((sum, each) => sum + each.count, 0);
  const names = [...new Set([...Object.keys(reasons), ...(counts.data ?? []).map((each) => each.reason)])];
  return (
    <Page
      title={t.quarantineTitle}
      about={t.quarantineAbout}
      filters={
        <Choice
          name="reason"
          label={t.reason}
          options={names.map((value) => ({ value, label: word(value) }))}
        />
      }
    >
      {counts.data && counts.data.length > 0 && <Counts of={counts.data} />}
      <Tabs
        label={t.views}
        items={[
          { key: "waiting", label: t.waiting, count: total },
          { key: "resolved", label: t.resolved },
        ]}
      />
      <Messages key={tab + reason} resolved={resolved} reason={reason} />
    </Page>
  );
}

/** By source and reason, the largest first; a click filters the list. */
function Counts({ of }: { of: readonly CountOf[] }) {
  const t = useTexts(texts);
  const word = useWords(reasons);
  const [, setReason] = useAsked("quarantine", "reason");
  const most = Math.max(...of.map((each) => each.count));
  return (
    <Card title={t.byReason}>
      <ul className={css.counts}>
        {[...of]
          .sort((one, other) => other.count - one.count)
          .map((each) => (
            <li key={each.source + each.reason}>
              <button type="button" className={css.countRow} onClick={() => setReason(each.reason)}>
                <span>
                  {word(each.reason)} <Pill>{each.source}</Pill>
                </span>
                <span className={css.bar} aria-hidden>
                  <span style={{ width: `${(each.count / most) * 100}%` }} />
                </span>
                <Count value={each.count} />
                <span className={css.quiet}>
                  <RelativeTime at={each.latest} />
                </span>
              </button>
            </li>
          ))}
      </ul>
    </Card>
  );
}

function useColumns(resolved: boolean): Column<Quarantined>[] {
  const t = useTexts(texts);
  const word = useWords(reasons);
  const done = useWords(resolutions);
  const columns: Column<Quarantined>[] = [
    { id: "reason", title: t.reason, cell: (row) => word(row.reason), text: (row) => row.reason },
    { id: "detail", title: t.detail, cell: (row) => row.detail, text: (row) => row.detail },
    { id: "source", title: t.source, cell: (row) => <Pill>{row.source}</Pill>, text: (row) => row.source },
    {
      id: "received",
      title: t.received,
      number: true,
      cell: (row) => <RelativeTime at={row.received_at} />,
      text: (row) => row.received_at,
    },
  ];
  if (resolved)
    columns.push({
      id: "resolution",
      title: t.resolution,
      cell: (row) => done(row.resolution),
      text: (row) => row.resolution,
    });
  return columns;
}

function Messages({ resolved, reason }: { resolved: boolean; reason: string }) {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const [keys, setKeys] = useState<string[]>([]);
  const query = { resolved, reason: reason || undefined, limit: 100 };
  const { items, read, more, loadingMore } = useReadPages("/api/v1/quarantine", { query });
  const columns = useColumns(resolved);
  const nothing = (
    <Empty
      what={resolved ? t.resolvedEmpty : t.quarantineEmpty}
      advice={resolved ? undefined : t.quarantineEmptyAdvice}
    />
  );
  const opened = items.find((row) => row.id === open);
  return (
    <>
      <Reading of={read}>
        {() => (
          <DataTable
            name="quarantine"
            label={t.quarantineTitle}
            rows={items}
            rowKey={(row) => row.id}
            columns={columns}
            current={open}
            onOpen={setOpen}
            more={more}
            loadingMore={loadingMore}
            selection={
              resolved
                ? undefined
                : { keys, onChange: setKeys, actions: <Bulk keys={keys} done={() => setKeys([])} /> }
            }
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer title={t.messageTitle} wide>
        {(id) =>
          opened && (
            <Message of={opened}>
              {!resolved && (
                <Repair
                  key={id}
                  whole={() =>
                    write("post", "/api/v1/quarantine/{message_id}/open", { path: { message_id: id } })
                  }
                  label={t.repair}
                  action={t.replay}
                  done={t.replayed}
                  replay={(body) =>
                    write("post", "/api/v1/quarantine/{message_id}/replay", {
                      path: { message_id: id },
                      body: { body },
                    })
                  }
                  discard={() =>
                    write("post", "/api/v1/quarantine/{message_id}/discard", { path: { message_id: id } })
                  }
                  ask={{ title: t.askDiscard, consequence: t.discardWhat("1"), action: t.discard }}
                  refreshes={PATHS}
                />
              )}
            </Message>
          )
        }
      </DetailDrawer>
    </>
  );
}
