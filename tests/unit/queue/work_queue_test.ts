import { assert, assertEquals } from "@std/assert";
import { QueueStage } from "../../support/queue_schedule.ts";

const DAY_MS = 86_400_000;

Deno.test("a delay of 30 days is neither fired at once nor lost", async () => {
  const stage = new QueueStage();
  stage.queue.add("a", { afterMs: 30 * DAY_MS });
  stage.take();
  await stage.clock.advance(30 * DAY_MS - 1);
  assertEquals(stage.inHand.length, 0);
  await stage.clock.advance(1);
  assertEquals(stage.inHand.length, 1);
});

Deno.test("a delay asked for while the key is in hand counts from the asking", async () => {
  const stage = new QueueStage();
  stage.queue.add("a");
  stage.take();
  await stage.settle();
  stage.queue.add("a", { afterMs: 1_000 });
  await stage.clock.advance(5_000);
  stage.end(0);
  stage.take();
  await stage.settle();
  assertEquals(stage.inHand.length, 1);
  assertEquals(stage.inHand[0]!.queuedMs, 4_000);
});

Deno.test("the first of two delays asked for while in hand wins, at its own time", async () => {
  const stage = new QueueStage();
  stage.queue.add("a");
  stage.take();
  await stage.settle();
  stage.queue.add("a", { afterMs: 300_000 });
  await stage.clock.advance(200_000);
  stage.queue.add("a", { afterMs: 200_000 });
  stage.end(0);
  stage.take();
  await stage.clock.advance(99_999);
  assertEquals(stage.inHand.length, 0);
  await stage.clock.advance(1);
  assertEquals(stage.inHand.length, 1);
});

Deno.test("the delay after failures doubles from 5 ms to 15 minutes and stays there", async () => {
  const stage = new QueueStage();
  const delays: number[] = [];
  for (let failure = 0; failure < 60; failure++) {
    stage.queue.addAfterFailure("a");
    delays.push(stage.clock.nextTimerInMs!);
    stage.take();
    // deno-lint-ignore no-await-in-loop
    await stage.clock.advance(stage.clock.nextTimerInMs!);
    stage.end(0);
  }
  assertEquals(delays.slice(0, 4), [5, 10, 20, 40]);
  assertEquals(delays.slice(-2), [900_000, 900_000]);
  stage.queue.forget("a");
  stage.queue.addAfterFailure("a");
  assertEquals(stage.clock.nextTimerInMs, 5, "success starts anew");
});

Deno.test("the delay after a failure is spread by a fifth to either side", () => {
  const delays = [0, 0.5, 0.999_999].map((chance) => {
    const stage = new QueueStage({ random: () => chance, firstBackoffMs: 1_000 });
    stage.queue.addAfterFailure("a");
    return Math.round(stage.clock.nextTimerInMs!);
  });
  assertEquals(delays, [800, 1_000, 1_200]);
});

Deno.test("a server's wish for a longer delay goes before the back-off", () => {
  const stage = new QueueStage();
  stage.queue.addAfterFailure("a", { atLeastMs: 7_000 });
  assertEquals(stage.clock.nextTimerInMs, 7_000);
});

Deno.test("a person's change overtakes the back-off of a key that failed", async () => {
  const stage = new QueueStage({ firstBackoffMs: 60_000 });
  stage.queue.addAfterFailure("a");
  stage.queue.add("a", { priority: 100 });
  stage.take();
  await stage.settle();
  assertEquals(stage.inHand.length, 1);
});

Deno.test("drain gives up at its deadline while work is still in hand", async () => {
  const stage = new QueueStage();
  stage.queue.add("a");
  stage.take();
  await stage.settle();
  let end: string | undefined;
  stage.queue.drain(20_000).then((result) => end = result);
  await stage.clock.advance(19_999);
  assertEquals(end, undefined);
  await stage.clock.advance(1);
  assertEquals(end, "deadline");
});

Deno.test("a ticket that is ended twice ends once", async () => {
  const finished: number[] = [];
  const stage = new QueueStage({
    observer: {
      added: () => {},
      retried: () => {},
      taken: () => {},
      finished: (ms) => finished.push(ms),
    },
  });
  stage.queue.add("a");
  stage.take();
  await stage.settle();
  const [ticket] = stage.inHand;
  await stage.clock.advance(3);
  ticket!.done();
  stage.queue.add("a");
  stage.take();
  await stage.settle();
  ticket!.done();
  assertEquals(finished, [3]);
  assertEquals(stage.queue.working, 1, "the second hand-out is not ended by the first ticket");
});

Deno.test("depth counts keys that are due, and not those in hand or delayed", async () => {
  const stage = new QueueStage();
  stage.queue.add("hand");
  stage.take();
  await stage.settle();
  stage.queue.add("due");
  stage.queue.add("later", { afterMs: 10 });
  assertEquals([stage.queue.depth, stage.queue.working], [1, 1]);
  await stage.clock.advance(10);
  assertEquals([stage.queue.depth, stage.queue.longestWorkMs], [2, 10]);
});

Deno.test("unfinished work is all that is in hand, and nothing that has ended", async () => {
  const stage = new QueueStage();
  stage.queue.add("first");
  stage.take();
  await stage.clock.advance(30);
  stage.queue.add("second");
  stage.take();
  await stage.clock.advance(10);
  assertEquals([stage.queue.unfinishedWorkMs, stage.queue.longestWorkMs], [50, 40]);
  stage.end(0);
  assertEquals([stage.queue.unfinishedWorkMs, stage.queue.longestWorkMs], [10, 10]);
});

Deno.test("keys that come and go a hundred thousand times leave nothing behind", async () => {
  const stage = new QueueStage();
  let most = 0;
  for (let round = 0; round < 100; round++) {
    for (let key = 0; key < 1_000; key++) {
      stage.queue.add(`${round}-${key}`, { priority: -100 });
      // Raised again and again: each raise leaves an outdated entry in the heap.
      stage.queue.add(`${round}-${key}`, { priority: 100 });
      stage.take();
    }
    // deno-lint-ignore no-await-in-loop
    await stage.settle();
    most = Math.max(most, stage.inHand.length);
    while (stage.inHand.length > 0) stage.end(0);
  }
  assert(most === 1_000);
  assertEquals([stage.queue.depth, stage.queue.working, stage.clock.pendingTimers], [0, 0, 0]);
});
