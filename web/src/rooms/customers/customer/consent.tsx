import { Button, Modal, Segmented, Select, Input } from "antd";
import { useId, useState } from "react";
import { type Answer, type Input as InputOf, useMay, useRead, useWrite } from "../../../api";
import { contactChannels, format, purposes, useTexts, useWords } from "../../../language";
import { Card, Empty, Pill, ProblemLine, Reading, RelativeTime, useTell } from "../../../ui";
import css from "../customers.module.css";
import { texts } from "../texts";

type Item = Answer<"/api/v1/customers/{customer_id}/consent", "get">["items"][number];
type Change = InputOf<"/api/v1/customers/{customer_id}/consent", "put">["body"]["changes"][number];

const PURPOSES = ["service", "marketing", "personalisation"] as const;
const CHANNELS = ["all", "sms", "inbox", "push", "call", "chat"] as const;

/** What he allows, for which purpose on which channel; and what he ever said. */
export function Consent({ id }: { id: string }) {
  const t = useTexts(texts);
  const mayKeep = useMay("consent:keep");
  const [recording, setRecording] = useState(false);
  const read = useRead("/api/v1/customers/{customer_id}/consent", { path: { customer_id: id } });
  return (
    <div className={css.stack}>
      <Card
        title={t.consent}
        extra={mayKeep && <Button onClick={() => setRecording(true)}>{t.record}</Button>}
      >
        <p className={css.quiet}>{t.consentAbout}</p>
        <Reading of={read} shape="detail">
          {(table) => <Matrix of={table.items} />}
        </Reading>
      </Card>
      {mayKeep && <Ledger id={id} />}
      {recording && <Recording id={id} close={() => setRecording(false)} />}
    </div>
  );
}

function Matrix({ of }: { of: readonly Item[] }) {
  const t = useTexts(texts);
  const purpose = useWords(purposes);
  const channel = useWords(contactChannels);
  const found = (p: string, c: string) => of.find((item) => item.purpose === p && item.channel === c);
  const rows = CHANNELS.filter((c) => PURPOSES.some((p) => found(p, c)));
  return (
    <div className={css.scroll}>
      <table className={css.plain}>
        <thead>
          <tr>
            <th scope="col">{t.onChannel}</th>
            {PURPOSES.map((p) => (
              <th key={p} scope="col">
                {purpose(p)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((c) => (
            <tr key={c}>
              <td>{channel(c)}</td>
              {PURPOSES.map((p) => (
                <td key={p}>
                  <Held of={found(p, c)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Held({ of }: { of: Item | undefined }) {
  const t = useTexts(texts);
  if (of === undefined) return <>—</>;
  const since = of.since ? format.exact(new Date(of.since)) : t.byDefaultSince;
  return (
    <span title={since}>
      <Pill tone={of.granted ? "accent" : "neutral"}>{of.granted ? t.allowed : t.refused}</Pill>
    </span>
  );
}

function Ledger({ id }: { id: string }) {
  const t = useTexts(texts);
  const purpose = useWords(purposes);
  const channel = useWords(contactChannels);
  const read = useRead("/api/v1/customers/{customer_id}/consent/ledger", { path: { customer_id: id } });
  return (
    <Card title={t.ledger}>
      <Reading of={read} shape="detail" empty={<Empty what={t.noLedger} />}>
        {(ledger) => (
          <div className={css.scroll}>
            <table className={css.plain}>
              <thead>
                <tr>
                  <th scope="col">{t.said}</th>
                  <th scope="col">{t.purpose}</th>
                  <th scope="col">{t.onChannel}</th>
                  <th scope="col">{t.source}</th>
                  <th scope="col">{t.evidence}</th>
                  <th scope="col" className={css.number}>
                    {t.since}
                  </th>
                </tr>
              </thead>
              <tbody>
                {ledger.items.map((line) => (
                  <tr key={line.id}>
                    <td>{line.granted ? t.grants : t.refuses}</td>
                    <td>{purpose(line.purpose)}</td>
                    <td>{channel(line.channel)}</td>
                    <td>{line.source}</td>
                    <td className={css.quiet}>{line.evidence || "—"}</td>
                    <td className={css.number}>
                      <RelativeTime at={line.decided_at} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Reading>
    </Card>
  );
}

/** A customer's word given to a member of staff; agreeing needs its evidence. */
function Recording({ id, close }: { id: string; close: () => void }) {
  const t = useTexts(texts);
  const tell = useTell();
  const purpose = useWords(purposes);
  const channel = useWords(contactChannels);
  const field = useId();
  const [change, setChange] = useState<Required<Change>>({
    purpose: "marketing",
    channel: "all",
    granted: false,
  });
  const [evidence, setEvidence] = useState("");
  const path = "/api/v1/customers/{customer_id}/consent" as const;
  const save = useWrite("put", path, { refreshes: [path] });
  const run = async () => {
    const answer = await save.run({ path: { customer_id: id }, body: { changes: [change], evidence } });
    if (answer === "failed") return;
    tell.done(t.saved);
    close();
  };
  const unproven = change.granted && evidence.trim().length < 5;
  return (
    <Modal
      open
      title={t.record}
      onCancel={close}
      okText={t.save}
      cancelText={t.cancel}
      okButtonProps={{ disabled: unproven }}
      confirmLoading={save.pending}
      onOk={() => void run()}
    >
      <p className={css.quiet}>{t.recordAbout}</p>
      <div className={css.form}>
        <label htmlFor={`${field}p`}>{t.purpose}</label>
        <Select
          id={`${field}p`}
          value={change.purpose}
          options={PURPOSES.map((value) => ({ value, label: purpose(value) }))}
          onChange={(value) => setChange({ ...change, purpose: value })}
        />
        <label htmlFor={`${field}c`}>{t.onChannel}</label>
        <Select
          id={`${field}c`}
          value={change.channel}
          options={CHANNELS.map((value) => ({ value, label: channel(value) }))}
          onChange={(value) => setChange({ ...change, channel: value })}
        />
        <span id={`${field}g`}>{t.said}</span>
        <Segmented
          aria-labelledby={`${field}g`}
          value={change.granted ? "yes" : "no"}
          options={[
            { value: "no", label: t.refuses },
            { value: "yes", label: t.grants },
          ]}
          onChange={(value) => setChange({ ...change, granted: value === "yes" })}
        />
        <label htmlFor={`${field}e`}>{t.evidence}</label>
        <Input
          id={`${field}e`}
          value={evidence}
          maxLength={500}
          onChange={(event) => setEvidence(event.target.value)}
        />
      </div>
      {unproven && <p className={css.quiet}>{t.evidenceNeeded}</p>}
      <ProblemLine problem={save.problem} />
    </Modal>
  );
}
