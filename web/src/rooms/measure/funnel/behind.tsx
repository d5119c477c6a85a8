import { Segmented } from "antd";
import { useNavigate } from "react-router";
import { type Answer, useReadPages } from "../../../api";
import { eventNames, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import {
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Reading,
  RelativeTime,
  useBranchName,
  useOpen,
} from "../../../ui";
import css from "../measure.module.css";
import { texts } from "../texts";
import { type Mark, markOf, markText } from "./question";

type Row = Answer<"/api/v1/funnel/customers", "get">["items"][number];

interface Asked {
  steps: string;
  window: string;
  by: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The customers behind the bar that was clicked, beside the funnel: who came this far, and who was lost before it. */
export function Behind({ asked, steps }: { asked: Asked; steps: readonly string[] }) {
  const t = useTexts(texts);
  const name = useWords(eventNames);
  const [open, set] = useOpen();
  const mark = markOf(open ?? "", steps.length);
  const title = mark ? name(steps[mark.step - 1] ?? "") : "";
  return (
    <DetailDrawer wide title={mark?.value === undefined ? title : `${title} · ${mark.value}`}>
      {() =>
        mark ? (
          <div className={css.behind}>
            {mark.step > 1 && (
              <Segmented<"reached" | "lost">
                aria-label={t.whichCustomers}
                value={mark.lost ? "lost" : "reached"}
                onChange={(who) => set(markText({ ...mark, lost: who === "lost" }))}
                options={[
                  { value: "reached", label: t.cameThisFar },
                  { value: "lost", label: t.lostBefore },
                ]}
              />
            )}
            <Customers key={open} asked={asked} mark={mark} />
          </div>
        ) : (
          <Empty what={t.noSuchBar} />
        )
      }
    </DetailDrawer>
  );
}

function Customers({ asked, mark }: { asked: Asked; mark: Mark }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const columns = useColumns();
  const { items, read, more, loadingMore } = useReadPages("/api/v1/funnel/customers", {
    query: { ...asked, ...mark, limit: 50 },
  });
  const nothing = <Empty what={t.nobodyBehind} />;
  return (
    <Reading of={read} empty={nothing}>
      {() => (
        <DataTable
          name="funnel-customers"
          label={mark.lost ? t.lostBefore : t.cameThisFar}
          rows={items}
          rowKey={(row) => row.customer_id}
          columns={columns}
          onOpen={(id) => void navigate(to.customer(id))}
          more={more}
          loadingMore={loadingMore}
          empty={nothing}
        />
      )}
    </Reading>
  );
}

function useColumns(): Column<Row>[] {
  const t = useTexts(texts);
  const branch = useBranchName();
  return [
    { id: "name", title: t.customer, cell: (row) => row.name || t.visitor },
    { id: "branch", title: t.branch, cell: (row) => branch(row.branch_id) },
    { id: "first", title: t.beganAt, number: true, cell: (row) => <RelativeTime at={row.first_at} /> },
    { id: "last", title: t.lastStep, number: true, cell: (row) => <RelativeTime at={row.last_at} /> },
  ];
}
