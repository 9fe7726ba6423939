/**
 * Delay between attempts to watch, as client-go's reflector has it.
 */
import type { Random } from "../ops/clock.ts";

const FIRST_MS = 800;
const LONGEST_MS = 30_000;
const HEALTHY_MS = 120_000;

/** Failures in a row, and when the last one was. */
export interface BackoffState {
  readonly failures: number;
  readonly failedAtMs: number;
}

/** No failure yet. */
export const NO_FAILURES: BackoffState = { failures: 0, failedAtMs: -Infinity };

/**
 * Counts a failure and draws the delay before the next attempt: 800 ms doubled up to 30 s, from
 * [d, 2d) so that a fleet does not reconnect in step; starts anew after two healthy minutes.
 */
export function nextBackoff(
  state: BackoffState,
  at: { readonly nowMs: number; readonly random: Random },
): { readonly state: BackoffState; readonly delayMs: number } {
  const failures = at.nowMs - state.failedAtMs > HEALTHY_MS + LONGEST_MS * 2 ? 0 : state.failures;
  const baseMs = Math.min(FIRST_MS * 2 ** Math.min(failures, 16), LONGEST_MS);
  return {
    state: { failures: failures + 1, failedAtMs: at.nowMs },
    delayMs: Math.round(baseMs * (1 + at.random())),
  };
}
