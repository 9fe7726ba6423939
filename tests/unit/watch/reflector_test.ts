import { assert, assertEquals } from "@std/assert";
import { statusOf } from "../../support/scripted_api.ts";
import { startReflector, thing } from "./fixture.ts";

Deno.test("the first request asks for the initial events and for bookmarks", async () => {
  await using stage = startReflector();
  const { path, query } = await stage.next();
  assertEquals(path, "/apis/test/v1/things");
  assertEquals(Object.fromEntries(query), {
    watch: "1",
    allowWatchBookmarks: "true",
    timeoutSeconds: "450",
    sendInitialEvents: "true",
    resourceVersionMatch: "NotOlderThan",
  });
});

Deno.test("nothing is known before the bookmark that ends the initial events, and all at once then", async () => {
  await using stage = startReflector();
  const stream = (await stage.next()).stream();
  stream.event("ADDED", thing("a", "5"));
  stream.event("ADDED", thing("b", "6"));
  await stage.settle();
  assertEquals([stage.mirror.replacements, stage.mirror.versions.size], [0, 0]);
  stream.bookmark("9", { initialEnd: true });
  await stage.settle();
  assertEquals([stage.mirror.replacements, stage.mirror.versions.size], [1, 2]);
});

Deno.test("an object that is deleted among the initial events is not there", async () => {
  await using stage = startReflector();
  const stream = (await stage.next()).stream();
  stream.event("ADDED", thing("a", "5"));
  stream.event("DELETED", thing("a", "6"));
  stream.bookmark("9", { initialEnd: true });
  await stage.settle();
  assertEquals([stage.mirror.replacements, stage.mirror.versions.size], [1, 0]);
});

Deno.test("a stream that breaks among the initial events leaves the store as it was", async () => {
  await using stage = startReflector();
  const live = await stage.goLive("9", [thing("a", "5"), thing("b", "6")]);
  live.event("ERROR", statusOf(410, "Expired"));
  await stage.clock.advance(2_000);
  const second = (await stage.next()).stream();
  second.event("ADDED", thing("c", "20"));
  await stage.settle();
  second.reset();
  await stage.settle();
  assertEquals([...stage.mirror.versions.keys()], ["default/a", "default/b"]);
});

Deno.test("after a clean close the watch goes on at the last version, without a delay", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9");
  stream.event("MODIFIED", thing("a", "12"));
  stream.close();
  const { query } = await stage.next();
  assertEquals(query.get("resourceVersion"), "12");
  assertEquals(query.get("sendInitialEvents"), null);
  assertEquals(stage.clock.monotonic(), 0);
});

Deno.test("a bookmark moves the version at which the watch goes on", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9");
  stream.bookmark("40");
  stream.close();
  assertEquals((await stage.next()).query.get("resourceVersion"), "40");
});

Deno.test("the version is never taken from an initial event, only from the bookmark that ends them", async () => {
  await using stage = startReflector();
  const stream = (await stage.next()).stream();
  stream.event("ADDED", thing("a", "900"));
  stream.bookmark("40", { initialEnd: true });
  stream.event("MODIFIED", thing("a", "41"));
  stream.close();
  assertEquals((await stage.next()).query.get("resourceVersion"), "41");
});

Deno.test("a line that is not JSON means: again from the last good version, and nothing is lost", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9");
  stream.event("ADDED", thing("a", "10"));
  stream.raw('{"type":"MODIFIED","object":{"meta\n');
  stream.event("ADDED", thing("never", "12"));
  await stage.settle();
  assertEquals(stage.mirror.log, ["changed a 10"]);
  assert(stream.cancelled, "the stream is given up");
  await stage.clock.advance(2_000);
  const again = await stage.next();
  assertEquals(again.query.get("resourceVersion"), "10");
  const second = again.stream();
  second.event("MODIFIED", thing("a", "11"));
  await stage.settle();
  assertEquals(stage.mirror.log, ["changed a 10", "changed a 11"]);
  assertEquals(stage.mirror.replacements, 1);
});

Deno.test("the third bad line at the same version leads to a new initial set", async () => {
  await using stage = startReflector();
  let stream = await stage.goLive("9");
  for (let attempt = 0; attempt < 2; attempt++) {
    stream.raw("no JSON\n");
    // deno-lint-ignore no-await-in-loop
    const { call: again } = await stage.afterPause();
    assertEquals(again.query.get("resourceVersion"), "9");
    stream = again.stream();
  }
  stream.raw("no JSON\n");
  assertEquals((await stage.afterPause()).call.query.get("sendInitialEvents"), "true");
});

for (
  const [what, line] of [
    ["without object", { type: "MODIFIED" }],
    ["without version", { type: "MODIFIED", object: { metadata: { name: "a" } } }],
    ["without name", { type: "MODIFIED", object: { metadata: { resourceVersion: "11" } } }],
    ["of unknown type", { type: "MOVED", object: thing("a", "11") }],
  ] as const
) {
  Deno.test(`an event ${what} breaks the stream and is not skipped`, async () => {
    await using stage = startReflector();
    const stream = await stage.goLive("9");
    stream.raw(`${JSON.stringify(line)}\n`);
    stream.event("ADDED", thing("never", "12"));
    await stage.clock.advance(2_000);
    assertEquals((await stage.next()).query.get("resourceVersion"), "9");
    assertEquals(stage.mirror.log, []);
  });
}

Deno.test("a name that returns with another uid is told as it came", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9", [thing("a", "5", "old")]);
  stream.event("DELETED", thing("a", "10", "old"));
  stream.event("ADDED", thing("a", "11", "new"));
  await stage.settle();
  assertEquals(stage.mirror.log, ["removed a", "changed a 11"]);
});

Deno.test("watches of many kinds draw their time limits from 300 to 599 seconds", async () => {
  for (const [chance, seconds] of [[0, "300"], [0.999_99, "599"]] as const) {
    // deno-lint-ignore no-await-in-loop
    await using stage = startReflector({ chance });
    // deno-lint-ignore no-await-in-loop
    assertEquals((await stage.next()).query.get("timeoutSeconds"), seconds);
  }
});

Deno.test("stop ends a live stream at once and asks for nothing more", async () => {
  const stage = startReflector();
  const stream = await stage.goLive("9");
  await stage[Symbol.asyncDispose]();
  await stage.settle();
  assert(stream.cancelled);
  assertEquals([stage.api.count, stage.clock.pendingTimers], [1, 0]);
});
