/**
 * The guarantees of src/queue/work_queue.ts over random schedules: 8 × 1,250 runs.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyAdd, anySchedule, type Happening, QueueStage } from "../support/queue_schedule.ts";

const RUNS = { numRuns: 1_250 };

Deno.test("1: a key is never handed out twice at the same time", async () => {
  await fc.assert(
    fc.asyncProperty(anySchedule, async (schedule) => {
      const stage = new QueueStage();
      await stage.play(schedule);
      await stage.finish();
      const inHand = new Set<string>();
      for (const event of stage.happened) {
        if (event.kind === "done") inHand.delete(event.key);
        if (event.kind !== "taken") continue;
        assert(!inHand.has(event.key), `"${event.key}" was in hand already`);
        inHand.add(event.key);
      }
    }),
    RUNS,
  );
});

Deno.test("2: adds while a key is in hand are one more hand-out, and no other is", async () => {
  await fc.assert(
    fc.asyncProperty(anySchedule, async (schedule) => {
      const stage = new QueueStage();
      await stage.play(schedule);
      await stage.finish();
      const wanted = new Set<string>();
      for (const event of stage.happened) {
        if (event.kind === "add") wanted.add(event.step.key);
        if (event.kind === "taken") assert(wanted.delete(event.key), `"${event.key}" unasked`);
      }
      assertEquals([...wanted], [], "every add was followed by a hand-out");
    }),
    RUNS,
  );
});

Deno.test("3: adds of a waiting key are one hand-out, of the highest priority and the earliest time", async () => {
  const anyAdds = fc.array(anyAdd, { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(anyAdds, async (adds) => {
      const idle = new QueueStage();
      for (let worker = 0; worker < 5; worker++) idle.take();
      const late = new QueueStage();
      const keys = new Set(adds.map((add) => add.key));
      const highest = new Map<string, number>();
      const earliest = new Map<string, number>();
      for (const add of adds) {
        highest.set(add.key, Math.max(highest.get(add.key) ?? -Infinity, add.priority));
        earliest.set(add.key, Math.min(earliest.get(add.key) ?? Infinity, add.afterMs));
        late.add(add);
      }
      await late.clock.advance(1_000);
      for (const _key of keys) late.take();
      await late.settle();
      const order = late.inHand.map(({ key }) => highest.get(key)!);
      assertEquals(order, order.toSorted((left, right) => right - left));
      assertEquals(new Set(late.inHand.map(({ key }) => key)), keys);

      // With idle workers the time of a hand-out is the earliest that was asked for.
      for (const add of adds) if (add.afterMs > 0) idle.add(add);
      await idle.clock.advance(1_000);
      for (const event of idle.happened) {
        if (event.kind !== "taken") continue;
        const times = adds.filter(({ key, afterMs }) => key === event.key && afterMs > 0)
          .map(({ afterMs }) => afterMs);
        assertEquals(event.at, Math.min(...times));
      }
    }),
    RUNS,
  );
});

Deno.test("4: nothing comes before its time, and equal priorities come first in first out", async () => {
  await fc.assert(
    fc.asyncProperty(anySchedule, fc.uniqueArray(fc.nat(99), { maxLength: 12 }), async (
      schedule,
      numbers,
    ) => {
      const stage = new QueueStage();
      await stage.play(schedule);
      await stage.finish();
      assertNeverEarly(stage.happened);

      const line = new QueueStage();
      for (const number of numbers) line.queue.add(String(number));
      for (const _number of numbers) line.take();
      await line.settle();
      assertEquals(line.inHand.map(({ key }) => Number(key)), numbers);
    }),
    RUNS,
  );
});

Deno.test("5: delayed keys never block one that is due", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAdd, { maxLength: 20 }), async (delayed) => {
      const stage = new QueueStage();
      for (const add of delayed) stage.add({ ...add, priority: 100, afterMs: add.afterMs + 1 });
      stage.add({ kind: "add", key: "due", priority: -100, afterMs: 0 });
      stage.take();
      await stage.settle();
      assertEquals(stage.inHand.map(({ key }) => key), ["due"]);
    }),
    RUNS,
  );
});

Deno.test("6: after drain nothing is handed out, and it ends with the last work in hand", async () => {
  await fc.assert(
    fc.asyncProperty(anySchedule, anySchedule, async (before, after) => {
      const stage = new QueueStage();
      await stage.play(before);
      const handedOut = stage.inHand.length;
      let end: string | undefined;
      stage.queue.drain(1_000_000).then((result) => end = result);
      await stage.settle();
      assertEquals(end, handedOut === 0 ? "drained" : undefined);
      assertEquals(stage.takers, 0, "waiting workers are sent home");
      await stage.play(after.filter(({ kind }) => kind !== "done"));
      assertEquals(stage.inHand.length, handedOut, "nothing was handed out");
      while (stage.inHand.length > 0) stage.end(0);
      await stage.settle();
      assertEquals(end, "drained");
      assertEquals(stage.clock.pendingTimers, 0, "no timer is left");
    }),
    RUNS,
  );
});

Deno.test("7: no failure is remembered once every key has succeeded or was forgotten", async () => {
  const anyFate = fc.array(fc.record({ fails: fc.nat(4), vanishes: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(anyFate, async (fates) => {
      const stage = new QueueStage();
      const left = fates.map(({ fails }) => fails);
      fates.forEach((_fate, index) => stage.queue.add(String(index)));
      for (let turn = 0; turn < 60; turn++) {
        stage.take();
        // deno-lint-ignore no-await-in-loop
        await stage.settle();
        const index = Number(stage.inHand[0]?.key ?? NaN);
        if (Number.isNaN(index)) {
          if (stage.clock.nextTimerInMs === undefined) break;
          // deno-lint-ignore no-await-in-loop
          await stage.clock.advance(stage.clock.nextTimerInMs);
          continue;
        }
        const failures = fates[index]!.fails - left[index]!;
        assertEquals(stage.queue.failuresOf(String(index)), failures);
        if (left[index]! > 0 && !(fates[index]!.vanishes && failures > 0)) {
          left[index]!--;
          stage.queue.addAfterFailure(String(index));
        } else {
          stage.queue.forget(String(index));
        }
        stage.end(0);
      }
      assertEquals(stage.queue.failing, 0);
      await stage.queue.drain(0);
    }),
    RUNS,
  );
});

Deno.test("8: routine work comes within a minute, however many retries are always waiting", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (perTurn) => {
      const stage = new QueueStage({ starvationMs: 60 });
      stage.queue.add("routine", { priority: -100 });
      const taken: string[] = [];
      let number = 0;
      // One worker that ends one key each turn of 10 ms, while at least one new retry comes.
      for (let turn = 0; turn < 40 && !taken.includes("routine"); turn++) {
        for (let added = 0; added < perTurn; added++) stage.queue.add(`retry-${number++}`);
        stage.take();
        // deno-lint-ignore no-await-in-loop
        await stage.settle();
        taken.push(stage.inHand[0]!.key);
        stage.end(0);
        // deno-lint-ignore no-await-in-loop
        await stage.clock.advance(10);
      }
      const turns = taken.indexOf("routine");
      assert(turns >= 0, "it never came");
      // At the sixth turn it is raised, behind the retries that wait then.
      assert(turns <= 7 + 6 * perTurn, `it came after ${turns} turns`);
    }),
    RUNS,
  );
});

/** Each hand-out comes at the earliest time that was asked for since the last one, or later. */
function assertNeverEarly(happened: readonly Happening[]): void {
  const readyAt = new Map<string, number>();
  for (const event of happened) {
    if (event.kind === "add") {
      const at = event.at + event.step.afterMs;
      readyAt.set(event.step.key, Math.min(at, readyAt.get(event.step.key) ?? Infinity));
    } else if (event.kind === "taken") {
      assert(event.at >= readyAt.get(event.key)!, `"${event.key}" came early`);
      readyAt.delete(event.key);
    }
  }
}
