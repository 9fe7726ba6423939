import { assert, assertEquals, assertThrows } from "@std/assert";
import { LeaderElector } from "../../../src/control/leader/elector.ts";
import { Fence, LostLeadershipError } from "../../../src/control/leader/fence.ts";
import { faultOf, heldRecord, releasedRecord } from "../../../src/control/leader/record.ts";
import { silentLogger } from "../../../src/ops/log.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { LeaseShelf } from "../../support/lease_shelf.ts";

const DURATIONS = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };

function candidate(shelf: LeaseShelf, clock: FakeClock, identity: string) {
  const stop = new AbortController();
  const elector = new LeaderElector({
    lease: shelf.client(identity),
    identity,
    clock,
    random: () => 0.5,
    log: silentLogger,
    durations: DURATIONS,
  });
  const state = { lost: false };
  elector.lost.then(() => state.lost = true);
  return {
    elector,
    state,
    elected: elector.acquire(stop.signal),
    leads: () => {
      try {
        elector.fence.check();
        return true;
      } catch {
        return false;
      }
    },
    stop: () => stop.abort(),
  };
}

Deno.test("the first candidate leads at once, the second waits", async () => {
  const [shelf, clock] = [new LeaseShelf(), new FakeClock()];
  const first = candidate(shelf, clock, "first");
  await first.elected;
  const second = candidate(shelf, clock, "second");
  await clock.advance(60_000);
  assertEquals([first.leads(), second.leads()], [true, false]);
  second.stop();
  await first.elector.release();
  await clock.advance(5_000);
  assertEquals(await second.elected, false);
});

Deno.test("a released lease is taken within a retry period", async () => {
  const [shelf, clock] = [new LeaseShelf(), new FakeClock()];
  const first = candidate(shelf, clock, "first");
  await first.elected;
  const second = candidate(shelf, clock, "second");
  await clock.advance(10_000);
  await first.elector.release();
  assertEquals(first.leads(), false);
  await clock.advance(DURATIONS.retryMs * 1.2);
  assertEquals(second.leads(), true);
  assertEquals(shelf.stored?.spec?.leaseTransitions, 1);
  await second.elector.release();
});

Deno.test("a leader that dies is followed after its lease, counted by the standby's clock", async () => {
  const [shelf, clock] = [new LeaseShelf(), new FakeClock()];
  const first = candidate(shelf, clock, "first");
  await first.elected;
  const second = candidate(shelf, clock, "second");
  await clock.advance(3_000);
  shelf.cutOff("first");
  await clock.advance(DURATIONS.leaseMs - 3_000);
  assertEquals(second.leads(), false);
  // The last renewal was seen up to a retry period after it was made.
  await clock.advance(3_000 + DURATIONS.retryMs);
  assertEquals(second.leads(), true);
  await second.elector.release();
});

Deno.test("the fence of a cut-off leader closes at the renew deadline, before anybody follows", async () => {
  const [shelf, clock] = [new LeaseShelf(), new FakeClock()];
  const first = candidate(shelf, clock, "first");
  await first.elected;
  const second = candidate(shelf, clock, "second");
  await clock.advance(2_100);
  shelf.cutOff("first");
  await clock.advance(DURATIONS.renewDeadlineMs - 200);
  assertEquals(first.leads(), true);
  await clock.advance(200);
  assertEquals([first.leads(), second.leads()], [false, false]);
  await clock.advance(3_000);
  assertEquals(first.state.lost, true);
  second.stop();
  await clock.advance(5_000);
});

Deno.test("an outage shorter than the deadline costs nothing", async () => {
  const [shelf, clock] = [new LeaseShelf(), new FakeClock()];
  const first = candidate(shelf, clock, "first");
  await first.elected;
  shelf.cutOff("first");
  await clock.advance(7_000);
  shelf.reconnect("first");
  await clock.advance(4_000);
  assertEquals([first.leads(), first.state.lost], [true, false]);
  await first.elector.release();
});

Deno.test("a renewal whose answer was lost is understood as one's own", async () => {
  const [shelf, clock] = [new LeaseShelf(), new FakeClock()];
  const first = candidate(shelf, clock, "first");
  await first.elected;
  shelf.loseAnswers = 1;
  await clock.advance(30_000);
  assertEquals([first.leads(), first.state.lost], [true, false]);
  await first.elector.release();
});

Deno.test("a lease that another one took ends leadership at the next renewal", async () => {
  const [shelf, clock] = [new LeaseShelf(), new FakeClock()];
  const first = candidate(shelf, clock, "first");
  await first.elected;
  const self = { identity: "thief", wallMs: clock.now(), leaseMs: DURATIONS.leaseMs };
  shelf.put(heldRecord(shelf.stored?.spec, self));
  await clock.advance(DURATIONS.retryMs + 1);
  assertEquals([first.leads(), first.state.lost], [false, true]);
});

Deno.test("a clock that jumps closes the fence until the next renewal", () => {
  const clock = new FakeClock();
  const fence = new Fence(clock, DURATIONS);
  assertThrows(() => fence.check(), LostLeadershipError);
  fence.renewed(clock.monotonic());
  fence.check();
  clock.stepWallClock(6_000);
  assertThrows(() => fence.check(), LostLeadershipError);
  fence.renewed(clock.monotonic());
  fence.check();
});

Deno.test("a record tells holder, times and transitions as client-go does", () => {
  const self = { identity: "a", wallMs: Date.parse("2026-01-01T00:00:00.123Z"), leaseMs: 15_000 };
  const first = heldRecord(undefined, self);
  assertEquals(first, {
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    acquireTime: "2026-01-01T00:00:00.123000Z",
    renewTime: "2026-01-01T00:00:00.123000Z",
    leaseTransitions: 0,
  });
  const later = heldRecord(first, { ...self, wallMs: self.wallMs + 2_000 });
  assertEquals([later.acquireTime, later.leaseTransitions], [first.acquireTime, 0]);
  const other = heldRecord(later, { ...self, identity: "b" });
  assertEquals([other.holderIdentity, other.leaseTransitions], ["b", 1]);
  const released = releasedRecord(other, self);
  assertEquals([released.holderIdentity, released.leaseDurationSeconds], ["", 1]);
});

Deno.test("durations that do not fit together are refused", () => {
  assertEquals(faultOf(DURATIONS), undefined);
  assert(faultOf({ ...DURATIONS, leaseMs: 10_000 })?.includes("longer than the renew deadline"));
  assert(faultOf({ ...DURATIONS, retryMs: 9_000 })?.includes("1.2 times the retry period"));
});
