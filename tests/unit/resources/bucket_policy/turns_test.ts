import { assertEquals } from "@std/assert";
import { BucketTurns } from "../../../../src/resources/bucket_policy/turns.ts";

function turns() {
  const woken: string[] = [];
  return { woken, turns: new BucketTurns((policy) => woken.push(policy)) };
}

Deno.test("one pass at a time has a bucket, and each end wakes the one that waited for longest", () => {
  const { woken, turns: bucket } = turns();
  assertEquals(["a", "b", "c", "b"].map((policy) => bucket.take("n/x", policy)), [
    true,
    false,
    false,
    false,
  ]);
  bucket.release("n/x");
  assertEquals(woken, ["b"]);
  assertEquals(bucket.take("n/x", "b"), true);
  bucket.release("n/x");
  assertEquals(bucket.take("n/x", "c"), true);
  bucket.release("n/x");
  assertEquals(woken, ["b", "c"]);
});

Deno.test("who comes again before it is woken is not woken for nothing", () => {
  const { woken, turns: bucket } = turns();
  bucket.take("n/x", "a");
  bucket.take("n/x", "b");
  bucket.take("n/x", "c");
  bucket.release("n/x");
  assertEquals(bucket.take("n/x", "c"), true);
  assertEquals(bucket.take("n/x", "b"), false);
  bucket.release("n/x");
  assertEquals(woken, ["b", "b"]);
  assertEquals(bucket.take("n/x", "b"), true);
  bucket.release("n/x");
  assertEquals(woken, ["b", "b"]);
});

Deno.test("buckets do not wait for each other", () => {
  const { woken, turns: bucket } = turns();
  assertEquals([bucket.take("n/x", "a"), bucket.take("n/y", "a")], [true, true]);
  bucket.release("n/x");
  bucket.release("n/y");
  assertEquals(woken, []);
});
