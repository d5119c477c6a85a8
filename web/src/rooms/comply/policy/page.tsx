import { Button } from "antd";
import { useState } from "react";
import { type Answer, useMay, useRead } from "../../../api";
import { contactChannels, purposes, useLanguage, useTexts, useWords } from "../../../language";
import { Card, Page, Reading, RelativeTime, StaffName } from "../../../ui";
import css from "../comply.module.css";
import { chineseSources, policyNames, texts } from "../texts";
import { ChangePolicy } from "./change";
import { entryOf, grouped } from "./values";

export type Row = Answer<"/api/v1/policy", "get">["items"][number];

/** The numbers compliance sets, each with its source and who changed it. */
export default function PolicyPage() {
  const t = useTexts(texts);
  const [changing, setChanging] = useState<Row>();
  const read = useRead("/api/v1/policy");
  const heads: Record<string, string> = {
    risk: t.groupRisk,
    quiet: t.groupQuiet,
    cap: t.groupCap,
    consent: t.groupConsent,
  };
  return (
    <Page title={t.policyTitle} about={t.policyAbout}>
      <Reading of={read} shape="detail">
        {({ items }) =>
          grouped(items, Object.keys(policyNames)).map(([group, rows]) => (
            <Card key={group} title={heads[group] ?? group}>
              <Rows of={rows} change={setChanging} />
            </Card>
          ))
        }
      </Reading>
      {changing && <ChangePolicy of={changing} close={() => setChanging(undefined)} />}
    </Page>
  );
}

/** A row's value as people say it. */
export function useSaid(): (row: Pick<Row, "key" | "value">) => string {
  const t = useTexts(texts);
  const channel = useWords(contactChannels);
  const purpose = useWords(purposes);
  return ({ key, value }) => {
    const list = Array.isArray(value) ? value.map(String) : [];
    switch (entryOf(key)) {
      case "days":
        return t.daysUnit(String(value));
      case "count":
        return t.timesUnit(String(value));
      case "risk":
        return t.fromRisk(String(value));
      case "channels":
        return list.map(channel).join(t.joiner) || "—";
      case "purposes":
        return list.map(purpose).join(t.joiner) || "—";
      case "yesno":
        return value === true ? t.on : t.off;
      default:
        return String(value);
    }
  };
}

function Rows({ of, change }: { of: readonly Row[]; change: (row: Row) => void }) {
  const t = useTexts(texts);
  const name = useWords(policyNames);
  const chinese = useLanguage() === "zh";
  // A source that the firm wrote itself stands as it was written.
  const source = (row: Row) => (chinese && row.changed_at === null && chineseSources[row.key]) || row.source;
  const said = useSaid();
  const mayKeep = useMay("policy:keep");
  return (
    <div className={css.scroll}>
      <table className={css.rows}>
        <tbody>
          {of.map((row) => (
            <tr key={row.key}>
              <td title={row.key}>{name(row.key)}</td>
              <td>{said(row)}</td>
              <td className={css.quiet}>
                {source(row)}
                {row.changed_at && (
                  <div>
                    {t.changedBy} <RelativeTime at={row.changed_at} /> · <StaffName id={row.changed_by} />
                  </div>
                )}
              </td>
              <td>
                {mayKeep && (
                  <Button size="small" aria-label={t.changeTitle(name(row.key))} onClick={() => change(row)}>
                    {t.change}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
