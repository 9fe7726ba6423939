import { assertEquals } from "@std/assert";
import { delay, limitTime, systemClock } from "../../../src/ops/clock.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("a delay ends when its time is over", async () => {
  const clock = new FakeClock();
  let end: string | undefined;
  delay(clock, 1_000).then((result) => end = result);
  await clock.advance(999);
  assertEquals(end, undefined);
  await clock.advance(1);
  assertEquals(end, "elapsed");
});

Deno.test("a delay ends at once by its stop, and leaves no timer", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const waiting = delay(clock, 1_000, { stop: stop.signal });
  stop.abort();
  assertEquals([await waiting, clock.pendingTimers], ["stopped", 0]);
  assertEquals(await delay(clock, 1_000, { stop: stop.signal }), "stopped");
});

Deno.test("a wall clock that jumps neither ends nor lengthens a delay", async () => {
  const clock = new FakeClock();
  let ended = false;
  delay(clock, 1_000).then(() => ended = true);
  clock.stepWallClock(3_600_000);
  await clock.advance(999);
  assertEquals(ended, false);
  clock.stepWallClock(-7_200_000);
  await clock.advance(1);
  assertEquals(ended, true);
});

Deno.test("a time limit fires a TimeoutError, unless it was released", async () => {
  const clock = new FakeClock();
  const kept = limitTime(clock, 1_000);
  const released = limitTime(clock, 1_000);
  released.release();
  await clock.advance(1_000);
  assertEquals([kept.signal.aborted, released.signal.aborted], [true, false]);
  assertEquals((kept.signal.reason as DOMException).name, "TimeoutError");
});

Deno.test("the system's timer of 30 days is set in steps that setTimeout can hold", () => {
  const asked: number[] = [];
  const runs: (() => void)[] = [];
  const original = globalThis.setTimeout;
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    asked.push(ms);
    runs.push(run);
    return 0;
  }) as unknown as typeof setTimeout;
  let fired = 0;
  try {
    systemClock.after(30 * 86_400_000, () => fired++);
    while (runs.length > 0) runs.shift()!();
  } finally {
    globalThis.setTimeout = original;
  }
  assertEquals(asked, [2 ** 31 - 1, 30 * 86_400_000 - (2 ** 31 - 1)]);
  assertEquals(fired, 1);
});
