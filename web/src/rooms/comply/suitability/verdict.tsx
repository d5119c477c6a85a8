import { CheckOutlined, CloseOutlined, ExclamationOutlined } from "@ant-design/icons";
import { type Answer, useRead } from "../../../api";
import { suitabilityWords, useLanguage, useTexts, useWords } from "../../../language";
import { Card, CustomerLink, Empty, Facts, Pill, Reading, useAsked } from "../../../ui";
import css from "../comply.module.css";
import { texts } from "../texts";
import { type Asked, askedOf } from "./asked";

type Told = Answer<"/api/v1/suitability", "get">;
type Reason = Told["verdict"]["refusals"][number];

/** The gate's answer about a catalogue item, or about a product described in the URL. */
export function Verdict({ customer, item }: { customer: string; item: string }) {
  const t = useTexts(texts);
  const described = useDescribed(customer);
  const version = useRead("/api/v1/catalogue/{code}", { path: { code: item } }, { when: item !== "" });
  const latest = version.data?.items[0];
  const asked = item ? latest && askedOf(latest, customer) : described;
  const ready = customer !== "" && asked !== undefined;
  const read = useRead("/api/v1/suitability", { query: asked ?? { customer } }, { when: ready });
  if (customer !== "" && item !== "" && latest === undefined)
    return (
      <Reading of={version} shape="detail">
        {() => null}
      </Reading>
    );
  if (!ready)
    return (
      <Card>
        <Empty what={t.chooseFirst} advice={t.chooseAdvice} />
      </Card>
    );
  return (
    <Reading of={read} shape="detail" isEmpty={() => false}>
      {(told) => <Answered of={told} />}
    </Reading>
  );
}

/** The product described by hand; undefined until something is said of it. */
function useDescribed(customer: string): Asked | undefined {
  const [by] = useAsked("suitability", "by");
  const [risk] = useAsked("suitability", "risk");
  const [term] = useAsked("suitability", "term");
  const [kind] = useAsked("suitability", "kind");
  const [goal] = useAsked("suitability", "goal");
  const [permission] = useAsked("suitability", "permission");
  const [qualified] = useAsked("suitability", "qualified");
  if (by !== "hand") return undefined;
  const said = { risk, term, kind, goal, permission };
  return {
    customer,
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== "")),
    qualified_only: qualified === "1",
  };
}

function Answered({ of }: { of: Told }) {
  const t = useTexts(texts);
  const { verdict } = of;
  const [tone, mark, says] = verdict.proactive_allowed
    ? (["good", <CheckOutlined key="m" />, t.may] as const)
    : verdict.allowed
      ? (["warn", <ExclamationOutlined key="m" />, t.mayAsked] as const)
      : (["danger", <CloseOutlined key="m" />, t.mayNot] as const);
  return (
    <Card>
      <div className={css.verdict} data-tone={tone} role="status">
        <span className={css.verdictMark} aria-hidden>
          {mark}
        </span>
        <strong>{says}</strong>
      </div>
      <Reasons title={t.because} of={verdict.refusals} />
      <Reasons title={t.careful} of={verdict.warnings} />
      <h3 className={css.part}>{t.gateKnows}</h3>
      <Investor of={of.investor} />
    </Card>
  );
}

function Reasons({ title, of }: { title: string; of: readonly Reason[] }) {
  const language = useLanguage();
  if (of.length === 0) return null;
  return (
    <>
      <h3 className={css.part}>{title}</h3>
      <ul className={css.reasons}>
        {of.map((reason) => (
          <li key={reason.code}>{language === "en" ? reason.en : reason.zh}</li>
        ))}
      </ul>
    </>
  );
}

function Investor({ of }: { of: Told["investor"] }) {
  const t = useTexts(texts);
  const word = useWords(suitabilityWords);
  const all = (codes: readonly string[]) => codes.map(word).join(t.joiner) || "—";
  return (
    <Facts
      of={[
        [t.customer, <CustomerLink key="c" id={of.customer_id} />],
        [t.level, of.level ?? t.noLevel],
        [
          t.assessment,
          <Pill key="a" tone={of.state === "valid" ? "neutral" : "warn"}>
            {word(of.state)}
          </Pill>,
        ],
        [t.validUntil, of.valid_until],
        [t.lowest, of.lowest_category ? t.yes : t.no],
        [t.terms, word(of.term)],
        [t.kinds, all(of.kinds)],
        [t.goals, all(of.goals)],
        [t.investorClass, word(of.investor_class)],
        [t.permissions, all(of.permissions)],
      ]}
    />
  );
}
