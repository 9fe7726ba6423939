/**
 * What the reflector does when the server refuses, is silent, or has lost its history.
 */
import { assert, assertEquals } from "@std/assert";
import { type ScriptedStream, statusOf } from "../../support/scripted_api.ts";
import { type ReflectorStage, startReflector, thing } from "./fixture.ts";

async function sendBookmarks(stage: ReflectorStage, stream: ScriptedStream): Promise<void> {
  stream.bookmark("20");
  stream.bookmark("21");
  await stage.settle();
}

for (
  const [what, fail] of [
    [
      "410 in the stream",
      async (stage: ReflectorStage, stream: ScriptedStream) => {
        stream.event("ERROR", statusOf(410, "Expired"));
        await stage.settle();
      },
    ],
    [
      "HTTP 410",
      async (stage: ReflectorStage, stream: ScriptedStream) => {
        await stage.clock.advance(1_000);
        stream.close();
        (await stage.next()).json(statusOf(410, "Gone"), { status: 410 });
      },
    ],
    [
      "HTTP 504",
      async (stage: ReflectorStage, stream: ScriptedStream) => {
        await stage.clock.advance(1_000);
        stream.close();
        (await stage.next()).json(statusOf(504, "Timeout"), {
          status: 504,
          headers: { "retry-after": "1" },
        });
      },
    ],
  ] as const
) {
  Deno.test(`${what} leads to one new initial set, after a pause`, async () => {
    await using stage = startReflector();
    const stream = await stage.goLive("9", [thing("a", "5"), thing("b", "6")]);
    await fail(stage, stream);
    const { call, pausedMs } = await stage.afterPause();
    assert(pausedMs >= 800 && pausedMs <= 1_600, `paused ${pausedMs} ms`);
    assertEquals(call.query.get("sendInitialEvents"), "true");
    assertEquals([...stage.mirror.versions.keys()], ["default/a", "default/b"], "kept meanwhile");
    const fresh = call.stream();
    fresh.event("ADDED", thing("b", "30"));
    await stage.settle();
    assertEquals(stage.mirror.replacements, 1);
    fresh.bookmark("31", { initialEnd: true });
    await stage.settle();
    assertEquals([...stage.mirror.versions], [["default/b", "30"]]);
    assertEquals(stage.api.waiting, 0);
  });
}

for (const status of [429, 503]) {
  Deno.test(`${status} with Retry-After is waited for, and a little longer`, async () => {
    await using stage = startReflector();
    await stage.liveAndClosed("9");
    const refusal = { status, headers: { "retry-after": "7" } };
    (await stage.next()).json(statusOf(status, "Busy"), refusal);
    const { call, pausedMs } = await stage.afterPause();
    assert(pausedMs >= 7_000 && pausedMs <= 7_700, `paused ${pausedMs} ms`);
    assertEquals(call.query.get("resourceVersion"), "9", "nothing is listed anew");
  });
}

for (const status of [401, 403, 404]) {
  Deno.test(`${status} blocks the kind, which heals by itself within a minute`, async () => {
    await using stage = startReflector();
    (await stage.next()).json(statusOf(status, "Refused"), { status });
    // The identity is read again once after a 401.
    if (status === 401) (await stage.next()).json(statusOf(401, "Refused"), { status });
    await stage.settle();
    assertEquals(stage.mirror.blockedBy, [status]);
    const { call, pausedMs } = await stage.afterPause();
    assert(pausedMs >= 30_000 && pausedMs <= 60_000, `paused ${pausedMs} ms`);
    const stream = call.stream();
    stream.bookmark("9", { initialEnd: true });
    await stage.settle();
    assertEquals(stage.mirror.blockedBy, [status, undefined]);
  });
}

Deno.test("a refusal of a live kind keeps what is known", async () => {
  await using stage = startReflector();
  await stage.liveAndClosed("9", [thing("a", "5")]);
  (await stage.next()).json(statusOf(403, "Forbidden"), { status: 403 });
  await stage.settle();
  assertEquals([...stage.mirror.versions.keys()], ["default/a"]);
});

