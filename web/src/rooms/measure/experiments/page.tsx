import { useNavigate } from "react-router";
import { type Answer, useRead } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import { type Column, Count, DataTable, Empty, Page, Pill, Reading } from "../../../ui";
import { Since } from "../since";
import { arms, experimentStates, texts } from "../texts";

type Experiment = Answer<"/api/v1/experiments", "get">["items"][number];

function useColumns(): Column<Experiment>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const state = useWords(experimentStates);
  const arm = useWords(arms);
  const name = (row: Experiment) => (language === "en" ? row.name_en : row.name_zh);
  const assigned = (row: Experiment) => row.arms.reduce((sum, each) => sum + each.exposed, 0);
  return [
    { id: "name", title: t.experiment, cell: name, sort: name },
    {
      id: "question",
      title: t.question,
      cell: (row) => (language === "en" ? row.question_en : row.question_zh),
      text: (row) => row.question_zh,
    },
    {
      id: "state",
      title: t.state,
      cell: (row) => <Pill tone={row.status === "running" ? "accent" : "neutral"}>{state(row.status)}</Pill>,
      sort: (row) => row.status,
    },
    {
      id: "arms",
      title: t.arms,
      cell: (row) =>
        row.arms.map((each) => `${arm(each.arm)} ${format.percent(each.weight, 1, language, 0)}`).join(" · "),
      text: (row) => row.arms.map((each) => each.arm).join(),
    },
    {
      id: "assigned",
      title: t.assigned,
      number: true,
      cell: (row) => <Count value={assigned(row)} />,
      sort: assigned,
    },
    {
      id: "started",
      title: t.started,
      number: true,
      cell: (row) => <Since at={row.started_at} />,
      sort: (row) => row.started_at,
    },
  ];
}

/** Everything that is or was put to the test. */
export default function ExperimentsPage() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const read = useRead("/api/v1/experiments");
  const columns = useColumns();
  const nothing = <Empty what={t.experimentsEmpty} advice={t.experimentsEmptyAdvice} />;
  return (
    <Page title={t.experimentsTitle} about={t.experimentsAbout}>
      <Reading of={read} empty={nothing}>
        {({ items }) => (
          <DataTable
            name="experiments"
            label={t.experimentsTitle}
            rows={items}
            rowKey={(row) => row.key}
            columns={columns}
            onOpen={(key) => void navigate(to.experiment(key))}
            empty={nothing}
          />
        )}
      </Reading>
    </Page>
  );
}
