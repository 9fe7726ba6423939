import { assert, assertEquals, assertThrows } from "@std/assert";
import type { KubeObject } from "../../../src/api/common.ts";
import { Informer } from "../../../src/watch/informer.ts";
import { type ScriptedStream, statusOf } from "../../support/scripted_api.ts";
import { startClient, thing, THINGS } from "./fixture.ts";

function thingIn(namespace: string, resourceVersion: string): KubeObject {
  const object = thing("a", resourceVersion, `uid-${namespace}`);
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function startInformer(namespaces: readonly string[]) {
  const parts = startClient();
  const stop = new AbortController();
  const informer = new Informer({ ...parts, random: () => 0.5, resource: THINGS, namespaces });
  const changes: string[] = [];
  informer.onChange(({ kind, object }) =>
    changes.push(`${kind} ${object.metadata.namespace} ${object.metadata.resourceVersion}`)
  );
  let settled = false;
  informer.settled.then(() => settled = true);
  const running = informer.run(stop.signal);
  return {
    ...parts,
    informer,
    changes,
    get settled() {
      return settled;
    },
    /** Answers the next WatchList. */
    goLive: async (objects: readonly KubeObject[]): Promise<ScriptedStream> => {
      const stream = (await parts.api.next(parts.clock)).stream();
      for (const object of objects) stream.event("ADDED", object);
      stream.bookmark("50", { initialEnd: true });
      await parts.clock.advance(0);
      return stream;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      parts.connection.close();
    },
  };
}

Deno.test("with several namespaces each has a watch, and all must be known", async () => {
  await using stage = startInformer(["one", "two"]);
  const { informer, clock, api } = stage;
  const first = await api.next(clock);
  assertEquals(first.path, "/apis/test/v1/namespaces/one/things");
  const stream = first.stream();
  stream.event("ADDED", thingIn("one", "5"));
  stream.bookmark("50", { initialEnd: true });
  await clock.advance(0);
  assertEquals([informer.size, informer.complete, stage.settled], [1, false, false]);
  await stage.goLive([thingIn("two", "6")]);
  assertEquals([informer.size, informer.complete, stage.settled], [2, true, true]);
});

Deno.test("a new initial set of one namespace leaves the objects of the other", async () => {
  await using stage = startInformer(["one", "two"]);
  const one = await stage.goLive([thingIn("one", "5")]);
  await stage.goLive([thingIn("two", "6")]);
  one.event("ERROR", statusOf(410, "Expired"));
  await stage.clock.advance(1_200);
  await stage.goLive([]);
  assertEquals(stage.informer.list().map(({ metadata }) => metadata.namespace), ["two"]);
  assertEquals(stage.changes, ["added one 5", "added two 6", "deleted one 5"]);
});

Deno.test("a refused kind is settled and not complete; complete once it is allowed", async () => {
  await using stage = startInformer([]);
  (await stage.api.next(stage.clock)).json(statusOf(403, "Forbidden"), { status: 403 });
  await stage.clock.advance(0);
  assertEquals([stage.settled, stage.informer.complete], [true, false]);
  await stage.clock.advance(60_000);
  await stage.goLive([]);
  assert(stage.informer.complete);
});

Deno.test("an own write is read at once, also when its event came before its answer", async () => {
  await using stage = startInformer([]);
  const { informer, clock } = stage;
  const stream = await stage.goLive([thing("a", "5")]);
  informer.wrote(thing("a", "7"));
  assertEquals(informer.get("default/a")?.metadata.resourceVersion, "7");
  stream.event("MODIFIED", thing("a", "9"));
  await clock.advance(0);
  informer.wrote(thing("a", "8"));
  assertEquals(informer.get("default/a")?.metadata.resourceVersion, "9");
  assertEquals(informer.unconfirmedWrites, 0);
});

Deno.test("a deletion that is watched takes an own write with it", async () => {
  await using stage = startInformer([]);
  const stream = await stage.goLive([thing("a", "5")]);
  stage.informer.wrote(thing("a", "7"));
  stream.event("DELETED", thing("a", "8"));
  await stage.clock.advance(0);
  assertEquals([stage.informer.get("default/a"), stage.informer.unconfirmedWrites], [undefined, 0]);
});

Deno.test("what listeners and readers get is frozen", async () => {
  await using stage = startInformer([]);
  const stream = await stage.goLive([thing("a", "5")]);
  stream.event("ADDED", thing("b", "60"));
  await stage.clock.advance(0);
  for (const { metadata } of stage.informer.list()) {
    assertThrows(() => (metadata as { name: string }).name = "x", TypeError);
  }
});

Deno.test("bookmarks count as signs of life", async () => {
  await using stage = startInformer([]);
  const stream = await stage.goLive([]);
  await stage.clock.advance(60_000);
  assertEquals(stage.informer.silentMs, 60_000);
  stream.bookmark("51");
  await stage.clock.advance(5);
  assertEquals(stage.informer.silentMs, 5);
});
