import { useNavigate } from "react-router";
import { type Answer, useRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { to } from "../../../paths";
import {
  type Column,
  Count,
  DataTable,
  Empty,
  Figure,
  Figures,
  Pill,
  Reading,
  usePersonName,
  useSpan,
  useAsked,
} from "../../../ui";
import { texts } from "../texts";

type Tally = Answer<"/api/v1/credits/summary", "get">["items"][number];

/** Accounts and assists as a number of people: whole ones without decimals. */
function useParts(): (value: string) => string {
  const language = useLanguage();
  return (value) => format.decimal(Number(value), language, Number.isInteger(Number(value)) ? 0 : 2);
}

/** Accounts, assists and disputes per branch or advisor. */
export function Summary() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const [by] = useAsked("credits", "by");
  const [period] = useAsked("credits", "period");
  const span = useSpan();
  const read = useRead("/api/v1/credits/summary", {
    query: { by, ...span },
  });
  const columns = useColumns(by === "advisor");
  const key = (row: Tally) => `${row.branch_id}/${row.staff_id ?? ""}`;
  const open = (id: string) => {
    const [branch, advisor] = id.split("/");
    void navigate(to.credits({ branch, advisor, period }));
  };
  const nothing = <Empty what={t.summaryEmpty} />;
  return (
    <Reading of={read} empty={nothing}>
      {(found) => (
        <>
          <Totals of={found} />
          <DataTable
            name="credits.summary"
            label={t.summary}
            rows={found.items}
            rowKey={key}
            columns={columns}
            sortedBy="-accounts"
            onOpen={open}
            empty={nothing}
          />
        </>
      )}
    </Reading>
  );
}

function Totals({ of }: { of: Answer<"/api/v1/credits/summary", "get"> }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const parts = useParts();
  const person = usePersonName();
  const first = of.items[0];
  const leader = first && ((language === "en" && first.branch_name_en) || first.branch_name);
  return (
    <Figures>
      <Figure label={t.accountsTotal} value={parts(of.accounts)} />
      <Figure label={t.assistsTotal} value={parts(of.assists)} />
      {first && (
        <Figure
          label={t.leader}
          value={parts(first.accounts)}
          under={[leader, person(first.staff_id, first.staff_name)].filter(Boolean).join(" · ")}
        />
      )}
      <Figure
        label={t.openDisputes}
        value={<Count value={of.items.reduce((sum, row) => sum + row.disputes_open, 0)} />}
      />
    </Figures>
  );
}

function useColumns(people: boolean): Column<Tally>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const parts = useParts();
  const said = usePersonName();
  const branch = (row: Tally) => (language === "en" && row.branch_name_en) || row.branch_name;
  const decimals = (id: string, title: string, of: (row: Tally) => string): Column<Tally> => ({
    id,
    title,
    number: true,
    cell: (row) => parts(of(row)),
    sort: (row) => Number(of(row)),
  });
  const counts = (id: string, title: string, of: (row: Tally) => number): Column<Tally> => ({
    id,
    title,
    number: true,
    cell: (row) => <Count value={of(row)} />,
    sort: of,
  });
  const name: Column<Tally> = { id: "branch", title: t.branch, cell: branch, sort: branch };
  const person: Column<Tally> = {
    id: "person",
    title: t.person,
    cell: (row) => said(row.staff_id, row.staff_name) ?? t.branchOnly,
    sort: (row) => said(row.staff_id, row.staff_name),
  };
  return [
    ...(people ? [person, name] : [name]),
    decimals("accounts", t.accounts, (row) => row.accounts),
    decimals("assists", t.assists, (row) => row.assists),
    counts("lines", t.lines, (row) => row.entries),
    {
      ...counts("open", t.disputesOpen, (row) => row.disputes_open),
      cell: (row) => (row.disputes_open > 0 ? <Pill tone="warn">{row.disputes_open}</Pill> : "0"),
    },
    counts("won", t.disputesWon, (row) => row.disputes_won),
    counts("lost", t.disputesLost, (row) => row.disputes_lost),
  ];
}
