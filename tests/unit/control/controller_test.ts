import { assert, assertEquals } from "@std/assert";
import { FINALIZER } from "../../../src/api/common.ts";
import type { Outcome } from "../../../src/control/outcome.ts";
import { KubeError } from "../../../src/kube/error.ts";
import { aThing, ControlStage, done, READY } from "./fixture.ts";

function conflict(): KubeError {
  return new KubeError("changed", { code: 409, reason: "Conflict" });
}

Deno.test("the finalizer is stored before the first pass, and the status is written after it", async () => {
  const seen: string[] = [];
  const stage = new ControlStage({
    reconcile: ({ metadata }) => {
      seen.push(...metadata.finalizers ?? []);
      return done();
    },
  });
  stage.put(aThing({ finalizers: ["other/one"] }));
  await stage.settle();
  assertEquals(seen, ["other/one", FINALIZER]);
  assertEquals(stage.requests, ["patch finalizers", "apply status"]);
  assertEquals(stage.observed, ["started", "status written", "done"]);
  assertEquals(stage.events, ["Normal Ready"]);
  await stage.stop();
});

Deno.test("an unchanged pass writes nothing and tells nobody", async () => {
  const stage = new ControlStage({});
  stage.put(aThing());
  await stage.settle();
  stage.requests.length = stage.events.length = 0;
  await stage.clock.advance(3_600_000);
  assertEquals([stage.requests, stage.events], [[], []]);
  assertEquals(stage.observed.at(-2), "status unchanged");
  await stage.stop();
});

Deno.test("a status that the server stores in another way is written once, not for ever", async () => {
  let passes = 0;
  const stage = new ControlStage({
    reconcile: () =>
      done({ ...READY, fields: { names: ["a", "b"], lastSyncTime: String(passes++) } }),
  });
  stage.alter = (status) => ({ ...status, names: ["b", "a"] });
  stage.put(aThing());
  await stage.settle();
  await stage.clock.advance(3_600_000);
  assertEquals(stage.requests, ["apply status"]);
  const foreign = { ...stage.server.get("a")!, status: { names: [] } };
  stage.put(foreign);
  await stage.settle();
  assertEquals(stage.requests, ["apply status", "apply status"]);
  await stage.stop();
});

const ENDS: readonly (readonly [string, Outcome, number, number])[] = [
  // what, outcome, when it is looked at again, failures counted
  ["done", done(), 3_600_000, 0],
  ["stuck", { kind: "stuck", report: READY, recheckMs: 600_000 }, 600_000, 0],
  ["wait", { kind: "wait", ms: 5_000, on: "x" }, 5_000, 0],
  ["retry", { kind: "retry", error: new Error("x") }, 1_000, 1],
  [
    "retry that asks for time",
    { kind: "retry", error: new Error("x"), atLeastMs: 7_000 },
    7_000,
    1,
  ],
  ["retry after a conflict", { kind: "retry", error: conflict(), atLeastMs: 7_000 }, 1_000, 1],
];

for (const [what, outcome, againMs, failures] of ENDS) {
  Deno.test(`after ${what} the object is looked at again in ${againMs} ms`, async () => {
    let passes = 0;
    const stage = new ControlStage({
      reconcile: () => {
        passes++;
        return outcome;
      },
    });
    stage.put(aThing());
    await stage.settle();
    assertEquals(stage.queue.failing, failures);
    await stage.clock.advance(againMs - 1);
    assertEquals(passes, 1);
    await stage.clock.advance(1);
    assertEquals(passes, 2);
    await stage.stop();
  });
}

Deno.test("a pass that succeeds ends the count of failures", async () => {
  let passes = 0;
  const stage = new ControlStage({
    reconcile: () => ++passes < 3 ? { kind: "retry", error: new Error("x") } : done(),
  });
  stage.put(aThing());
  await stage.clock.advance(10_000);
  assertEquals([passes, stage.queue.failing], [3, 0]);
  await stage.stop();
});

Deno.test("an object that is gone is forgotten, its failures too", async () => {
  const stage = new ControlStage({ reconcile: () => ({ kind: "retry", error: new Error("x") }) });
  stage.put(aThing());
  await stage.settle();
  assertEquals(stage.queue.failing, 1);
  stage.remove("a");
  await stage.settle();
  assertEquals([stage.queue.failing, stage.clock.nextTimerInMs === undefined], [0, false]);
  await stage.clock.advance(10_000);
  assertEquals(stage.observed.filter((event) => event === "started").length, 1);
  await stage.stop();
});

Deno.test("a deleted object is finalized and, once released, loses our finalizer alone", async () => {
  const stage = new ControlStage({});
  const deletionTimestamp = "2026-01-01T00:00:00Z";
  stage.put(aThing({ deletionTimestamp, finalizers: ["other/one", FINALIZER] }));
  await stage.settle();
  assertEquals(stage.server.get("a")!.metadata.finalizers, ["other/one"]);
  assertEquals(stage.observed, ["started", "released"]);
  await stage.clock.advance(3_600_000);
  assertEquals(stage.observed.length, 2, "it is nobody's business any more");
  await stage.stop();
});

Deno.test("record writes before the call that follows it", async () => {
  const stage = new ControlStage({
    reconcile: async (_thing, pass) => {
      await pass.record({ ownership: "Creating" });
      stage.requests.push("the call");
      return done({ ...READY, fields: { ownership: "Created" } });
    },
  });
  stage.put(aThing({}, { bucketName: "kept" }));
  await stage.settle();
  assertEquals(stage.requests, ["apply status", "the call", "apply status"]);
  const { ownership, bucketName } = stage.server.get("a")!.status!;
  assertEquals([ownership, bucketName], ["Created", "kept"]);
  await stage.stop();
});

for (
  const [what, error] of [
    ["is refused", new KubeError("no", { code: 500, reason: "x" })],
    ["meets another object", conflict()],
    ["finds no object", new KubeError("no", { code: 404, reason: "NotFound" })],
  ] as const
) {
  Deno.test(`record throws when its write ${what}, so that the call is not made`, async () => {
    let called = false;
    const failures: unknown[] = [];
    const stage = new ControlStage({
      reconcile: async (_thing, pass) => {
        await pass.record({ ownership: "Creating" });
        called = true;
        return done();
      },
      failed: (_thing, failure) => {
        failures.push(failure);
        return { kind: "retry", error: failure };
      },
    });
    stage.refuse = error;
    stage.put(aThing());
    await stage.settle();
    assertEquals(called, false);
    assert(failures[0] instanceof KubeError);
    await stage.stop();
  });
}

Deno.test("a status that cannot be written is a failure of the pass", async () => {
  const stage = new ControlStage({});
  stage.refuse = new KubeError("busy", { code: 429, reason: "x", retryAfterMs: 9_000 });
  stage.put(aThing());
  await stage.settle();
  assertEquals(stage.observed, ["started", "status failed", "retry"]);
  stage.refuse = undefined;
  await stage.clock.advance(8_999);
  assertEquals(stage.observed.length, 3);
  await stage.clock.advance(1);
  assertEquals(stage.observed.slice(3), ["started", "status written", "done"]);
  await stage.stop();
});
