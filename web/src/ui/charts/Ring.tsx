import { type ReactNode, useId, useState } from "react";
import { Link, useNavigate } from "react-router";
import { type Stage, stageNames, stages, useTexts } from "../../language";
import { Change, type Difference } from "../values";
import css from "./Ring.module.css";
import { arrow, baseline, isLower, SIZE } from "./ringShape";

export interface RingStage {
  /** The stage's one figure now. */
  figure: ReactNode;
  /** What the figure counts: "events today". */
  what: string;
  change?: Difference;
  /** The worst leak; `act` only where somebody must do something. */
  leak?: { text: string; act: boolean };
  /** The stage's room. */
  to: string;
}

export interface RingProps {
  /** The whole in words, for those who cannot see it. */
  label: string;
  stages: Readonly<Record<Stage, RingStage>>;
  /** What the loop brought: stands in its middle. */
  middle: ReactNode;
}

/** The loop itself: eight stages round a circle, each with its figure, change and worst leak. */
export function Ring({ label, stages: shown, middle }: RingProps) {
  const t = useTexts(stageNames);
  const navigate = useNavigate();
  const id = useId();
  const [near, setNear] = useState<Stage>();
  // The cards are the links that keyboard and screen reader use, in the order of the loop; the arrows are
  // a second way for the mouse.
  return (
    <div className={css.contain}>
      <div className={css.ring} role="group" aria-label={label}>
        <div className={css.wheel}>
          <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={label}>
            {stages.map((stage, index) => (
              <g
                key={stage}
                className={css.segment}
                data-near={near === stage}
                data-act={shown[stage].leak?.act ?? false}
                onMouseEnter={() => setNear(stage)}
                onMouseLeave={() => setNear(undefined)}
                onClick={() => void navigate(shown[stage].to)}
              >
                <path className={css.arc} d={arrow(index)} />
                <path id={`${id}${stage}`} d={baseline(index)} fill="none" />
                <text className={css.arcName} textAnchor="middle" data-lower={isLower(index)}>
                  <textPath href={`#${id}${stage}`} startOffset="50%">
                    {t[stage]}
                  </textPath>
                </text>
              </g>
            ))}
          </svg>
          <div className={css.middle}>{middle}</div>
        </div>
        {stages.map((stage, index) => {
          const { figure, what, change, leak, to } = shown[stage];
          return (
            <Link
              key={stage}
              to={to}
              className={css.stage}
              data-side={index < 4 ? "right" : "left"}
              data-near={near === stage}
              style={{ gridRow: index < 4 ? index + 1 : 8 - index }}
              onMouseEnter={() => setNear(stage)}
              onMouseLeave={() => setNear(undefined)}
            >
              <span className={css.name}>
                <span className={css.order}>{index + 1} · </span>
                {t[stage]}
              </span>
              <span className={css.value}>
                {figure}
                {change && (
                  <span className={css.change}>
                    <Change of={change} />
                  </span>
                )}
              </span>
              <span className={css.what}>{what}</span>
              {leak && (
                <span className={css.leak} data-act={leak.act}>
                  {leak.text}
                </span>
              )}
            </Link>
          );
        })}
      </div>
    </div>
  );
}
