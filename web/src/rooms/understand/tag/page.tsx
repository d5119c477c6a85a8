import { Button } from "antd";
import { useParams } from "react-router";
import { useRead } from "../../../api";
import { format, sensitivities, useLanguage, useTexts, useWords } from "../../../language";
import {
  BranchName,
  Card,
  Count,
  CustomerLink,
  Empty,
  Facts,
  Figure,
  Figures,
  Page,
  Percent,
  Pill,
  Reading,
  RelativeTime,
  useAsked,
  useTagValue,
} from "../../../ui";
import css from "../tag.module.css";
import { type Tag, type TagPage, useNeeds } from "../tagParts";
import { kinds, owners, rhythms, texts, types, uses } from "../tagTexts";
import { Spread } from "./spread";
import { Trend } from "./trend";

/** One tag: what it means, how customers are spread over its values, and who has one of them. */
export default function OneTagPage() {
  const { code = "" } = useParams();
  const t = useTexts(texts);
  const language = useLanguage();
  const [value] = useAsked("tag", "value");
  const read = useRead("/api/v1/tags/{code}", { path: { code }, query: { value: value || undefined } });
  const tag = read.data?.tag;
  return (
    <Page
      title={tag ? t.oneTitle(tag[language]) : t.tag}
      about={tag && (language === "en" ? tag.means_en : tag.means_zh)}
    >
      <Reading of={read} shape="detail">
        {(one) => (
          <>
            <Freshness of={one} />
            <div className={css.columns}>
              <div className={css.stack}>
                <Spread of={one} />
                <Sample of={one} />
                <Trend of={one} />
              </div>
              <Definition of={one.tag} />
            </div>
          </>
        )}
      </Reading>
    </Page>
  );
}

function Freshness({ of }: { of: TagPage }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { known } = of.tag;
  return (
    <Figures>
      <Figure
        label={t.oneCoverage}
        value={
          of.customers === null || known === null ? (
            "—"
          ) : known === 0 ? (
            t.unknown
          ) : (
            <Percent part={known} whole={of.customers} />
          )
        }
        under={
          of.customers !== null &&
          known !== null &&
          t.ofCustomers(format.count(known, language), format.count(of.customers, language))
        }
      />
      <Figure
        label={t.oneMoved}
        value={<Count value={of.moved} />}
        under={of.moved !== null && t.wholeFirm}
      />
      <Figure
        label={t.asOf}
        value={of.as_of ? <RelativeTime at={of.as_of} /> : t.never}
        under={of.as_of && t.asOfNote}
      />
    </Figures>
  );
}

function Definition({ of }: { of: Tag }) {
  const t = useTexts(texts);
  const kind = useWords(kinds);
  const type = useWords(types);
  const use = useWords(uses);
  const rhythm = useWords(rhythms);
  const owner = useWords(owners);
  const sensitivity = useWords(sensitivities);
  const needs = useNeeds();
  const params = Object.entries(of.params);
  return (
    <Card title={t.definition}>
      <Facts
        of={[
          [t.code, <code key="c">{of.code}</code>],
          [t.kind, kind(of.kind)],
          [t.type, type(of.type)],
          [t.inputs, needs(of)],
          [t.refreshed, rhythm(of.refresh)],
          [t.life, of.life_days ? t.days(String(of.life_days)) : t.noEnd],
          [
            t.sensitivity,
            <Pill key="s" tone={of.sensitivity === "aml" ? "warn" : "neutral"}>
              {sensitivity(of.sensitivity)}
            </Pill>,
          ],
          [t.uses, [...of.uses.map(use), t.neverPrice].join(t.joiner)],
          [t.owner, owner(of.owner)],
        ]}
      />
      <h3 className={css.part}>{t.formula}</h3>
      <pre className={css.code}>{of.formula}</pre>
      {params.length > 0 && (
        <>
          <h3 className={css.part}>{t.params}</h3>
          <pre className={css.code}>{params.map(([name, value]) => `:${name} = ${value}`).join("\n")}</pre>
        </>
      )}
    </Card>
  );
}

function Sample({ of }: { of: TagPage }) {
  const t = useTexts(texts);
  const [value, choose] = useAsked("tag", "value");
  const say = useTagValue();
  if (!of.tag.known) return null;
  return (
    <Card
      title={value ? t.sampleWith(say(of.tag, value)) : t.sample}
      extra={
        value && (
          <Button size="small" onClick={() => choose(null)}>
            {t.showAll}
          </Button>
        )
      }
    >
      {of.sample.length === 0 ? (
        <Empty what={t.nobody} />
      ) : (
        <ul className={css.people}>
          {of.sample.map((one) => (
            <li key={one.customer_id}>
              <CustomerLink id={one.customer_id} name={one.customer || undefined} />
              <span className={css.quiet}>
                <BranchName id={one.branch_id} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
