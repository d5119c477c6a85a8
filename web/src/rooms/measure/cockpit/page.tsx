import { useRead } from "../../../api";
import { format, useLanguage, useTexts } from "../../../language";
import { useTopic } from "../../../live";
import { Card, Change, Page, Reading, Ring, startOf } from "../../../ui";
import { changeOf, type Cockpit, said, withRows } from "../figures";
import css from "../measure.module.css";
import { useMetrics, useUnits } from "../metrics";
import { texts } from "../texts";
import { Needs } from "./needs";
import { useStages } from "./stages";
import { Strip } from "./strip";

/** The loop as a ring, live; under it what it costs and brings; beside it what needs a person. */
export default function CockpitPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const read = useRead("/api/v1/cockpit", undefined, { every: 60_000 });
  const topic = useTopic("cockpit");
  const day = read.data && format.day(startOf(read.data.compared_with), language);
  return (
    <Page title={t.cockpitTitle} about={day && t.cockpitAbout(day)} live={topic.state}>
      <Reading of={read} shape="chart" isEmpty={() => false}>
        {(cockpit) => <Turning of={withRows(cockpit, topic.rows)} />}
      </Reading>
    </Page>
  );
}

function Turning({ of }: { of: Cockpit }) {
  const t = useTexts(texts);
  const stages = useStages(of);
  return (
    <div className={css.cockpit}>
      <div className={css.main}>
        <Card>
          <Ring label={t.ringLabel} stages={stages} middle={<Middle of={of} />} />
        </Card>
        <Strip of={of} />
      </div>
      <Needs of={of.needs} />
    </div>
  );
}

/** What the loop brought: accounts opened today, and net new assets of the last settled day. */
function Middle({ of }: { of: Cockpit }) {
  return (
    <>
      <Opened of={of} />
      <NetAssets of={of.settlement} />
    </>
  );
}

/** Live, against plan and the same weekday. */
function Opened({ of }: { of: Cockpit }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const units = useUnits();
  const metrics = useMetrics();
  const figure = of.opened_today;
  const day = format.day(startOf(of.compared_with), language);
  const change = changeOf(figure, "count", language, units, t.against(day));
  const plan =
    of.planned_today === null
      ? t.noPlan
      : t.ofPlan(format.decimal(of.planned_today, language, of.planned_today < 10 ? 1 : 0));
  return (
    <>
      <div className={css.label} title={metrics.definition(figure.metric)}>
        {t.openedToday}
      </div>
      <div className={css.big} aria-live="polite">
        {said(figure.value, "count", language, units)}
      </div>
      <div className={css.faint}>{plan}</div>
      <div className={css.faint}>
        {figure.before !== null && figure.before !== undefined && (
          <span title={t.against(day)}>{t.sameDay(said(figure.before, "count", language, units))} </span>
        )}
        {change && <Change of={change} />}
      </div>
    </>
  );
}

/** As of the last settlement, with its date; the counter tells of a day's flows only after it. */
function NetAssets({ of }: { of: Cockpit["settlement"] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const metrics = useMetrics();
  const money = (yuan: number) => format.money(Math.round(yuan), language);
  return (
    <div className={css.settled}>
      <div className={css.label} title={metrics.definition("net_new_assets")}>
        {of ? t.netAssetsOn(format.day(startOf(of.day), language)) : t.netAssets}
      </div>
      {of === null ? (
        <div className={css.faint}>{t.noSettlement}</div>
      ) : (
        <>
          <div className={css.stripValue} title={t.inAndOut(money(of.inflow), money(of.outflow))}>
            {of.net.value === null ? "—" : money(of.net.value)}
          </div>
          <div className={css.faint}>
            {of.planned === null ? t.noPlan : t.ofPlan(money(of.planned))}
            {of.net.before !== null && of.net.before !== undefined && (
              <span title={t.onDay(format.day(startOf(of.compared_with), language))}>
                {" · "}
                {t.sameDay(money(of.net.before))}
              </span>
            )}
          </div>
        </>
      )}
    </div>
  );
}
