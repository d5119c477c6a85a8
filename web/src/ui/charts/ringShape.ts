/** The geometry of the loop: eight arrows round a circle, the first just right of the top, clockwise. */
export const SIZE = 400;
const CENTRE = SIZE / 2;
const OUTER = 192;
const INNER = 152;
const MIDDLE = (OUTER + INNER) / 2;
const TURN = (2 * Math.PI) / 8;
const GAP = 0.022;
const TIP = 0.07;

type Point = readonly [x: number, y: number];

function at(radius: number, angle: number): Point {
  return [CENTRE + radius * Math.sin(angle), CENTRE - radius * Math.cos(angle)];
}

const text = ([x, y]: Point): string => `${x.toFixed(2)} ${y.toFixed(2)}`;

/** Angle of the middle of a stage, clockwise from the top. */
export function middleOf(stage: number): number {
  return (stage + 0.5) * TURN;
}

/** An arrow along the ring: its tip points into the notch of the next. */
export function arrow(stage: number): string {
  const from = stage * TURN + GAP;
  const till = (stage + 1) * TURN - GAP;
  return [
    `M ${text(at(INNER, from))}`,
    `L ${text(at(MIDDLE, from + TIP))}`,
    `L ${text(at(OUTER, from))}`,
    `A ${OUTER} ${OUTER} 0 0 1 ${text(at(OUTER, till))}`,
    `L ${text(at(MIDDLE, till + TIP))}`,
    `L ${text(at(INNER, till))}`,
    `A ${INNER} ${INNER} 0 0 0 ${text(at(INNER, from))}`,
    "Z",
  ].join(" ");
}

/** Whether a stage's name runs the other way, so as not to stand on its head. */
export function isLower(stage: number): boolean {
  const centre = middleOf(stage) + TIP / 2;
  return centre > Math.PI / 2 && centre < 1.5 * Math.PI;
}

/** The line a stage's name is written along. */
export function baseline(stage: number): string {
  const centre = middleOf(stage) + TIP / 2;
  const lower = isLower(stage);
  const radius = lower ? MIDDLE + 5.5 : MIDDLE - 5.5;
  const [from, till] = [centre - TURN / 2, centre + TURN / 2];
  return lower
    ? `M ${text(at(radius, till))} A ${radius} ${radius} 0 0 0 ${text(at(radius, from))}`
    : `M ${text(at(radius, from))} A ${radius} ${radius} 0 0 1 ${text(at(radius, till))}`;
}
