import { assert, assertEquals } from "@std/assert";
import { type BackoffState, nextBackoff, NO_FAILURES } from "../../../src/watch/backoff.ts";

/** Fails again and again as soon as the delay is over. */
function failInARow(count: number, chance: number): readonly number[] {
  let state: BackoffState = NO_FAILURES;
  let nowMs = 0;
  return Array.from({ length: count }, () => {
    const next = nextBackoff(state, { nowMs, random: () => chance });
    state = next.state;
    nowMs += next.delayMs;
    return next.delayMs;
  });
}

Deno.test("the delay doubles from 800 ms to 30 s", () => {
  assertEquals(failInARow(8, 0), [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
});

Deno.test("the delay is drawn from once to twice its base", () => {
  const longest = failInARow(7, 0.999_999);
  assertEquals(longest[0], 1_600);
  assert(longest.every((delayMs) => delayMs <= 60_000));
});

Deno.test("failures at the longest delay never start anew by themselves", () => {
  assertEquals(failInARow(40, 0.999_999).at(-1), 60_000);
});

Deno.test("after two healthy minutes the delay is the first one again", () => {
  let state: BackoffState = NO_FAILURES;
  for (let failure = 0; failure < 9; failure++) {
    state = nextBackoff(state, { nowMs: 0, random: () => 0 }).state;
  }
  const longestPauseMs = 60_000;
  const soon = nextBackoff(state, { nowMs: longestPauseMs + 119_000, random: () => 0 });
  assertEquals(soon.delayMs, 30_000);
  const later = nextBackoff(state, { nowMs: longestPauseMs + 121_000, random: () => 0 });
  assertEquals(later.delayMs, 800);
});
