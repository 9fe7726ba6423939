import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { aWidget, MERGE, WATCH_LIST, WIDGETS, withCluster } from "./cluster.ts";

Deno.test("a WatchList sends the objects, the end bookmark, and then what changes", () =>
  withCluster(async ({ send, watch }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const events = await watch(`${WIDGETS}?${WATCH_LIST}`);
    assertEquals((await events.next()).type, "ADDED");
    const bookmark = await events.next();
    assertEquals(bookmark.type, "BOOKMARK");
    assertEquals(bookmark.object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
    const body = { spec: { color: "green" } };
    const changed = await send("PATCH", `${WIDGETS}/a`, { body, contentType: MERGE });
    const event = await events.next();
    assertEquals([event.type, event.object], ["MODIFIED", changed.body]);
    await send("DELETE", `${WIDGETS}/a`);
    assertEquals((await events.next()).type, "DELETED");
    await events.cancel();
  }));

Deno.test("sendInitialEvents without resourceVersionMatch answers 422", () =>
  withCluster(async ({ send }) => {
    const answer = await send("GET", `${WIDGETS}?watch=1&sendInitialEvents=true`);
    assertEquals(answer.status, 422);
  }));

Deno.test("a watch resumes after its resourceVersion without loss or repetition", () =>
  withCluster(async ({ send, watch }) => {
    const first = await send("POST", WIDGETS, { body: aWidget("a") });
    await send("POST", WIDGETS, { body: aWidget("b") });
    await send("DELETE", `${WIDGETS}/a`);
    const { resourceVersion } = first.body.metadata;
    const events = await watch(`${WIDGETS}?watch=1&resourceVersion=${resourceVersion}`);
    const seen = [await events.next(), await events.next()];
    assertEquals(
      seen.map((event) => `${event.type} ${event.object.metadata.name}`),
      ["ADDED b", "DELETED a"],
    );
    await events.cancel();
  }));

Deno.test("a watch from before the compaction gets 410 in the stream and ends", () =>
  withCluster(async ({ send, watch, server }) => {
    const first = await send("POST", WIDGETS, { body: aWidget("a") });
    await send("POST", WIDGETS, { body: aWidget("b") });
    server.compact();
    const { resourceVersion } = first.body.metadata;
    const events = await watch(`${WIDGETS}?watch=1&resourceVersion=${resourceVersion}`);
    const error = await events.next();
    assertEquals([error.type, error.object.code, error.object.reason], ["ERROR", 410, "Expired"]);
    assertEquals(await events.end(), "");
  }));

Deno.test("the history keeps at least as many changes as asked for", () =>
  withCluster(async ({ send, watch }) => {
    let resourceVersion = "";
    for (let size = 1; size <= 30; size++) {
      if (size === 20) {
        resourceVersion = (await send("GET", WIDGETS)).body.metadata.resourceVersion;
      }
      await send("POST", WIDGETS, { body: aWidget(`w${size}`) });
    }
    const events = await watch(`${WIDGETS}?watch=1&resourceVersion=${resourceVersion}`);
    assertEquals((await events.next()).object.metadata.name, "w20");
    await events.cancel();
    const old = await watch(`${WIDGETS}?watch=1&resourceVersion=101`);
    assertEquals((await old.next()).type, "ERROR");
    await old.cancel();
  }, { historySize: 12 }));

Deno.test("an object that starts or stops to match a selector is ADDED or DELETED", () =>
  withCluster(async ({ send, watch }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const events = await watch(`${WIDGETS}?watch=1&fieldSelector=spec.color%3Dgreen`);
    for (const color of ["green", "red"]) {
      await send("PATCH", `${WIDGETS}/a`, { body: { spec: { color } }, contentType: MERGE });
    }
    assertEquals((await events.next()).type, "ADDED");
    const gone = await events.next();
    assertEquals([gone.type, gone.object.spec.color], ["DELETED", "green"]);
    await events.cancel();
  }));

Deno.test("bookmarks come at their interval, and only to those who asked", () =>
  withCluster(async ({ send, watch }) => {
    const asked = await watch(`${WIDGETS}?watch=1&allowWatchBookmarks=true&resourceVersion=0`);
    const silent = await watch(`${WIDGETS}?watch=1&resourceVersion=0`);
    assertEquals((await asked.next()).type, "BOOKMARK");
    const second = await asked.next();
    assertEquals(second.type, "BOOKMARK");
    assertEquals(second.object.metadata.annotations, undefined);
    await send("POST", WIDGETS, { body: aWidget("a") });
    assertEquals((await silent.next()).type, "ADDED");
    await asked.cancel();
    await silent.cancel();
  }, { bookmarkIntervalMs: 20 }));

Deno.test("a watch ends in good order after timeoutSeconds", () =>
  withCluster(async ({ watch }) => {
    const events = await watch(`${WIDGETS}?watch=1&timeoutSeconds=1`);
    assertEquals(await events.end(), "");
  }));

Deno.test("watches cut in mid-line break after half a line", () =>
  withCluster(async ({ watch, server }) => {
    const events = await watch(`${WIDGETS}?watch=1`);
    server.faults.cutWatches({ midLine: true });
    assertMatch(await events.end(), /^\{"type":"MODIFIED".* broken: /);
  }));

Deno.test("cut watches of other paths go on", () =>
  withCluster(async ({ send, watch, server }) => {
    const kept = await watch(`${WIDGETS}?watch=1`);
    const cut = await watch("/api/v1/secrets?watch=1&resourceVersion=0");
    server.faults.cutWatches({ midLine: false, path: /secrets/ });
    assertEquals(await cut.end(), "");
    await send("POST", WIDGETS, { body: aWidget("a") });
    assertEquals((await kept.next()).type, "ADDED");
    await kept.cancel();
  }));

Deno.test("expired watches get 410 in the stream", () =>
  withCluster(async ({ watch, server }) => {
    const events = await watch(`${WIDGETS}?watch=1`);
    server.faults.expireWatches();
    assertEquals((await events.next()).object.code, 410);
    assertEquals(await events.end(), "");
  }));

Deno.test("silenced watches deliver nothing while new ones do", () =>
  withCluster(async ({ send, watch, server }) => {
    const silenced = await watch(`${WIDGETS}?watch=1&allowWatchBookmarks=true&resourceVersion=0`);
    assertEquals((await silenced.next()).type, "BOOKMARK");
    server.faults.silenceWatches();
    await send("POST", WIDGETS, { body: aWidget("a") });
    const fresh = await watch(`${WIDGETS}?watch=1`);
    assertEquals((await fresh.next()).type, "ADDED");
    server.faults.cutWatches({ midLine: false });
    assertEquals(await silenced.end(), "");
    await fresh.cancel();
  }));

Deno.test("a withheld end bookmark is missing once", () =>
  withCluster(async ({ send, watch, server }) => {
    server.faults.withholdInitialEventsEnd(1);
    const without = await watch(`${WIDGETS}?${WATCH_LIST}`);
    const whole = await watch(`${WIDGETS}?${WATCH_LIST}`);
    assertEquals((await whole.next()).type, "BOOKMARK");
    await send("POST", WIDGETS, { body: aWidget("a") });
    assertEquals((await without.next()).type, "ADDED");
    await without.cancel();
    await whole.cancel();
  }));

Deno.test("a failing request is refused as often as told, without effect", () =>
  withCluster(async ({ send, server }) => {
    server.faults.fail({
      match: { method: "POST", path: /widgets$/ },
      status: 429,
      reason: "TooManyRequests",
      retryAfterSeconds: 2,
      times: 1,
    });
    const refused = await send("POST", WIDGETS, { body: aWidget("a") });
    assertEquals([refused.status, refused.headers.get("retry-after")], [429, "2"]);
    assertEquals((await send("GET", `${WIDGETS}/a`)).status, 404);
    assertEquals((await send("POST", WIDGETS, { body: aWidget("a") })).status, 201);
  }));

Deno.test("stop ends all streams and releases the port", async () => {
  let url = "";
  await withCluster(async ({ watch, server }) => {
    url = server.url;
    const events = await watch(`${WIDGETS}?watch=1`);
    await server.stop();
    assertEquals(await events.end(), "");
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  assertStringIncludes(url, String((listener.addr as Deno.NetAddr).port));
  listener.close();
  assert(true);
});
