import { assertEquals } from "@std/assert";
import {
  addCorrections,
  addTry,
  forgetTries,
  isContested,
  isGivenUp,
  memoryOf,
} from "../../../../src/resources/bucket/memory.ts";

const PAIR = { setting: "cors", desired: { rules: [1] }, observed: { rules: [] } };
const EMPTY = memoryOf(undefined);
const HOUR_MS = 3_600_000;

function tried(times: number, pair = PAIR) {
  return Array.from({ length: times }).reduce(
    (memory: typeof EMPTY) => addTry(memory, pair),
    EMPTY,
  );
}

Deno.test("a value is given up after three writes with the same answer, and not before", () => {
  assertEquals([1, 2, 3, 4].map((times) => isGivenUp(tried(times), PAIR)), [
    false,
    false,
    true,
    true,
  ]);
});

Deno.test("another wish or another answer is tried anew", () => {
  const memory = tried(3);
  assertEquals(isGivenUp(memory, { ...PAIR, desired: { rules: [2] } }), false);
  const answer = { ...PAIR, observed: { rules: [3] } };
  assertEquals(isGivenUp(memory, answer), false);
  assertEquals(isGivenUp(addTry(memory, answer), answer), false);
});

Deno.test("a setting that is as it should be forgets its tries, others keep theirs", () => {
  const memory = addTry(tried(3), { ...PAIR, setting: "tagging" });
  const left = forgetTries(memory, (setting) => setting === "cors");
  assertEquals(left.unsettled.map(({ setting }) => setting), ["tagging"]);
});

Deno.test("three corrections within an hour are a contest, until the first is an hour old", () => {
  let memory = EMPTY;
  for (const nowMs of [0, 1_000, 2_000]) {
    assertEquals(isContested(memory, "cors", { nowMs }), false);
    memory = addCorrections(memory, ["cors"], { nowMs });
  }
  assertEquals(isContested(memory, "cors", { nowMs: 3_000 }), true);
  assertEquals(isContested(memory, "tagging", { nowMs: 3_000 }), false);
  assertEquals(isContested(memory, "cors", { nowMs: HOUR_MS + 1 }), false);
});

Deno.test("corrections that are remembered stay few", () => {
  let memory = EMPTY;
  for (let nowMs = 0; nowMs < 100; nowMs++) memory = addCorrections(memory, ["cors"], { nowMs });
  assertEquals(memory.corrections[0]?.times.length, 3);
});
