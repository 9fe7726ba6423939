import {
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import type { ServerAccess } from "../../../src/kube/access.ts";
import {
  type Fetch,
  KubeConnection,
  type KubeRequest,
  type RequestObservation,
} from "../../../src/kube/connection.ts";
import { KubeError } from "../../../src/kube/error.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** A connection whose network is a function, and whose identity is counted. */
function startConnection(
  answer: (attempt: number) => Response | Error,
  overrides: Partial<ServerAccess> = {},
) {
  const clock = new FakeClock();
  const sent: { readonly authorization: string | null; readonly client: unknown }[] = [];
  const rotations: string[] = [];
  const codes: string[] = [];
  const observations: RequestObservation[] = [];
  let token = 1;
  const send: Fetch = (_url, init) => {
    const headers = new Headers(init.headers);
    sent.push({ authorization: headers.get("authorization"), client: init.client });
    const result = answer(sent.length);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  const connection = new KubeConnection({
    access: {
      baseUrl: "http://script.test",
      namespace: "default",
      clientOptions: () => ({}),
      authorization: () => Promise.resolve(`Bearer ${token}`),
      forget: () => void token++,
      ...overrides,
    },
    clock,
    userAgent: "test",
    fetch: send,
    onRotation: (purpose, cause) => rotations.push(`${purpose} ${cause}`),
    onRequest: (observation) => {
      observations.push(observation);
      if (observation.kind === "answered") codes.push(observation.code);
    },
  });
  return {
    clock,
    sent,
    rotations,
    codes,
    observations,
    connection,
    send: async (
      purpose: KubeRequest["purpose"] = "request",
      request: Pick<KubeRequest, "body"> = {},
    ) => {
      const { signal } = new AbortController();
      const call = { purpose, method: "GET", path: "/x", signal, ...request };
      const result = await connection.send(call);
      result.release();
      return result.response.status;
    },
    [Symbol.dispose]: () => connection.close(),
  };
}

function timedOut(): Error {
  return new DOMException("late", "TimeoutError");
}

Deno.test("a 401 makes the identity be read again, once", async () => {
  using stage = startConnection((attempt) =>
    new Response("", { status: attempt === 1 ? 401 : 200 })
  );
  assertEquals(await stage.send(), 200);
  assertEquals(stage.sent.map(({ authorization }) => authorization), ["Bearer 1", "Bearer 2"]);
});

Deno.test("a second 401 is the answer", async () => {
  using stage = startConnection(() => new Response("", { status: 401 }));
  assertEquals(await stage.send(), 401);
  assertEquals(stage.codes, ["401", "401"]);
});

Deno.test("after a timeout the next request goes over a new client", async () => {
  using stage = startConnection((attempt) => attempt === 1 ? timedOut() : new Response("{}"));
  const error = await assertRejects(() => stage.send(), KubeError);
  assertEquals([error.code, error.reason], [0, "Timeout"]);
  await stage.send();
  assertNotStrictEquals(stage.sent[0]!.client, stage.sent[1]!.client);
  assertEquals(stage.rotations, ["request Timeout"]);
  assertEquals(stage.codes, ["<error>", "200"]);
});

Deno.test("a request that the caller gave up says nothing about the connection", async () => {
  using stage = startConnection(() => new DOMException("stop", "AbortError"));
  await assertRejects(() => stage.send(), KubeError);
  assertEquals(stage.rotations, []);
});

Deno.test("a dead connection of one purpose leaves the others alone", async () => {
  using stage = startConnection((attempt) => attempt === 2 ? timedOut() : new Response("{}"));
  await stage.send("watch");
  await assertRejects(() => stage.send("request"), KubeError);
  await stage.send("watch");
  await stage.send("lease");
  const [watch, , watchAgain, lease] = stage.sent.map(({ client }) => client);
  assertStrictEquals(watchAgain, watch);
  assertNotStrictEquals(lease, watch);
});

Deno.test("a changed authority is noticed within a minute and reaches all clients", async () => {
  // An address of a proxy changes the options as a certificate does, and needs no valid PEM.
  let url = "http://127.0.0.1:1";
  using stage = startConnection(() => new Response("{}"), {
    clientOptions: () => ({ proxy: { url } }),
  });
  await stage.send("request");
  await stage.send("watch");
  url = "http://127.0.0.1:2";
  await stage.clock.advance(59_999);
  await stage.send("request");
  assertEquals(stage.rotations, []);
  await stage.clock.advance(1);
  await stage.send("request");
  assertEquals(stage.rotations, ["watch TrustChanged", "request TrustChanged"]);
  assertNotStrictEquals(stage.sent.at(-1)!.client, stage.sent[0]!.client);
});

Deno.test("an identity that cannot be read fails the request like a server out of reach", async () => {
  using stage = startConnection(() => new Response("{}"), {
    authorization: () => Promise.reject(new Error("Cannot read ServiceAccount file: token")),
  });
  const error = await assertRejects(() => stage.send(), KubeError, "ServiceAccount file");
  assertEquals(error.code, 0);
  assertEquals(stage.sent.length, 0);
});

Deno.test("a request that is sent again is told of as such, and once", async () => {
  using stage = startConnection(() => new Response("", { status: 401 }));
  await stage.send();
  assertEquals(stage.observations.filter(({ kind }) => kind === "repeated"), [
    { kind: "repeated", method: "GET", host: "script.test", code: "401" },
  ]);
});

Deno.test("the size of a request is that of its bytes, and watches have none", async () => {
  using stage = startConnection(() => new Response("{}"));
  await stage.send("watch");
  await stage.send("request", { body: "€" });
  await stage.send("lease");
  const sizes = stage.observations.flatMap((seen) => seen.kind === "sent" ? [seen.bytes] : []);
  assertEquals(sizes, [3, 0]);
});

Deno.test("the size of an answer is told once its body is read", async () => {
  using stage = startConnection(() => new Response('{"name":"ü"}'));
  const { signal } = new AbortController();
  const request = { purpose: "request", method: "GET", path: "/x", signal } as const;
  const answer = await stage.connection.send(request);
  assertEquals(stage.observations.map(({ kind }) => kind), ["answered", "sent"]);
  assertEquals(await answer.text(), '{"name":"ü"}');
  answer.release();
  assertEquals(stage.observations.at(-1), {
    kind: "read",
    method: "GET",
    host: "script.test",
    bytes: 13,
  });
});
