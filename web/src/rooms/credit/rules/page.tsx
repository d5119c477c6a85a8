import { type Answer, useRead } from "../../../api";
import { creditRules, format, useLanguage, useTexts, useWords } from "../../../language";
import { Card, Facts, Figure, Figures, Page, Pill, Reading, RelativeTime, StaffName } from "../../../ui";
import css from "../credit.module.css";
import { bookStates, moments, texts } from "../texts";

type Book = Answer<"/api/v1/credit-rules", "get">["items"][number];
type Rule = Book["rules"][number];

/** The rules by which accounts find their owners, as sentences, and the versions there were. */
export default function RulesPage() {
  const t = useTexts(texts);
  const read = useRead("/api/v1/credit-rules");
  return (
    <Page title={t.rulesTitle} about={t.rulesAbout}>
      <Reading of={read} shape="detail">
        {({ items }) => {
          const active = items.find((book) => book.status === "active");
          const others = items.filter((book) => book !== active);
          return (
            <>
              {active && <Active of={active} />}
              {others.length > 0 && (
                <Card title={t.otherVersions}>
                  <div className={css.stack}>
                    {others.map((book) => (
                      <Other key={book.version} of={book} />
                    ))}
                  </div>
                </Card>
              )}
            </>
          );
        }}
      </Reading>
    </Page>
  );
}

function Active({ of }: { of: Book }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <>
      <Figures>
        <Figure
          label={t.inForce}
          value={t.versionName(of.version)}
          under={<>{of.active_from && <RelativeTime at={of.active_from} />}</>}
        />
        <Figure
          label={t.assistWeight}
          value={t.accountsUnit(format.decimal(Number(of.assist_weight), language, 1))}
        />
        <Figure label={t.disputeDays} value={t.days(of.dispute_days)} />
        <Figure label={t.decideDays} value={t.days(of.decide_days)} />
      </Figures>
      <Card title={t.inForce}>
        <Rules of={of.rules} />
        <p className={css.quiet}>{t.neverMoves}</p>
      </Card>
    </>
  );
}

function Rules({ of }: { of: readonly Rule[] }) {
  const t = useTexts(texts);
  const claim = useWords(creditRules);
  const moment = useWords(moments);
  const takes = (rule: Rule) =>
    rule.claim_kind === "relation" ? t.shared : rule.takes === "first" ? t.takesFirst : t.takesLast;
  return (
    <ol className={css.rules}>
      {of.map((rule) => (
        <li key={rule.key} className={css.rule}>
          <span className={css.ruleName}>{claim(rule.claim_kind)}</span>
          <span className={css.quiet}>
            {[
              t.counts(moment(rule.before)),
              rule.window_days === null ? t.noWindow : t.within(rule.window_days),
              takes(rule),
            ].join(t.joiner)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Other({ of }: { of: Book }) {
  const t = useTexts(texts);
  const state = useWords(bookStates);
  return (
    <details>
      <summary>
        {t.versionName(of.version)}{" "}
        <Pill tone={of.status === "submitted" ? "warn" : "neutral"}>{state(of.status)}</Pill>
      </summary>
      <Facts
        of={[
          [t.proposedBy, of.author_id ? <StaffName key="a" id={of.author_id} /> : t.supplied],
          [t.approver, <StaffName key="b" id={of.approver_id} />],
          [t.since, <RelativeTime key="f" at={of.active_from} />],
          [t.ruleReason, of.reason],
        ]}
      />
      <Rules of={of.rules} />
    </details>
  );
}
