import { Button } from "antd";
import { useNavigate } from "react-router";
import { type Answer, useMay, useRead, useWrite } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import {
  Choice,
  type Column,
  Count,
  DataTable,
  Empty,
  Figure,
  Figures,
  Page,
  Percent,
  Pill,
  ProblemLine,
  Reading,
  RelativeTime,
  Search,
  useAsked,
  useTell,
} from "../../../ui";
import css from "../segment.module.css";
import { sensitivities, texts, types } from "../tagTexts";

type Tags = Answer<"/api/v1/tags", "get">;
type Tag = Tags["families"][number]["tags"][number];

const EVERY = 5_000;

/** The catalogue of tags: what each means, of how many it is known, and how fresh that is. */
export default function TagsPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const tell = useTell();
  const mayRefresh = useMay("tag:refresh");
  const read = useRead("/api/v1/tags", undefined, { every: EVERY });
  const refresh = useWrite("post", "/api/v1/tags/refresh", { refreshes: ["/api/v1/tags"] });
  const ask = async (whole: boolean) => {
    const answer = await refresh.run({ body: { whole } });
    if (answer !== "failed") tell.done(answer.asked ? t.asked : t.waiting);
  };
  const families = read.data?.families ?? [];
  return (
    <Page
      title={t.title}
      about={t.about}
      primary={
        mayRefresh && (
          <Button type="primary" loading={refresh.pending} onClick={() => void ask(false)}>
            {t.refresh}
          </Button>
        )
      }
      filters={
        <>
          <Search label={t.search} />
          <Choice
            name="family"
            label={t.family}
            options={families.map((family) => ({
              value: family.code,
              label: language === "en" ? family.en : family.zh,
            }))}
          />
        </>
      }
    >
      <ProblemLine problem={refresh.problem} />
      <Reading of={read} isEmpty={() => false}>
        {(found) => (
          <div className={css.stack}>
            <Fresh of={found} />
            {found.as_of === null && <Empty what={t.never} advice={t.neverAdvice} />}
            <List of={found} />
            {mayRefresh && (
              <div>
                <Button size="small" onClick={() => void ask(true)}>
                  {t.refreshWhole}
                </Button>
              </div>
            )}
          </div>
        )}
      </Reading>
    </Page>
  );
}

function Fresh({ of }: { of: Tags }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { last } = of;
  const how = last && (last.kind === "whole" ? t.whole : t.delta);
  return (
    <Figures>
      <Figure label={t.asOf} value={of.as_of ? <RelativeTime at={of.as_of} /> : "—"} />
      <Figure label={t.customers} value={of.customers === null ? "—" : <Count value={of.customers} />} />
      <Figure
        label={t.last}
        value={last ? last.state === "failed" ? <Pill tone="danger">{t.failed}</Pill> : how : "—"}
        under={
          last?.state === "running"
            ? t.running
            : last?.state === "failed"
              ? last.error
              : last &&
                t.took(
                  format.count(last.customers ?? 0, language),
                  format.decimal(last.seconds ?? 0, language, 1),
                )
        }
      />
    </Figures>
  );
}

function List({ of }: { of: Tags }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const go = useNavigate();
  const sensitivity = useWords(sensitivities);
  const type = useWords(types);
  const [q] = useAsked("tags", "q");
  const [family] = useAsked("tags", "family");
  const name = (tag: Tag) => (language === "en" ? tag.en : tag.zh);
  const means = (tag: Tag) => (language === "en" ? tag.means_en : tag.means_zh);
  const typed = q.trim().toLowerCase();
  const rows = of.families
    .filter((each) => family === "" || each.code === family)
    .flatMap((each) => each.tags)
    .filter((tag) => typed === "" || `${name(tag)} ${means(tag)} ${tag.code}`.toLowerCase().includes(typed));
  const columns: Column<Tag>[] = [
    { id: "tag", title: t.tag, cell: name, text: name, sort: (tag) => tag.number },
    { id: "means", title: t.means, cell: means, text: means },
    { id: "type", title: t.type, cell: (tag) => type(tag.type), sort: (tag) => tag.type },
    {
      id: "coverage",
      title: t.coverage,
      number: true,
      cell: (tag) =>
        tag.known ? (
          <Percent part={tag.known} whole={of.customers ?? 0} />
        ) : (
          <span className={css.quiet}>{t.noData}</span>
        ),
      sort: (tag) => tag.known ?? -1,
    },
    {
      id: "moved",
      title: t.moved,
      number: true,
      cell: (tag) => (of.moved[tag.code] ? <Count value={of.moved[tag.code] ?? 0} /> : "—"),
      sort: (tag) => of.moved[tag.code] ?? 0,
    },
    {
      id: "sensitivity",
      title: t.sensitivity,
      cell: (tag) => sensitivity(tag.sensitivity),
      sort: (tag) => tag.sensitivity,
    },
  ];
  return (
    <DataTable
      name="tags"
      label={t.title}
      rows={rows}
      rowKey={(tag) => tag.code}
      columns={columns}
      onOpen={(code) => void go(to.tag(code))}
      empty={<Empty what={t.empty} />}
    />
  );
}
