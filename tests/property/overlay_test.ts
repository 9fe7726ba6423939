import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { KubeObject } from "../../src/api/common.ts";
import { Overlay } from "../../src/watch/overlay.ts";
import { Store } from "../../src/watch/store.ts";
import { FakeClock } from "../support/fake_clock.ts";

const KEY = "default/a";

function version(number: number): KubeObject {
  return {
    apiVersion: "test/v1",
    kind: "Thing",
    metadata: { namespace: "default", name: "a", uid: "u", resourceVersion: String(number) },
  };
}

/** Writes of ours (own) and of others; answers of ours and events come in any interleaving. */
const anyHistory = fc.record({
  writes: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
  answersFirst: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
});

Deno.test("a read never returns an older object than an answer or event before it, in any order of them", () => {
  fc.assert(
    fc.property(anyHistory, ({ writes, answersFirst }) => {
      const store = new Store();
      const overlay = new Overlay(new FakeClock());
      const start = 98;
      store.put(version(start));
      const events = writes.map((_own, index) => start + 1 + index);
      const answers = events.filter((_number, index) => writes[index]);
      let newest = start;
      for (const answerFirst of answersFirst) {
        const isAnswer = answers.length > 0 && (answerFirst || events.length === 0);
        const number = isAnswer ? answers.shift() : events.shift();
        if (number === undefined) break;
        if (isAnswer) overlay.wrote(version(number), store.get(KEY));
        else store.put(version(number));
        newest = Math.max(newest, number);
        const read = overlay.read(KEY, store.get(KEY));
        assertEquals(Number(read!.metadata.resourceVersion), newest);
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("once every event has come, the overlay holds nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (eventFirst) => {
      const store = new Store();
      const overlay = new Overlay(new FakeClock());
      store.put(version(9));
      eventFirst.forEach((first, index) => {
        const object = version(10 + index);
        if (first) store.put(object);
        overlay.wrote(object, store.get(KEY));
        if (!first) store.put(object);
        assert(overlay.read(KEY, store.get(KEY)) !== undefined);
      });
      overlay.read(KEY, store.get(KEY));
      assertEquals(overlay.size, 0);
    }),
  );
});
