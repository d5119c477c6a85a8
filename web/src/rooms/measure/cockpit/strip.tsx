import { format, useLanguage, useTexts } from "../../../language";
import { Card, Change, startOf } from "../../../ui";
import { changeOf, type Cockpit, countedFrom, type FigureOf, said } from "../figures";
import css from "../measure.module.css";
import { useCounting, useMetrics, useUnits } from "../metrics";
import { texts } from "../texts";

/** Experience, efficiency and cost, never one without the others. */
export function Strip({ of }: { of: Cockpit }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const against = t.against(format.day(startOf(of.compared_with), language));
  const parts: [string, readonly FigureOf[]][] = [
    [t.experience, of.experience],
    [t.efficiency, of.efficiency],
    [t.cost, of.cost],
  ];
  return (
    <Card>
      <div className={css.strip} role="group" aria-label={t.strip}>
        {parts.map(([name, figures]) => (
          <section key={name} className={css.stripPart}>
            <h2 className={css.stripName}>{name}</h2>
            <dl className={css.stripFigures}>
              {figures.map((figure) => (
                <One key={figure.metric} of={figure} against={against} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Card>
  );
}

function One({ of, against }: { of: FigureOf; against: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const units = useUnits();
  const metrics = useMetrics();
  const unit = metrics.unit(of.metric);
  const change = changeOf(of, unit, language, units, against);
  const counted = countedFrom(of, language, useCounting());
  const none = of.value === null;
  return (
    <div>
      <dt className={css.label} title={metrics.definition(of.metric)}>
        {metrics.name(of.metric)}
      </dt>
      <dd>
        <div className={css.stripValue} data-none={none}>
          {none ? t.nothingMeasured : said(of.value, unit, language, units)}
        </div>
        <div className={css.faint}>{none ? " " : counted}</div>
        <div className={css.faint}>{change ? <Change of={change} /> : " "}</div>
      </dd>
    </div>
  );
}
