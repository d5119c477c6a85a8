import type { ReactNode } from "react";
import { Link } from "react-router";
import { type Read, useMay, useRead } from "../../../api";
import { useTexts } from "../../../language";
import { serverNow } from "../../../live";
import { to } from "../../../paths";
import { Figure, Figures, ReadingValue } from "../../../ui";
import { texts } from "../texts";

const MOST = 100;
const MONTH = 30 * 86_400_000;

interface PageOf<I> {
  items: readonly I[];
  next?: string | null;
}

/** What waits for compliance, each figure a link to where it is dealt with. */
export function Waits() {
  const t = useTexts(texts);
  const every = { every: 30_000 };
  const mayDisputes = useMay("credit:read");
  const limit = { limit: MOST };
  const approvals = useRead("/api/v1/approvals", { query: { state: "pending", ...limit } }, every);
  const templates = useRead("/api/v1/templates", { query: { limit: 500 } }, every);
  const refused = useRead("/api/v1/moments", { query: { state: "refused", ...limit } }, every);
  const disputes = useRead(
    "/api/v1/disputes",
    { query: { state: "open", ...limit } },
    { ...every, when: mayDisputes },
  );
  const count = (page: PageOf<unknown>) =>
    page.next ? t.atLeast(String(page.items.length)) : page.items.length;
  const soon = serverNow().getTime() + MONTH;
  const ending = (page: NonNullable<typeof templates.data>) =>
    page.items.filter((template) => template.status === "approved" && Date.parse(template.valid_to) < soon)
      .length;
  return (
    <Figures>
      <Waiting label={t.pendingApprovals} link={to.approvals()} of={approvals} count={count} />
      <Waiting label={t.expiring} link={to.templates()} of={templates} count={ending} />
      <Waiting
        label={t.heldBack}
        link={to.deliveries({ tab: "stalls", became: "refused" })}
        of={refused}
        count={count}
      />
      {mayDisputes && <Waiting label={t.openDisputes} link={to.disputes()} of={disputes} count={count} />}
    </Figures>
  );
}

function Waiting<T>(props: { label: string; link: string; of: Read<T>; count: (data: T) => ReactNode }) {
  const { label, link, of, count } = props;
  const value = <ReadingValue of={of}>{(data) => <Link to={link}>{count(data)}</Link>}</ReadingValue>;
  return <Figure label={label} value={value} />;
}
