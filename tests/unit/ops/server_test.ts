import { assert, assertEquals, assertThrows } from "@std/assert";
import { Registry } from "prom-client";
import { startOpsServer } from "../../../src/ops/server.ts";

function startServer(port = 0) {
  let scrapes = 0;
  const server = startOpsServer({
    port,
    hostname: "127.0.0.1",
    registry: new Registry(),
    liveness: [{ name: "ping", failure: () => undefined }],
    readiness: [{ name: "watch", failure: () => "not listed yet" }],
    beforeScrape: () => scrapes++,
  });
  return {
    port: server.port,
    scrapes: () => scrapes,
    get: async (path: string, init?: RequestInit) => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
      await response.text();
      return response;
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

Deno.test("liveness and readiness are apart", async () => {
  await using server = startServer();
  assertEquals((await server.get("/healthz")).status, 200);
  assertEquals((await server.get("/readyz")).status, 500);
  assertEquals((await server.get("/healthz/ping")).status, 200);
  assertEquals((await server.get("/readyz/ping")).status, 404);
});

Deno.test("gauges are computed when somebody looks, and only then", async () => {
  await using server = startServer();
  await server.get("/healthz");
  assertEquals(server.scrapes(), 0);
  const answer = await server.get("/metrics");
  assertEquals([answer.status, server.scrapes()], [200, 1]);
  assert(answer.headers.get("content-type")?.startsWith("text/plain"));
});

Deno.test("nothing else is served, and nothing is written to", async () => {
  await using server = startServer();
  assertEquals((await server.get("/")).status, 404);
  assertEquals((await server.get("/healthzz")).status, 404);
  assertEquals((await server.get("/metrics", { method: "POST" })).status, 405);
});

Deno.test("a port that is taken is an error, not another port", async () => {
  await using server = startServer();
  assertThrows(() => startServer(server.port), Deno.errors.AddrInUse);
});
