import { type Permission, useSession } from "../../../api";
import { format, type Stage, stages, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import { type RingStage, startOf, useStepName } from "../../../ui";
import { changeOf, type Cockpit, countedFrom, estimatedFrom, said } from "../figures";
import { useCounting, useMetrics, useUnits } from "../metrics";
import { arms, quarantineReasons, refusals, texts } from "../texts";
import { RingFigure } from "./ringFigure";

type Leak = NonNullable<Cockpit["loop"][number]["leak"]>;

/** Where a stage's room is, for those who may enter; the others stay here. */
const doors: Readonly<Record<Stage, readonly [Permission, () => string]>> = {
  collect: ["event:read", to.events],
  understand: ["opening:read", to.openings],
  decide: ["decision:read", to.decisions],
  reach: ["delivery:read", to.deliveries],
  serve: ["enquiry:read", to.enquiries],
  credit: ["credit:read", to.credits],
  measure: ["measure:analyse", to.funnel],
  learn: ["experiment:read", to.experiments],
};

/** A leak in a few words, always with what it is a part of. */
function useLeak(): (leak: Leak) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  const step = useStepName();
  const refusal = useWords(refusals);
  const reason = useWords(quarantineReasons);
  return ({ metric, detail, numerator, denominator, act }) => {
    const part = t.kOfN(format.count(numerator, language), format.count(denominator, language));
    switch (metric) {
      case "quarantined":
        return t.leakQuarantined(reason(detail), part);
      case "stuck_share":
        return t.leakStuck(step(detail), part);
      case "empty_decisions":
        return t.leakEmpty(detail, part);
      case "refused_messages":
        return t.leakRefused(refusal(detail), part);
      case "promises_missed":
        return t.leakMissed(part);
      case "disputed":
        return t.leakDisputed(part);
      case "smallest_arm":
        return act ? t.leakRatio : t.leakSample(part);
      default:
        return `${detail} ${part}`;
    }
  };
}

/** The eight stages as the ring shows them: figure, change, worst leak, and where they lead. */
export function useStages(cockpit: Cockpit): Record<Stage, RingStage> {
  const t = useTexts(texts);
  const language = useLanguage();
  const units = useUnits();
  const metrics = useMetrics();
  const counting = useCounting();
  const arm = useWords(arms);
  const leakOf = useLeak();
  const permissions = useSession().data?.permissions ?? [];
  const against = t.against(format.day(startOf(cockpit.compared_with), language));
  const shown = stages.map((stage) => {
    const found = cockpit.loop.find((each) => each.stage === stage);
    const [permission, door] = doors[stage];
    const leads = permissions.includes(permission) ? door() : to.cockpit();
    if (found === undefined) return [stage, { figure: "—", what: "", to: leads }] as const;
    const { figure, leak } = found;
    const unit = metrics.unit(figure.metric);
    const from = countedFrom(figure, language, counting) ?? estimatedFrom(figure, language, counting, arm);
    const name = metrics.name(figure.metric);
    return [
      stage,
      {
        figure: (
          <RingFigure
            value={said(figure.value, unit, language, units)}
            from={from}
            means={metrics.definition(figure.metric)}
          />
        ),
        what: from ? `${name} · ${from}` : name,
        change: changeOf(figure, unit, language, units, against),
        leak: leak ? { text: leakOf(leak), act: leak.act } : undefined,
        to: leads,
      },
    ] as const;
  });
  return Object.fromEntries(shown) as Record<Stage, RingStage>;
}
