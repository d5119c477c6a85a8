import type { ReactNode } from "react";
import { Link } from "react-router";
import { useMay, useRead } from "../../../api";
import { useTexts } from "../../../language";
import { serverNow } from "../../../live";
import { to } from "../../../paths";
import { Figure, Figures } from "../../../ui";
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
  const approvals = useRead("/api/v1/approvals", { query: { state: "pending", ...limit } }, every).data;
  const templates = useRead("/api/v1/templates", { query: { limit: 500 } }, every).data;
  const refused = useRead("/api/v1/moments", { query: { state: "refused", ...limit } }, every).data;
  const disputes = useRead(
    "/api/v1/disputes",
    { query: { state: "open", ...limit } },
    { ...every, when: mayDisputes },
  ).data;
  const count = (page: PageOf<unknown> | undefined) =>
    page === undefined ? "…" : page.next ? t.atLeast(String(page.items.length)) : page.items.length;
  const soon = serverNow().getTime() + MONTH;
  const ending = templates?.items.filter(
    (template) => template.status === "approved" && Date.parse(template.valid_to) < soon,
  );
  const figures: [string, string, ReactNode][] = [
    [t.pendingApprovals, to.approvals(), count(approvals)],
    [t.expiring, to.templates(), ending?.length ?? "…"],
    [t.heldBack, to.deliveries({ tab: "stalls", became: "refused" }), count(refused)],
    [t.openDisputes, to.disputes(), count(disputes)],
  ];
  return (
    <Figures>
      {figures.map(([label, link, value]) => (
        <Figure key={label} label={label} value={<Link to={link}>{value}</Link>} />
      ))}
    </Figures>
  );
}
