/**
 * A clock that runs faster than the wall, for waits that a test cannot sit out.
 */
import { type Clock, systemClock } from "../../src/ops/clock.ts";

/** Real timers, `factor` times as fast. */
export function fastClock(factor: number): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now() * factor,
    after: (ms, run) => systemClock.after(ms / factor, run),
  };
}
