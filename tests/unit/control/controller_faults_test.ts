/**
 * Passes that hang, crash, or end when the object is no longer what it was.
 */
import { assert, assertEquals } from "@std/assert";
import { PassTimeoutError } from "../../../src/control/pass_timeout.ts";
import { aThing, ControlStage, done, READY } from "./fixture.ts";

Deno.test("at the time limit the pass is told to end, and its failure is the time limit", async () => {
  const failures: unknown[] = [];
  const stage = new ControlStage({
    reconcile: (_thing, pass) =>
      new Promise((_resolve, reject) =>
        pass.signal.addEventListener("abort", () => reject(new Error("call was cut")))
      ),
    failed: (_thing, error) => {
      failures.push(error);
      return { kind: "retry", error };
    },
  });
  stage.put(aThing());
  await stage.clock.advance(120_000);
  assertEquals(stage.observed, ["started", "timedOut", "retry"]);
  assert(failures[0] instanceof PassTimeoutError);
  await stage.stop();
});

Deno.test("a pass that does not end keeps its key and frees its worker", async () => {
  const end = Promise.withResolvers<void>();
  const passes: string[] = [];
  const stage = new ControlStage({
    reconcile: async ({ metadata }) => {
      passes.push(metadata.name);
      if (metadata.name === "hangs" && passes.length === 1) await end.promise;
      return done();
    },
  });
  stage.put(aThing({ name: "hangs", uid: "1" }));
  await stage.settle();
  stage.put(aThing({ name: "other", uid: "2" }));
  await stage.clock.advance(129_999);
  assertEquals([passes, stage.controller.exhausted], [["hangs"], false]);
  await stage.clock.advance(1);
  assertEquals([passes, stage.controller.exhausted], [["hangs", "other"], true]);

  stage.put(aThing({ name: "hangs", uid: "1", generation: 2 }));
  await stage.clock.advance(600_000);
  assertEquals(passes, ["hangs", "other"], "its key is not handed out a second time");
  end.resolve();
  await stage.settle();
  assertEquals(passes, ["hangs", "other", "hangs"], "what changed meanwhile is not lost");
  assertEquals(stage.controller.exhausted, false);
  await stage.stop();
});

for (
  const [error, panics] of [
    [new TypeError("x is undefined"), 1],
    [new RangeError("x"), 1],
    [new Error("refused"), 0],
  ] as const
) {
  Deno.test(`a pass that throws ${error.name} is tried again and counts as ${panics} panic`, async () => {
    const stage = new ControlStage({
      reconcile: () => {
        throw error;
      },
    });
    stage.put(aThing());
    await stage.settle();
    assertEquals(stage.observed.filter((event) => event === "panicked").length, panics);
    assertEquals(stage.observed.at(-1), "retry");
    assertEquals(stage.queue.failuresOf("default/a"), 1);
    await stage.stop();
  });
}

Deno.test("a worker survives an error within the handling of errors", async () => {
  let passes = 0;
  const stage = new ControlStage({
    reconcile: () => {
      if (++passes === 1) throw new Error("first");
      return done();
    },
    failed: () => {
      throw new TypeError("bug");
    },
  });
  stage.put(aThing());
  await stage.clock.advance(1_000);
  assertEquals(stage.observed, [
    "started",
    "panicked",
    "retry",
    "started",
    "status written",
    "done",
  ]);
  await stage.stop();
});

Deno.test("a spec that changes during the pass is not called observed", async () => {
  const go = Promise.withResolvers<void>();
  let passes = 0;
  const stage = new ControlStage({
    reconcile: async () => {
      if (++passes === 1) await go.promise;
      return done();
    },
  });
  stage.put(aThing());
  await stage.settle();
  stage.put(aThing({ generation: 2 }));
  const written: unknown[] = [];
  const put = stage.server.set.bind(stage.server);
  stage.server.set = (name, thing) => {
    const { observedGeneration, conditions } = thing.status ?? {};
    written.push([observedGeneration, conditions?.[0]?.observedGeneration]);
    return put(name, thing);
  };
  go.resolve();
  await stage.settle();
  assertEquals(written, [[1, 1], [2, 2]]);
  await stage.stop();
});

Deno.test("what was found out about an object is not said of the one that has its name now", async () => {
  const go = Promise.withResolvers<void>();
  const stage = new ControlStage({
    reconcile: async ({ metadata }) => {
      if (metadata.uid !== "old") return { kind: "wait", ms: 1_000, on: "x" };
      await go.promise;
      return done();
    },
  });
  stage.put(aThing({ uid: "old" }));
  await stage.settle();
  stage.put(aThing({ uid: "new" }));
  go.resolve();
  await stage.settle();
  assertEquals(stage.requests, []);
  assertEquals(stage.server.get("a")!.status, undefined);
  await stage.stop();
});

Deno.test("a clean-up that ends late does not release the object that has the name now", async () => {
  const go = Promise.withResolvers<void>();
  const stage = new ControlStage({
    finalize: async () => {
      await go.promise;
      return { kind: "released" };
    },
    reconcile: () => ({ kind: "wait", ms: 1_000, on: "x" }),
  });
  stage.put(aThing({ uid: "old", deletionTimestamp: "2026-01-01T00:00:00Z" }));
  await stage.settle();
  stage.put(aThing({ uid: "new" }));
  go.resolve();
  await stage.settle();
  assertEquals(stage.requests, []);
  await stage.stop();
});

Deno.test("every pass that started is told to have ended, gone objects included", async () => {
  const stage = new ControlStage({
    reconcile: () => ({ kind: "done", report: READY, recheckMs: 1 }),
  });
  stage.put(aThing({ finalizers: [] }));
  // Gone on the server, and the watch does not know yet.
  stage.server.delete("a");
  await stage.settle();
  const count = (name: string) => stage.observed.filter((event) => event === name).length;
  assertEquals(count("started"), 1);
  assertEquals(stage.observed.length, 2);
  await stage.stop();
});

Deno.test("stop waits for the pass in hand, and cuts it at the deadline", async () => {
  let cut: unknown;
  const stage = new ControlStage({
    reconcile: (_thing, pass) =>
      new Promise((_resolve, reject) =>
        pass.signal.addEventListener("abort", () => {
          cut = pass.signal.reason;
          reject(pass.signal.reason);
        })
      ),
  });
  stage.put(aThing());
  await stage.settle();
  const stopped = stage.controller.stop(20_000);
  await stage.clock.advance(19_999);
  assertEquals(cut, undefined);
  await stage.clock.advance(1);
  await stopped;
  assert(cut instanceof DOMException && cut.name === "AbortError");
});
