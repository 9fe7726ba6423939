import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";

import { FakeClock } from "../../../support/fake_clock.ts";
import { eventually } from "../../../support/eventually.ts";
import { refusalOf, startFixture } from "./fixture.ts";

Deno.test("an injected error meets the n-th matching call only", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  s3.faults.inject({
    match: { operation: "ListBuckets" },
    after: 1,
    effect: { kind: "error", status: 403, code: "RequestRateLimitExceeded" },
  });
  await client.send(new ListBucketsCommand({}));
  await client.send(new CreateBucketCommand({ Bucket: "logs" }));
  const refused = await refusalOf(client.send(new ListBucketsCommand({})));
  await client.send(new ListBucketsCommand({}));

  assertEquals([refused.name, refused.status], ["RequestRateLimitExceeded", 403]);
  assertEquals(s3.requests.of("ListBuckets").map((entry) => entry.code), [
    undefined,
    "RequestRateLimitExceeded",
    undefined,
  ]);
  assertEquals(s3.faults.pending, 0);
});

Deno.test("a redirect carries its endpoint, and its headers", async () => {
  await using fixture = await startFixture();
  fixture.s3.faults.inject({
    match: { operation: /Bucket$/, bucket: "logs" },
    effect: {
      kind: "error",
      status: 307,
      code: "TemporaryRedirect",
      endpoint: "logs.s3.ap-southeast-2.wasabisys.com",
      headers: { "retry-after": "1" },
    },
  });
  const command = new DeleteBucketCommand({ Bucket: "logs" });
  const refused = await refusalOf(fixture.client.send(command));
  assertEquals([refused.name, refused.status], ["TemporaryRedirect", 307]);
  assertEquals(refused.error["Endpoint"], "logs.s3.ap-southeast-2.wasabisys.com");
});

Deno.test("silence lasts until the faults are cleared", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  s3.faults.inject({ times: Infinity, effect: { kind: "silence" } });
  const command = new CreateBucketCommand({ Bucket: "logs" });
  const pending = refusalOf(client.send(command, { requestTimeout: 15_000 }));
  await eventually(() => assert(s3.faults.pending === 1));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals(s3.requests.entries, []);
  s3.faults.clear();

  assertEquals((await pending).status, undefined);
  await client.send(new ListBucketsCommand({}));
  assertEquals(s3.state.buckets.size, 0);
});

Deno.test("silence ends when the client goes", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  s3.faults.inject({ effect: { kind: "silence" } });
  const abortSignal = AbortSignal.timeout(50);
  const gone = await refusalOf(client.send(new ListBucketsCommand({}), { abortSignal }));
  assertEquals(gone.status, undefined);
  await eventually(() => assertEquals(s3.requests.entries.map((entry) => entry.status), [0]));
});

Deno.test("silence does not hold up the end of the service", async () => {
  let pending: Promise<unknown> | undefined;
  {
    await using fixture = await startFixture();
    fixture.s3.faults.inject({ effect: { kind: "silence" } });
    pending = refusalOf(fixture.client.send(new ListBucketsCommand({})));
    await eventually(() => assertEquals(fixture.s3.faults.pending, 0));
  }
  assert(await pending);
});

Deno.test("a reset connection carries nothing out, a lost answer does", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  s3.faults.inject({ match: { bucket: "reset" }, effect: { kind: "reset" } });
  s3.faults.inject({ match: { bucket: "lost" }, effect: { kind: "lostAnswer" } });
  const reset = await refusalOf(client.send(new CreateBucketCommand({ Bucket: "reset" })));
  const lost = await refusalOf(client.send(new CreateBucketCommand({ Bucket: "lost" })));

  assertEquals([reset.status, lost.status], [undefined, undefined]);
  assertEquals([...s3.state.buckets.keys()], ["lost"]);
});

Deno.test("a reset meets a connection that was used before too", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  await client.send(new ListBucketsCommand({}));
  s3.faults.inject({ match: { operation: "CreateBucket" }, effect: { kind: "lostAnswer" } });
  await client.send(new ListBucketsCommand({}));
  const lost = await refusalOf(client.send(new CreateBucketCommand({ Bucket: "lost" })));
  assertEquals(lost.status, undefined);
  assertEquals(s3.requests.of("CreateBucket").length, 1);
});

Deno.test("latency is waited on the service's clock", async () => {
  const clock = new FakeClock(Date.now());
  await using fixture = await startFixture({ clock });
  const { client, s3 } = fixture;
  s3.state.createBucket("logs");
  s3.faults.inject({ effect: { kind: "latency", ms: 60_000 } });
  let isAnswered = false;
  const call = client.send(new HeadBucketCommand({ Bucket: "logs" })).then(() => isAnswered = true);
  await eventually(() => assertEquals(clock.pendingTimers, 1));
  assertEquals(isAnswered, false);
  await clock.advance(60_000);
  assertEquals(await call, true);
});

Deno.test("of two faults the one injected first meets the call", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  for (const code of ["First", "Second"]) {
    s3.faults.inject({ effect: { kind: "error", status: 500, code } });
  }
  const names: string[] = [];
  for (let call = 0; call < 2; call++) {
    names.push((await refusalOf(client.send(new ListBucketsCommand({})))).name);
  }
  assertEquals(names, ["First", "Second"]);
});

Deno.test("a truncated answer ends after the head and half of the body", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  for (const bucket of ["logs", "photos"]) s3.state.createBucket(bucket);
  s3.faults.inject({ effect: { kind: "truncated" } });
  const truncated = await refusalOf(client.send(new ListBucketsCommand({})));
  const whole = await client.send(new ListBucketsCommand({}));

  // Names a broken stream, not a refusal of the service: the head said 200.
  assertEquals([200, undefined].includes(truncated.status), true);
  assertEquals(whole.Buckets?.map(({ Name }) => Name), ["logs", "photos"]);
  assertEquals(s3.requests.entries.map(({ status }) => status), [200, 200]);
});

Deno.test("what arrives of a truncated answer is its first half", async () => {
  await using fixture = await startFixture();
  const { s3 } = fixture;
  s3.faults.inject({ effect: { kind: "truncated" } });
  const { hostname, port } = new URL(s3.url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: sandbox\r\n\r\n"));
  const text = await new Response(connection.readable).text();
  const [head = "", body = ""] = text.split("\r\n\r\n");
  const declared = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  assertEquals(head.split("\r\n")[0], "HTTP/1.1 403 Forbidden");
  assertEquals(body.length, Math.floor(declared / 2));
});
