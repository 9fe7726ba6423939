import { assertEquals } from "@std/assert";
import { FINALIZER } from "../../../src/api/common.ts";
import { wakeByOther, wakeByOwnChange } from "../../../src/control/source.ts";
import { WorkQueue } from "../../../src/queue/work_queue.ts";
import type { Informer } from "../../../src/watch/informer.ts";
import type { Change } from "../../../src/watch/store.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { aThing, type Thing } from "./fixture.ts";

/** What a change adds to the queue. */
function wokenBy(change: Change<Thing>, foreignStatus = false): number | undefined {
  let woken: number | undefined;
  const queue = new WorkQueue({ clock: new FakeClock(), random: () => 0.5 });
  queue.add = (_key, options) => void (woken = options?.priority);
  const informer = {
    onChange: (listener: (change: Change<Thing>) => void) => listener(change),
  } as unknown as Informer<Thing>;
  wakeByOwnChange(informer, queue, { isForeignStatus: () => foreignStatus });
  return woken;
}

type Metadata = Partial<Thing["metadata"]>;

function update(before: Metadata, after: Metadata): Change<Thing> {
  return { kind: "updated", before: aThing(before), object: aThing(after) };
}

const DELETED: Metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
const OURS = { "s3.cloud37.dev/skip-provider-cleanup": "true" };

const CASES: readonly (readonly [string, Change<Thing>, number | undefined])[] = [
  ["a changed spec", update({ generation: 1 }, { generation: 2 }), 100],
  ["a new annotation of ours", update({}, { annotations: OURS }), 100],
  ["a foreign annotation", update({}, { annotations: { "example.org/a": "1" } }), undefined],
  ["a foreign label", update({}, { labels: { a: "1" } }), undefined],
  ["our own finalizer added", update({ finalizers: [] }, { finalizers: [FINALIZER] }), undefined],
  ["our finalizer taken away", update({ finalizers: [FINALIZER] }, { finalizers: [] }), 100],
  ["a foreign finalizer taken away", update({ finalizers: [FINALIZER, "x"] }, {}), undefined],
  ["the beginning of a deletion", update({}, DELETED), 90],
  ["a status write during a deletion", update(DELETED, DELETED), undefined],
  ["a spec changed during a deletion", update(DELETED, { ...DELETED, generation: 2 }), 90],
  ["our own status write", update({}, { resourceVersion: "2" }), undefined],
  ["the end of an object", { kind: "deleted", object: aThing() }, 90],
  ["an object never seen to", { kind: "added", object: aThing() }, 100],
  ["a settled object at start", {
    kind: "added",
    object: aThing({}, { observedGeneration: 1 }),
  }, -100],
  ["an object that changed while nobody looked", {
    kind: "added",
    object: aThing({ generation: 2 }, { observedGeneration: 1 }),
  }, 100],
  ["a deletion that is under way at start", { kind: "added", object: aThing(DELETED) }, 90],
];

for (const [what, change, priority] of CASES) {
  Deno.test(`${what} wakes ${priority === undefined ? "nobody" : `at ${priority}`}`, () => {
    assertEquals(wokenBy(change), priority);
  });
}

Deno.test("a status that somebody else wrote wakes the object", () => {
  assertEquals(wokenBy(update({}, { resourceVersion: "2" }), true), 100);
});

Deno.test("a changed reference wakes its old and its new target, each once", () => {
  const keys: string[] = [];
  const queue = new WorkQueue({ clock: new FakeClock(), random: () => 0.5 });
  queue.add = (key, options) => void keys.push(`${key} ${options?.priority}`);
  let tell!: (change: Change<Thing>) => void;
  wakeByOther<Thing>({ onChange: (listener) => void (tell = listener) }, queue, {
    keysOf: ({ metadata }) => [metadata.labels?.["to"] ?? "", "always"],
    matters: ({ kind }) => kind === "updated",
  });
  tell(update({ labels: { to: "old" } }, { labels: { to: "new" } }));
  assertEquals(keys.sort(), ["always 50", "new 50", "old 50"]);
  tell({ kind: "added", object: aThing() });
  assertEquals(keys.length, 3, "a change that means nothing wakes nobody");
});
