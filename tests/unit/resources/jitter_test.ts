import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { jittered } from "../../../src/resources/jitter.ts";

Deno.test("a period is within a tenth of the interval and the same each time", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1_000, max: 86_400_000 }), (uid, intervalMs) => {
      const period = jittered(intervalMs, uid);
      assert(period >= Math.floor(intervalMs * 0.9) && period <= Math.ceil(intervalMs * 1.1));
      assertEquals(jittered(intervalMs, uid), period);
    }),
  );
});

Deno.test("the periods of a thousand objects are spread evenly", () => {
  const tenths = Array(10).fill(0);
  for (let number = 0; number < 1_000; number++) {
    const share = (jittered(1_000_000, crypto.randomUUID()) - 900_000) / 200_000;
    tenths[Math.min(9, Math.floor(share * 10))]++;
  }
  assert(tenths.every((count) => count > 40 && count < 160), tenths.join());
});
