import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../../src/ops/clock.ts";
import { startSandboxKubernetes } from "../../../../src/sandbox/kubernetes/server.ts";
import { eventually } from "../../../support/eventually.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { aWidget, WATCH_LIST, WIDGETS, withCluster } from "./cluster.ts";

const POST_WIDGET = { method: "POST", path: /widgets$/ };

Deno.test("an error meets the n-th matching call only", () =>
  withCluster(async ({ send, server }) => {
    server.faults.fail({
      match: { method: "GET", path: /widgets/ },
      after: 1,
      times: 1,
      status: 500,
    });
    const statuses = [];
    for (let call = 0; call < 3; call++) {
      await send("GET", "/version");
      statuses.push((await send("GET", WIDGETS)).status);
    }
    assertEquals(statuses, [200, 500, 200]);
  }));

Deno.test("throttling comes with and without Retry-After", () =>
  withCluster(async ({ send, server }) => {
    const throttled = { match: {}, status: 429, reason: "TooManyRequests", times: 1 };
    server.faults.fail(throttled);
    server.faults.fail({ ...throttled, retryAfterSeconds: 7 });
    const answers = [await send("GET", WIDGETS), await send("GET", WIDGETS)];
    assertEquals(answers.map(({ status }) => status), [429, 429]);
    assertEquals(answers.map(({ headers }) => headers.get("retry-after")), [null, "7"]);
    assertEquals(answers[1]?.body.details, { retryAfterSeconds: 7 });
  }));

Deno.test("what is forbidden can be granted later, whatever else is wrong", () =>
  withCluster(async ({ send, server }) => {
    const grant = server.faults.fail({ match: { path: /widgets/ }, status: 403 });
    server.faults.fail({ match: { path: /secrets/ }, status: 403 });
    assertEquals((await send("GET", WIDGETS)).status, 403);
    grant();
    assertEquals((await send("GET", WIDGETS)).status, 200);
    assertEquals((await send("GET", "/api/v1/secrets")).status, 403);
  }));

Deno.test("latency is waited on the server's clock, then the request is carried out", async () => {
  const clock = new FakeClock(Date.now());
  const server = await startSandboxKubernetes({ clock });
  try {
    server.faults.inject({ match: {}, times: 1, effect: { kind: "latency", ms: 60_000 } });
    let isAnswered = false;
    const call = fetch(`${server.url}/version`).then(async (response) => {
      isAnswered = true;
      return (await response.json()).major;
    });
    await eventually(() => assertEquals(clock.pendingTimers, 1));
    assertEquals(isAnswered, false);
    await clock.advance(60_000);
    assertEquals(await call, "1");
  } finally {
    await server.stop();
  }
});

