import { useMay } from "../../../api";
import { format, useLanguage, useTexts, useWords } from "../../../language";
import { Card, Choice, Empty, Page, Reading, Search, useAsked } from "../../../ui";
import css from "../tag.module.css";
import type { Tag, Tags } from "../tagParts";
import { kinds, texts } from "../tagTexts";
import { Rows } from "./rows";
import { Freshness, RefreshButton, useTags } from "./run";

/** Everything that is kept of customers as tags, of how many it is known, and how fresh that is. */
export default function TagsPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(kinds);
  const mayRefresh = useMay("tag:refresh");
  const { read, waits, follow } = useTags();
  const refresh = mayRefresh && <RefreshButton follow={follow} waits={waits} />;
  return (
    <Page
      title={t.title}
      about={t.about}
      primary={read.data?.as_of && refresh}
      filters={
        <>
          <Search name="q" label={t.find} />
          <Choice
            name="family"
            label={t.family}
            options={(read.data?.families ?? []).map((one) => ({ value: one.code, label: one[language] }))}
          />
          <Choice
            name="kind"
            label={t.kind}
            options={Object.keys(kinds).map((code) => ({ value: code, label: kind(code) }))}
          />
          <Choice
            name="state"
            label={t.state}
            options={[
              { value: "known", label: t.known },
              { value: "unknown", label: t.unknown },
              { value: "moved", label: t.movedNow },
            ]}
          />
        </>
      }
    >
      <Reading of={read}>
        {(tags) => (
          <>
            <Freshness of={tags} waits={waits} />
            {tags.as_of === null && (
              <Card>
                <Empty
                  what={t.empty}
                  advice={mayRefresh ? t.emptyAdvice : t.emptyNotYou}
                  action={refresh || undefined}
                />
              </Card>
            )}
            <Families of={tags} />
          </>
        )}
      </Reading>
    </Page>
  );
}

function Families({ of }: { of: Tags }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [q] = useAsked("tags", "q");
  const [family] = useAsked("tags", "family");
  const [kind] = useAsked("tags", "kind");
  const [state] = useAsked("tags", "state");
  const sought = q.trim().toLowerCase();
  const fits = (tag: Tag) =>
    (family === "" || tag.family === family) &&
    (kind === "" || tag.kind === kind) &&
    (state !== "known" || Boolean(tag.known)) &&
    (state !== "unknown" || !tag.known) &&
    (state !== "moved" || (of.moved[tag.code] ?? 0) > 0) &&
    [tag.zh, tag.en, tag.code, tag.means_zh, tag.means_en].some((text) =>
      text.toLowerCase().includes(sought),
    );
  const shown = of.families
    .map((one) => ({ ...one, tags: one.tags.filter(fits) }))
    .filter((one) => one.tags.length > 0);
  if (shown.length === 0)
    return (
      <Card>
        <Empty what={t.noneFound} advice={t.noneFoundAdvice} />
      </Card>
    );
  return shown.map((one) => (
    <Card
      key={one.code}
      title={one[language]}
      extra={<span className={css.quiet}>{t.tagsIn(format.count(one.tags.length, language))}</span>}
    >
      <Rows of={one.tags} whole={of.customers} moved={of.moved} label={one[language]} />
    </Card>
  ));
}
