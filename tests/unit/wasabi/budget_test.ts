import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { TokenBucket } from "../../../src/ops/token_bucket.ts";
import { Budgets } from "../../../src/wasabi/budget.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const SLOW = { perSecond: 1, burst: 1 };
const FAST = { perSecond: 10, burst: 2 };

Deno.test("tokens are taken up to the burst, and come back at the rate", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(FAST, clock);
  assertEquals([bucket.take().kind, bucket.take().kind], ["granted", "granted"]);
  assertEquals(bucket.take(), { kind: "empty", waitMs: 100 });
  await clock.advance(50);
  assertEquals(bucket.take(), { kind: "empty", waitMs: 50 });
  await clock.advance(50);
  assertEquals(bucket.take().kind, "granted");
  await clock.advance(3_600_000);
  assertEquals([bucket.take().kind, bucket.take().kind, bucket.take().kind], [
    "granted",
    "granted",
    "empty",
  ]);
});

Deno.test("to be admitted costs nothing; what is spent beyond the tokens is a debt", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(FAST, clock);
  bucket.admit();
  bucket.admit();
  for (let call = 0; call < 7; call++) bucket.spend();
  assertEquals(bucket.admit(), { kind: "empty", waitMs: 600 });
  await clock.advance(600);
  assertEquals(bucket.admit().kind, "granted");
});

Deno.test("a pause admits nothing, whatever is there", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(FAST, clock);
  bucket.pause(2_000);
  bucket.pause(500);
  assertEquals(bucket.admit(), { kind: "empty", waitMs: 2_000 });
  await clock.advance(2_000);
  assertEquals(bucket.admit().kind, "granted");
});

Deno.test("a lower rate takes away the tokens beyond its burst", () => {
  const bucket = new TokenBucket(FAST, new FakeClock());
  bucket.setRate(SLOW);
  assertEquals([bucket.take().kind, bucket.take()], [
    "granted",
    { kind: "empty", waitMs: 1_000 },
  ]);
});

Deno.test("a rate that would stop everything is refused", () => {
  for (
    const rate of [{ perSecond: 0, burst: 1 }, { perSecond: 1, burst: 0 }, {
      perSecond: NaN,
      burst: 1,
    }]
  ) {
    assertThrows(() => new TokenBucket(rate, new FakeClock()), RangeError);
  }
});

/** Milliseconds per token: what the bucket's rate is. */
function pauseOf(bucket: TokenBucket): number {
  bucket.pause(0);
  while (bucket.take().kind === "granted");
  const grant = bucket.admit();
  return grant.kind === "empty" ? grant.waitMs : 0;
}

Deno.test("Providers of one account share a bucket, at the lowest rate that one of them asks for", () => {
  const budgets = new Budgets(new FakeClock());
  const bucket = budgets.claim("account", "one", FAST);
  assertStrictEquals(budgets.claim("account", "two", SLOW), bucket);
  assertEquals(pauseOf(bucket), 1_000);
  budgets.release("two");
  assertEquals(pauseOf(bucket), 100);
});

Deno.test("a Provider that changes its account gives its claim on the old one up", () => {
  const budgets = new Budgets(new FakeClock());
  const old = budgets.claim("old", "one", FAST);
  budgets.claim("old", "two", SLOW);
  budgets.release("two", ["new"]);
  budgets.claim("new", "two", SLOW);
  assertEquals(pauseOf(old), 100);
});

Deno.test("a renewed claim keeps the debt of the account", () => {
  const budgets = new Budgets(new FakeClock());
  budgets.claim("account", "one", SLOW).take();
  assertEquals(budgets.claim("account", "one", SLOW).admit().kind, "empty");
});
