import { Button } from "antd";
import { type Answer, useRead, useWrite } from "../../../api";
import { useTexts, useWords } from "../../../language";
import {
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Facts,
  Page,
  Pill,
  ProblemLine,
  Reading,
  RelativeTime,
  StaffName,
  useOpen,
  useTell,
} from "../../../ui";
import css from "../people.module.css";
import { keyKinds, scopes, texts } from "../texts";
import { NewKey } from "./make";

type Key = Answer<"/api/v1/keys", "get">["items"][number];

const UUID = /^[0-9a-f-]{36}$/;

function Scopes({ of }: { of: readonly string[] }) {
  const word = useWords(scopes);
  return (
    <span className={css.pills}>
      {of.map((scope) => (
        <Pill key={scope}>{word(scope)}</Pill>
      ))}
    </span>
  );
}

function Maker({ of }: { of: string }) {
  return UUID.test(of) ? <StaffName id={of} /> : <>{of}</>;
}

function useColumns(): Column<Key>[] {
  const t = useTexts(texts);
  const kind = useWords(keyKinds);
  return [
    { id: "name", title: t.keyName, cell: (row) => row.name, sort: (row) => row.name },
    { id: "kind", title: t.keyKind, cell: (row) => kind(row.kind), sort: (row) => row.kind },
    {
      id: "scopes",
      title: t.scopes,
      cell: (row) => <Scopes of={row.scopes} />,
      text: (row) => row.scopes.join(" "),
    },
    { id: "hint", title: t.hint, cell: (row) => <code>{row.hint}…</code>, text: (row) => row.hint },
    {
      id: "state",
      title: t.state,
      cell: (row) => (row.revoked_at ? <Pill>{t.revoked}</Pill> : t.inUse),
      sort: (row) => row.revoked_at,
    },
    {
      id: "created",
      title: t.created,
      number: true,
      cell: (row) => <RelativeTime at={row.created_at} />,
      sort: (row) => row.created_at,
    },
  ];
}

/** Keys without their secrets; a new one shows its secret once. */
export default function KeysPage() {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const read = useRead("/api/v1/keys");
  const columns = useColumns();
  const make = (
    <Button type="primary" onClick={() => setOpen("new")}>
      {t.newKey}
    </Button>
  );
  const nothing = <Empty what={t.keysEmpty} advice={t.keysEmptyAdvice} action={make} />;
  const opened = read.data?.items.find((key) => key.id === open);
  return (
    <Page title={t.keysTitle} about={t.keysAbout} primary={make}>
      <Reading of={read} empty={nothing}>
        {({ items }) => (
          <DataTable
            name="keys"
            label={t.keysTitle}
            rows={items}
            rowKey={(row) => row.id}
            columns={columns}
            current={open}
            onOpen={setOpen}
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer title={open === "new" ? t.newKey : (opened?.name ?? t.secret)}>
        {(id) => (id === "new" ? <NewKey /> : opened && <Details of={opened} />)}
      </DetailDrawer>
    </Page>
  );
}

function Details({ of }: { of: Key }) {
  const t = useTexts(texts);
  const tell = useTell();
  const kind = useWords(keyKinds);
  const revoke = useWrite("delete", "/api/v1/keys/{key_id}", { refreshes: ["/api/v1/keys"] });
  const run = async () => {
    const sure = await tell.ask({
      title: t.revokeTitle,
      consequence: t.revokeWhat(of.name),
      action: t.revoke,
      danger: true,
    });
    if (sure && (await revoke.run({ path: { key_id: of.id } })) !== "failed") tell.done(t.revokedNow);
  };
  return (
    <div className={css.stack}>
      <Facts
        of={[
          [t.keyKind, kind(of.kind)],
          [t.scopes, <Scopes key="s" of={of.scopes} />],
          [t.hint, <code key="h">{of.hint}…</code>],
          [t.createdBy, <Maker key="m" of={of.created_by} />],
          [t.created, <RelativeTime key="c" at={of.created_at} />],
          ...(of.revoked_at ? ([[t.revoked, <RelativeTime key="r" at={of.revoked_at} />]] as const) : []),
        ]}
      />
      <ProblemLine problem={revoke.problem} />
      {!of.revoked_at && (
        <div className={css.buttons}>
          <Button danger loading={revoke.pending} onClick={() => void run()}>
            {t.revoke}
          </Button>
        </div>
      )}
    </div>
  );
}