Deno.test("silence lasts until the faults are cleared, and carries nothing out", () =>
  withCluster(async ({ send, server }) => {
    server.faults.inject({ match: POST_WIDGET, effect: { kind: "silence" } });
    const silent = assertRejects(() => send("POST", WIDGETS, { body: aWidget("a") }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assertEquals(server.requests.all().filter(({ path }) => path === WIDGETS), []);
    server.faults.clear();
    await silent;
    assertEquals((await send("GET", `${WIDGETS}/a`)).status, 404);
  }));

Deno.test("silence ends when the client goes, and does not hold up the end of the server", () =>
  withCluster(async ({ server }) => {
    server.faults.inject({ match: {}, effect: { kind: "silence" } });
    const { requests } = server;
    requests.clear();
    await assertRejects(() => fetch(server.url, { signal: AbortSignal.timeout(50) }));
    await eventually(() => assertEquals(requests.all().map(({ status }) => status), [0]));
    const abandoned = assertRejects(() => fetch(server.url));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.stop();
    await abandoned;
  }));

Deno.test("a reset carries nothing out, a lost answer does, each at the first try", () =>
  withCluster(async ({ send, watch, server }) => {
    const events = await watch(`${WIDGETS}?watch=1`);
    for (const [name, kind] of [["reset", "reset"], ["lost", "lostAnswer"]] as const) {
      await send("GET", WIDGETS);
      server.faults.inject({ match: POST_WIDGET, times: 1, effect: { kind } });
      await assertRejects(() => send("POST", WIDGETS, { body: aWidget(name) }));
    }
    const { body } = await send("GET", WIDGETS);
    assertEquals(body.items.map((item: typeof body) => item.metadata.name), ["lost"]);
    assertEquals((await events.next()).object.metadata.name, "lost", "other requests go on");
    await events.cancel();
  }));

Deno.test("a truncated answer ends in the middle of its body", () =>
  withCluster(async ({ send, server }) => {
    server.faults.inject({ match: POST_WIDGET, times: 1, effect: { kind: "truncated" } });
    const init = { method: "POST", body: JSON.stringify(aWidget("a")) };
    const headers = { "content-type": "application/json" };
    const response = await fetch(server.url + WIDGETS, { ...init, headers });
    assertEquals(response.status, 201);
    await assertRejects(() => response.json());
    assertEquals((await send("GET", `${WIDGETS}/a`)).status, 200);
  }));

Deno.test("a storm of 410 meets watches in their stream and pages as answers", () =>
  withCluster(async ({ send, watch, server }) => {
    const expired = { kind: "expired" } as const;
    server.faults.inject({ match: { watch: true }, times: 2, effect: expired });
    server.faults.inject({ match: { watch: false }, times: 1, effect: expired });
    for (let round = 0; round < 2; round++) {
      const events = await watch(`${WIDGETS}?${WATCH_LIST}`);
      assertEquals((await events.next()).object.code, 410);
      assertEquals(await events.end(), "");
    }
    const page = await send("GET", `${WIDGETS}?limit=1&continue=x`);
    assertEquals([page.status, page.body.reason], [410, "Expired"]);
    const events = await watch(`${WIDGETS}?${WATCH_LIST}`);
    assertEquals((await events.next()).type, "BOOKMARK");
    await events.cancel();
  }));

Deno.test("a restored server is behind its clients: lists say so, watches are silent", () =>
  withCluster(async ({ send, watch, server }) => {
    await send("POST", WIDGETS, { body: aWidget("kept") });
    const { body: before } = await send("GET", WIDGETS);
    await send("POST", WIDGETS, { body: aWidget("forgotten") });
    const { body: after } = await send("GET", WIDGETS);
    server.restore(before.metadata.resourceVersion);

    const { body } = await send("GET", WIDGETS);
    assertEquals(body, before);
    const rv = after.metadata.resourceVersion;
    const ahead = await send("GET", `${WIDGETS}?resourceVersion=${rv}`);
    assertEquals([ahead.status, ahead.headers.get("retry-after")], [504, "1"]);
    const events = await watch(`${WIDGETS}?watch=1&resourceVersion=${rv}&timeoutSeconds=1`);
    await send("POST", WIDGETS, { body: aWidget("other") });
    assertEquals(await events.end(), "");
    const { body: other } = await send("GET", `${WIDGETS}/other`);
    assertEquals(other.metadata.resourceVersion, rv, "versions are given out again");
  }));

Deno.test("a watch cut in the middle of a line has delivered all lines before", () =>
  withCluster(async ({ send, watch, server }) => {
    const events = await watch(`${WIDGETS}?watch=1`);
    for (const name of ["a", "b"]) await send("POST", WIDGETS, { body: aWidget(name) });
    server.faults.cutWatches({ midLine: true });
    for (const name of ["a", "b"]) {
      assertEquals((await events.next()).object.metadata.name, name);
    }
    const end = await events.end();
    assert(end.startsWith('{"type":"MODIFIED"') && end.includes("broken"), end);
  }));

Deno.test("a taken port is told, and nothing is left open", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  await assertRejects(
    async () => await startSandboxKubernetes({ clock: systemClock, port }),
    Deno.errors.AddrInUse,
  );
  listener.close();
});
