import { assert, assertEquals, assertRejects } from "@std/assert";
import { KubeClient } from "../../../src/kube/client.ts";
import { KubeError } from "../../../src/kube/error.ts";
import { statusOf } from "../../support/scripted_api.ts";
import { startClient, THINGS } from "../watch/fixture.ts";

const NAME = { namespace: "default", name: "a" };

Deno.test("each way to write sends its own content type, our field manager and nothing else", async () => {
  const { api, clock, client, connection } = startClient();
  const calls = [
    client.create(THINGS, "default", { x: 1 }),
    client.apply(THINGS, NAME, { subresource: "status", fields: { status: {} } }),
    client.patchJson(THINGS, NAME, [{ op: "remove", path: "/x" }]),
    client.patchMerge(THINGS, NAME, { x: null }),
    client.delete(THINGS, NAME, "uid"),
  ];
  const sent: unknown[] = [];
  for (const _call of calls) {
    // deno-lint-ignore no-await-in-loop
    const call = await api.next(clock);
    sent.push([call.method, `${call.path}?${call.query}`, call.headers["content-type"], call.body]);
    call.json({});
  }
  await Promise.all(calls);
  const base = "/apis/test/v1/namespaces/default/things";
  assertEquals(sent, [
    ["POST", `${base}?fieldManager=test`, "application/json", { x: 1 }],
    [
      "PATCH",
      `${base}/a/status?fieldManager=test&force=true`,
      "application/apply-patch+yaml",
      { apiVersion: "test/v1", kind: "Thing", metadata: NAME, status: {} },
    ],
    ["PATCH", `${base}/a?fieldManager=test`, "application/json-patch+json", [
      { op: "remove", path: "/x" },
    ]],
    ["PATCH", `${base}/a?fieldManager=test`, "application/merge-patch+json", { x: null }],
    ["DELETE", `${base}/a?`, "application/json", { preconditions: { uid: "uid" } }],
  ]);
  connection.close();
});

Deno.test("a refusal is a KubeError with code, reason, causes and the wait that the server wants", async () => {
  const { api, clock, client, connection } = startClient();
  const got = assertRejects(() => client.get(THINGS, NAME), KubeError);
  const details = { causes: [{ reason: "ResourceVersionTooLarge" }] };
  (await api.next(clock)).json({ ...statusOf(504, "Timeout"), details }, {
    status: 504,
    headers: { "retry-after": "1" },
  });
  const { code, reason, causes, retryAfterMs, message } = await got;
  assertEquals({ code, reason, causes, retryAfterMs }, {
    code: 504,
    reason: "Timeout",
    causes: ["ResourceVersionTooLarge"],
    retryAfterMs: 1_000,
  });
  assertEquals(message, "Cannot GET /apis/test/v1/namespaces/default/things/a: 504 Timeout");
  connection.close();
});

Deno.test("an answer that is not JSON is no object, whatever its status", async () => {
  const { api, clock, client, connection } = startClient();
  for (
    const [status, code, reason] of [[200, 0, "InvalidAnswer"], [502, 502, "Unknown"]] as const
  ) {
    const got = assertRejects(() => client.get(THINGS, NAME), KubeError);
    // deno-lint-ignore no-await-in-loop
    (await api.next(clock)).text("<html>proxy</html>", { status });
    // deno-lint-ignore no-await-in-loop
    const error = await got;
    assertEquals([error.code, error.reason, error.retryAfterMs], [code, reason, 0]);
    assert(!error.message.includes("html"));
  }
  connection.close();
});

for (const [what, limitMs] of [["request", 10_000], ["page", 30_000]] as const) {
  Deno.test(`a ${what} is given up after ${limitMs} ms, and leaves no timer`, async () => {
    const { api, clock, client, connection } = startClient();
    const got = assertRejects(
      () => what === "page" ? client.listPage(THINGS, { limit: 1 }) : client.get(THINGS, NAME),
      KubeError,
    );
    const call = await api.next(clock);
    await clock.advance(limitMs - 1);
    assertEquals(call.aborted, false);
    await clock.advance(1);
    assertEquals((await got).reason, "Timeout");
    assertEquals(clock.pendingTimers, 0);
    connection.close();
  });
}

Deno.test("a rate holds requests back, and only as long as it says", async () => {
  const { api, clock, connection } = startClient();
  const rate = { perSecond: 2, burst: 1 };
  const waits: unknown[] = [];
  const onRequest = (wait: unknown) => waits.push(wait);
  const client = new KubeClient({ connection, clock, fieldManager: "test", rate, onRequest });
  const both = [client.get(THINGS, NAME), client.get(THINGS, NAME)];
  (await api.next(clock)).json({});
  await clock.advance(499);
  assertEquals(api.count, 1);
  await clock.advance(1);
  (await api.next(clock)).json({});
  await Promise.all(both);
  assertEquals(
    waits,
    [0, 0.5].map((seconds) => ({ kind: "limited", method: "GET", host: "script.test", seconds })),
  );
  connection.close();
});

Deno.test("metadata alone is asked for by the Accept header of lists", async () => {
  const { api, clock, client, connection } = startClient();
  const got = client.listPage(THINGS, { limit: 5, metadataOnly: true, continueToken: "t" });
  const call = await api.next(clock);
  assert(call.headers["accept"]!.includes("as=PartialObjectMetadataList"));
  assertEquals(`${call.query}`, "limit=5&continue=t");
  call.json({ metadata: { resourceVersion: "7", continue: "" }, items: [] });
  assertEquals(await got, { items: [], resourceVersion: "7", continueToken: undefined });
  connection.close();
});
