/** The server's clock as this browser last heard it; the demo's runs faster than the wall's. */
export interface ServerClock {
  /** Note that the server's time was `now` at local `performance.now()` = `at`, running `factor` times as fast. */
  observe(now: Date, factor: number, at: number): void;
  now(): Date;
  factor(): number;
}

export function serverClock(
  local: () => number = () => performance.now(),
  wall = () => Date.now(),
): ServerClock {
  let known: { now: number; factor: number; at: number } | undefined;
  return {
    observe(now, factor, at) {
      known = { now: now.getTime(), factor, at };
    },
    now() {
      return new Date(known === undefined ? wall() : known.now + (local() - known.at) * known.factor);
    },
    factor() {
      return known?.factor ?? 1;
    },
  };
}
