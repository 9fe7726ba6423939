/**
 * The way of servers that do not know WatchList.
 */
import { assertEquals } from "@std/assert";
import { type ScriptedCall, statusOf } from "../../support/scripted_api.ts";
import { startReflector, thing } from "./fixture.ts";

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
