/**
 * The way of servers that do not know WatchList.
 */
import { assertEquals } from "@std/assert";
import { type ScriptedCall, type ScriptedStream, statusOf } from "../../support/scripted_api.ts";
import { type ReflectorStage, startReflector, thing } from "./fixture.ts";

function answerPage(
  call: ScriptedCall,
  page: { readonly names: readonly string[]; readonly continueToken?: string },
): void {
  call.json({
    kind: "ThingList",
    metadata: { resourceVersion: "50", continue: page.continueToken ?? "" },
    items: page.names.map((name) => thing(name, "40")),
  });
}

for (const status of [400, 422]) {
  Deno.test(`a WatchList refused with ${status} is replaced by pages, for good`, async () => {
    await using stage = startReflector();
    (await stage.next()).json(statusOf(status, "Invalid"), { status });
    const page = await stage.next();
    assertEquals([page.query.get("limit"), page.query.get("watch")], ["500", null]);
    answerPage(page, { names: ["a"] });
    const live = (await stage.next()).stream();
    live.event("ERROR", statusOf(410, "Expired"));
    const { call } = await stage.afterPause();
    assertEquals(call.query.get("watch"), null, "the server is not asked a second time");
  });
}

Deno.test("an initial set that does not end within ten seconds is replaced by pages", async () => {
  await using stage = startReflector();
  const stream = (await stage.next()).stream();
  stream.event("ADDED", thing("a", "5"));
  await stage.clock.advance(9_999);
  assertEquals(stage.api.waiting, 0);
  await stage.clock.advance(1);
  assertEquals((await stage.next()).query.get("limit"), "500");
  assertEquals(stage.mirror.replacements, 0);
});

Deno.test("all pages together replace the store, and the watch goes on at their version", async () => {
  await using stage = startReflector();
  (await stage.next()).json(statusOf(422, "Invalid"), { status: 422 });
  answerPage(await stage.next(), { names: ["a", "b"], continueToken: "two" });
  const second = await stage.next();
  assertEquals(second.query.get("continue"), "two");
  assertEquals(stage.mirror.replacements, 0);
  answerPage(second, { names: ["c"] });
  const live = await stage.next();
  assertEquals(live.query.get("resourceVersion"), "50");
  assertEquals(stage.mirror.versions.size, 3);
});

Deno.test("a list whose snapshot has expired on the way begins anew and shows nothing", async () => {
  await using stage = startReflector();
  (await stage.next()).json(statusOf(422, "Invalid"), { status: 422 });
  answerPage(await stage.next(), { names: ["a"], continueToken: "two" });
  (await stage.next()).json(statusOf(410, "Expired"), { status: 410 });
  const { call } = await stage.afterPause();
  assertEquals([call.query.get("limit"), call.query.get("continue")], ["500", null]);
  assertEquals(stage.mirror.replacements, 0);
});

Deno.test("a page that is refused blocks the kind", async () => {
  await using stage = startReflector();
  (await stage.next()).json(statusOf(422, "Invalid"), { status: 422 });
  (await stage.next()).json(statusOf(403, "Forbidden"), { status: 403 });
  await stage.settle();
  assertEquals(stage.mirror.blockedBy, [403]);
});

/** Lets a stream live for a time, and has the server tell then that its history is gone. */
async function relistAfter(
  stage: ReflectorStage,
  stream: ScriptedStream,
  seconds: number,
): Promise<ScriptedCall> {
  for (let lived = 0; lived < seconds; lived += 5) {
    stream.event("MODIFIED", thing("a", String(100 + lived)));
    // deno-lint-ignore no-await-in-loop
    await stage.clock.advance(5_000);
  }
  stream.event("ERROR", statusOf(410, "Expired"));
  return (await stage.afterPause()).call;
}

/** Answers by pages, and returns the stream that goes on from there. */
async function liveByPages(stage: ReflectorStage, page: ScriptedCall): Promise<ScriptedStream> {
  answerPage(page, { names: ["a"] });
  return (await stage.next()).stream();
}

/** Leaves a WatchList without an answer until it is given up, and returns the page asked for then. */
async function silence(stage: ReflectorStage, call: ScriptedCall): Promise<ScriptedCall> {
  call.stream();
  await stage.clock.advance(10_000);
  return await stage.next();
}

function isWatchList({ query }: ScriptedCall): boolean {
  return query.get("sendInitialEvents") === "true";
}

Deno.test("ten minutes after a silence WatchList is tried again, and not before", async () => {
  await using stage = startReflector();
  const first = await liveByPages(stage, await silence(stage, await stage.next()));
  const early = await relistAfter(stage, first, 595);
  assertEquals(isWatchList(early), false);
  const late = await relistAfter(stage, await liveByPages(stage, early), 5);
  assertEquals([isWatchList(late), stage.mirror.restarts[0]], [true, "WatchListSilent"]);
});

Deno.test("a second silence makes pages do for ten minutes more", async () => {
  await using stage = startReflector();
  const first = await liveByPages(stage, await silence(stage, await stage.next()));
  const page = await silence(stage, await relistAfter(stage, first, 600));
  const early = await relistAfter(stage, await liveByPages(stage, page), 595);
  assertEquals(isWatchList(early), false);
  const late = await relistAfter(stage, await liveByPages(stage, early), 5);
  assertEquals(isWatchList(late), true);
});

Deno.test("a WatchList that works after a silence is used from then on", async () => {
  await using stage = startReflector();
  const first = await liveByPages(stage, await silence(stage, await stage.next()));
  const again = (await relistAfter(stage, first, 600)).stream();
  again.bookmark("900", { initialEnd: true });
  const soon = await relistAfter(stage, again, 5);
  assertEquals([isWatchList(soon), stage.mirror.versions.size], [true, 1]);
});

Deno.test("a new try that breaks off gives way to pages", async () => {
  await using stage = startReflector();
  const first = await liveByPages(stage, await silence(stage, await stage.next()));
  (await relistAfter(stage, first, 600)).json(statusOf(500, "InternalError"), { status: 500 });
  assertEquals(isWatchList((await stage.afterPause()).call), false);
});

Deno.test("a refused WatchList is not tried again after ten minutes either", async () => {
  await using stage = startReflector();
  (await stage.next()).json(statusOf(422, "Invalid"), { status: 422 });
  const first = await liveByPages(stage, await stage.next());
  assertEquals(isWatchList(await relistAfter(stage, first, 3_600)), false);
});