Deno.test("before bookmarks were seen, silence is borne for the time limit and ten seconds", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9");
  await stage.clock.advance(459_999);
  assertEquals([stream.cancelled, stage.api.waiting], [false, 0]);
  await stage.clock.advance(1);
  assert(stream.cancelled);
});

Deno.test("after two bookmarks silence is borne for 75 seconds, then the watch goes on", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9");
  await sendBookmarks(stage, stream);
  await stage.clock.advance(74_999);
  assertEquals([stream.cancelled, stage.api.waiting], [false, 0]);
  await stage.clock.advance(1);
  assert(stream.cancelled);
  assertEquals((await stage.next()).query.get("resourceVersion"), "21");
});

Deno.test("each byte starts the 75 seconds anew", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9");
  await sendBookmarks(stage, stream);
  await stage.clock.advance(70_000);
  stream.bookmark("22");
  await stage.clock.advance(70_000);
  assertEquals(stream.cancelled, false);
});

Deno.test("a resumed watch that stays silent leads to a new initial set", async () => {
  await using stage = startReflector();
  const first = await stage.goLive("9");
  await sendBookmarks(stage, first);
  await stage.clock.advance(75_000);
  (await stage.next()).stream();
  await stage.clock.advance(75_000);
  const { call } = await stage.afterPause();
  assertEquals(call.query.get("sendInitialEvents"), "true");
  assertEquals(stage.mirror.restarts, ["idle", "Silent"]);
});

Deno.test("a silent watch that the server ends within 75 seconds proves nothing", async () => {
  await using stage = startReflector();
  const first = await stage.goLive("9");
  await sendBookmarks(stage, first);
  first.close();
  const second = (await stage.next()).stream();
  await stage.clock.advance(74_999);
  second.close();
  assertEquals((await stage.next()).query.get("resourceVersion"), "21");
});

Deno.test("a bookmark that goes back ends the stream and leads to a new initial set", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9000");
  stream.bookmark("500");
  stream.event("ADDED", thing("after", "501"));
  await stage.settle();
  assert(stream.cancelled, "at once, not when the server ends the stream");
  const { call } = await stage.afterPause();
  assertEquals(call.query.get("sendInitialEvents"), "true");
  assertEquals(stage.mirror.log, []);
});

Deno.test("versions are compared as whole numbers of any length", async () => {
  await using stage = startReflector();
  const stream = await stage.goLive("9007199254740993");
  stream.bookmark("9007199254740994");
  stream.bookmark("10000000000000000");
  stream.close();
  assertEquals((await stage.next()).query.get("resourceVersion"), "10000000000000000");
});

Deno.test("watches that end within a second without an event come further and further apart", async () => {
  await using stage = startReflector();
  (await stage.goLive("9")).close();
  const pauses: number[] = [];
  let { call } = await stage.afterPause();
  for (let attempt = 0; attempt < 4; attempt++) {
    call.stream().close();
    // deno-lint-ignore no-await-in-loop
    const after = await stage.afterPause();
    pauses.push(after.pausedMs);
    call = after.call;
  }
  assertEquals(pauses, [2_400, 4_800, 9_600, 19_200]);
});

Deno.test("a connection that cannot be made is tried again from the last version", async () => {
  await using stage = startReflector();
  (await stage.goLive("9")).reset();
  for (let attempt = 0; attempt < 3; attempt++) {
    // deno-lint-ignore no-await-in-loop
    const { call } = await stage.afterPause();
    assertEquals(call.query.get("resourceVersion"), "9");
    call.fail(new TypeError("connection refused"));
  }
  assertEquals(stage.mirror.blockedBy, [undefined]);
});

Deno.test("a server that begins no answer is given up after 30 seconds", async () => {
  await using stage = startReflector();
  const call = await stage.next();
  await stage.clock.advance(29_999);
  assertEquals(call.aborted, false);
  await stage.clock.advance(1);
  assert(call.aborted);
});

Deno.test("a refusal whose text never ends does not hold up the stop", async () => {
  const stage = startReflector();
  const call = await stage.next();
  call.hang({ status: 500 });
  await stage.settle();
  let stopped = false;
  stage[Symbol.asyncDispose]().then(() => stopped = true);
  await stage.clock.advance(0);
  assert(stopped);
});
