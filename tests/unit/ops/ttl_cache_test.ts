import { assertEquals } from "@std/assert";
import { TtlCache } from "../../../src/ops/ttl_cache.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function startCache(maxEntries = 2) {
  const clock = new FakeClock();
  const events: string[] = [];
  const disposed: string[] = [];
  const cache = new TtlCache<string, string>({
    clock,
    ttlMs: 1_000,
    maxEntries,
    onEvent: (event) => events.push(event),
    dispose: (value) => disposed.push(value),
  });
  return { clock, cache, events, disposed };
}

Deno.test("a value is there until its time is over, counted from the storing", async () => {
  const { clock, cache, events, disposed } = startCache();
  cache.set("a", "A");
  await clock.advance(999);
  assertEquals(cache.get("a"), "A");
  await clock.advance(1);
  assertEquals(cache.get("a"), undefined);
  assertEquals(events, ["hit", "eviction", "miss"]);
  assertEquals([disposed, cache.size], [["A"], 0]);
});

Deno.test("the cache never grows beyond its bound; what was unused for longest goes", () => {
  const { cache, disposed } = startCache();
  cache.set("a", "A");
  cache.set("b", "B");
  cache.get("a");
  cache.set("c", "C");
  assertEquals([disposed, cache.size], [["B"], 2]);
  for (let number = 0; number < 1_000; number++) cache.set(`${number}`, "x");
  assertEquals(cache.size, 2);
});

Deno.test("a value that is stored anew does not push out another", () => {
  const { cache, disposed } = startCache();
  cache.set("a", "A");
  cache.set("b", "B");
  cache.set("a", "A2");
  assertEquals([disposed, cache.get("a"), cache.get("b")], [["A"], "A2", "B"]);
});

Deno.test("each value that leaves is disposed of, once", () => {
  const { cache, disposed } = startCache(9);
  for (const key of ["a1", "a2", "b1"]) cache.set(key, key);
  cache.deleteWhere((key) => key.startsWith("a"));
  assertEquals(disposed, ["a1", "a2"]);
  cache.clear();
  cache.clear();
  assertEquals([disposed, cache.size], [["a1", "a2", "b1"], 0]);
});
