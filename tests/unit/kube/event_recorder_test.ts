import { assert, assertEquals } from "@std/assert";
import { EventRecorder, type EventResult } from "../../../src/kube/event_recorder.ts";
import type { ScriptedCall } from "../../support/scripted_api.ts";
import { startClient, thing } from "../watch/fixture.ts";

function startRecorder() {
  const parts = startClient();
  const results: EventResult[] = [];
  const recorder = new EventRecorder({
    ...parts,
    random: () => 0.5,
    controller: "operator",
    instance: "pod-1",
    onResult: (result) => results.push(result),
  });
  return {
    ...parts,
    recorder,
    results,
    next: () => parts.api.next(parts.clock),
    [Symbol.dispose]: () => parts.connection.close(),
  };
}

const EVENT = { type: "Normal", reason: "BucketCreated", note: "Bucket a created" } as const;

function bodyOf(call: ScriptedCall): Readonly<Record<string, unknown>> {
  return call.body as Readonly<Record<string, unknown>>;
}

Deno.test("an Event is attached to its object and has what the API server requires", async () => {
  using stage = startRecorder();
  stage.recorder.record(thing("a", "7"), EVENT);
  const call = await stage.next();
  assertEquals([call.method, call.path], [
    "POST",
    "/apis/events.k8s.io/v1/namespaces/default/events",
  ]);
  assertEquals(bodyOf(call), {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "a.800000000000", namespace: "default" },
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "operator",
    reportingInstance: "pod-1",
    action: "Reconcile",
    ...EVENT,
    regarding: {
      apiVersion: "test/v1",
      kind: "Thing",
      name: "a",
      namespace: "default",
      uid: "uid-a",
      resourceVersion: "7",
    },
  });
  call.json({});
  await stage.recorder.flush();
  assertEquals(stage.results, ["created"]);
});

Deno.test("a repetition within six minutes is a series of the first, a later one is new", async () => {
  using stage = startRecorder();
  stage.recorder.record(thing("a", "7"), EVENT);
  (await stage.next()).json({});
  await stage.recorder.flush();
  await stage.clock.advance(359_000);
  stage.recorder.record(thing("a", "9"), EVENT);
  const repeat = await stage.next();
  assertEquals([repeat.method, repeat.path.split("/").at(-1)], ["PATCH", "a.800000000000"]);
  assertEquals(bodyOf(repeat), {
    series: { count: 2, lastObservedTime: "2026-01-01T00:05:59.000000Z" },
  });
  repeat.json({});
  await stage.recorder.flush();
  await stage.clock.advance(2_000);
  stage.recorder.record(thing("a", "9"), EVENT);
  const later = await stage.next();
  assertEquals(later.method, "POST");
  later.json({});
  await stage.recorder.flush();
  assertEquals(stage.results, ["created", "repeated", "created"]);
});

Deno.test("an object may cause 25 Events at once and then one in five minutes; others are free", async () => {
  using stage = startRecorder();
  for (let number = 0; number < 30; number++) {
    stage.recorder.record(thing("a", "7"), { ...EVENT, note: `${number}` });
  }
  assertEquals(stage.results, Array(5).fill("dropped"));
  stage.recorder.record(thing("b", "7"), EVENT);
  await stage.clock.advance(300_000);
  stage.recorder.record(thing("a", "7"), { ...EVENT, note: "later" });
  stage.recorder.record(thing("a", "7"), { ...EVENT, note: "too much" });
  assertEquals(stage.results.filter((result) => result === "dropped").length, 6);
  await drain(stage);
});

Deno.test("beyond a thousand Events in the queue new ones are dropped, and nothing waits", async () => {
  using stage = startRecorder();
  for (let number = 0; number < 1_100; number++) {
    stage.recorder.record(thing(`thing-${number}`, "7"), EVENT);
  }
  // The first one is on its way already.
  assertEquals(stage.results.length, 99);
  await drain(stage);
});

Deno.test("an Event that the server refuses is counted, and the next one is sent", async () => {
  using stage = startRecorder();
  stage.recorder.record(thing("a", "7"), EVENT);
  stage.recorder.record(thing("b", "7"), EVENT);
  (await stage.next()).json({}, { status: 403 });
  (await stage.next()).json({});
  await stage.recorder.flush();
  assertEquals(stage.results, ["failed", "created"]);
});

Deno.test("name and note are made to fit what the API server accepts", async () => {
  using stage = startRecorder();
  const name = `${"a".repeat(199)}-${"b".repeat(50)}`;
  stage.recorder.record(thing(name, "7"), { ...EVENT, note: "ü".repeat(600) });
  const call = await stage.next();
  const body = bodyOf(call);
  const made = (body["metadata"] as { readonly name: string }).name;
  assert(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(made), made);
  assertEquals(body["note"], "ü".repeat(512), "1,024 bytes");
  call.json({});
  await stage.recorder.flush();
});

/** Answers everything that is queued. */
async function drain(stage: ReturnType<typeof startRecorder>): Promise<void> {
  let flushed = false;
  stage.recorder.flush().then(() => flushed = true);
  while (!flushed) {
    // deno-lint-ignore no-await-in-loop
    if (stage.api.waiting > 0) (await stage.next()).json({});
    // deno-lint-ignore no-await-in-loop
    await stage.clock.advance(0);
  }
}
