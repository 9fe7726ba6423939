import {
  GetBucketTaggingCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";

import { FakeClock } from "../../../support/fake_clock.ts";
import { refusalOf, startFixture } from "./fixture.ts";

const ACCOUNT = { accountId: "111111111111", accessKeyId: "KEY", secretAccessKey: "a/secret+" };

async function listAs(
  options: Parameters<Awaited<ReturnType<typeof startFixture>>["connect"]>[0],
  account: typeof ACCOUNT & { sessionToken?: string; denied?: string[] } = ACCOUNT,
) {
  await using fixture = await startFixture({ accounts: [account] });
  return await refusalOf(fixture.connect(options).send(new ListBucketsCommand({})));
}

Deno.test("an unknown key and a wrong secret are told apart", async () => {
  const key = await listAs({ accessKeyId: "NOBODY" });
  const secret = await listAs({ secretAccessKey: "wrong" });
  assertEquals([key.name, key.status], ["InvalidAccessKeyId", 403]);
  assertEquals([secret.name, secret.status], ["SignatureDoesNotMatch", 403]);
});

Deno.test("a request without a signature is denied", async () => {
  await using fixture = await startFixture();
  const response = await fetch(fixture.s3.url);
  assertEquals(response.status, 403);
  assertStringIncludes(await response.text(), "<Code>AccessDenied</Code>");
  assert(response.headers.get("x-amz-request-id"));
});

Deno.test("a signature for another region names the right one", async () => {
  const refused = await listAs({ region: "eu-west-1" });
  assertEquals([refused.name, refused.status], ["AuthorizationHeaderMalformed", 400]);
  assertEquals(refused.error["Region"], "us-east-1");
});

Deno.test("a clock 16 minutes off is refused, and the SDK corrects itself by the answer", async () => {
  const clock = new FakeClock(Date.now() + 16 * 60_000);
  await using fixture = await startFixture({ clock });
  const { client } = fixture;
  const refused = await refusalOf(client.send(new ListBucketsCommand({})));
  const second = await client.send(new ListBucketsCommand({}));
  assertEquals([refused.name, refused.status], ["RequestTimeTooSkewed", 403]);
  assertEquals(second.Buckets ?? [], []);
});

Deno.test("a clock 14 minutes off is accepted", async () => {
  await using fixture = await startFixture({ clock: new FakeClock(Date.now() - 14 * 60_000) });
  const answer = await fixture.client.send(new ListBucketsCommand({}));
  assertEquals(answer.Buckets ?? [], []);
});

Deno.test("a temporary key needs its own token", async () => {
  const temporary = { ...ACCOUNT, sessionToken: "token" };
  await using fixture = await startFixture({ accounts: [temporary] });
  const right = await fixture.connect({ sessionToken: "token" }).send(new ListBucketsCommand({}));
  const missing = await listAs({}, temporary);
  const wrong = await listAs({ sessionToken: "other" }, temporary);
  const needless = await listAs({ sessionToken: "token" });
  assertEquals(right.Buckets ?? [], []);
  assertEquals(missing.name, "InvalidAccessKeyId");
  assertEquals([wrong.name, wrong.status], ["InvalidToken", 400]);
  assertEquals(needless.name, "InvalidToken");
});

Deno.test("keys can be added, switched off, switched on and removed while it runs", async () => {
  await using fixture = await startFixture({ accounts: [ACCOUNT] });
  const { state } = fixture.s3;
  const second = { ...ACCOUNT, accessKeyId: "SECOND" };
  const client = fixture.connect(second);
  const seen: string[] = [];
  async function look() {
    const call = client.send(new ListBucketsCommand({})).then(() => Promise.reject({ name: "ok" }));
    seen.push((await refusalOf(call)).name);
  }

  await look();
  state.addKey(second);
  await look();
  state.setKeyStatus("SECOND", "Inactive");
  await look();
  state.setKeyStatus("SECOND", "Active");
  await look();
  state.removeKey("SECOND");
  await look();

  const unknown = "InvalidAccessKeyId";
  assertEquals(seen, [unknown, "ok", unknown, "ok", unknown]);
});

Deno.test("a denied operation is refused, others work", async () => {
  await using fixture = await startFixture({ accounts: [{ ...ACCOUNT, denied: ["ListBuckets"] }] });
  fixture.s3.state.createBucket("logs");
  const denied = await refusalOf(fixture.client.send(new ListBucketsCommand({})));
  const allowed = await refusalOf(
    fixture.client.send(new GetBucketTaggingCommand({ Bucket: "logs" })),
  );
  assertEquals([denied.name, denied.status], ["AccessDenied", 403]);
  assertEquals(allowed.name, "NoSuchTagSet");
});

Deno.test("a presigned URL works until it expires, and not when it was altered", async () => {
  const clock = new FakeClock(Date.now());
  await using fixture = await startFixture({ clock, accounts: [ACCOUNT] });
  fixture.s3.state.createBucket("logs");
  fixture.s3.state.putObject("logs", "a", "hello");
  const { host, hostname } = new URL(fixture.s3.url);
  const signer = new SignatureV4({
    service: "s3",
    region: "us-east-1",
    credentials: ACCOUNT,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const { query } = await signer.presign({
    method: "GET",
    protocol: "http:",
    hostname,
    path: "/logs/a",
    query: {},
    headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  }, {
    expiresIn: 60,
    signingDate: new Date(clock.now()),
    unhoistableHeaders: new Set(["x-amz-content-sha256"]),
    unsignableHeaders: new Set(["x-amz-content-sha256"]),
  });
  const search = new URLSearchParams(query as Record<string, string>);
  async function get(path: string): Promise<[number, string]> {
    const response = await fetch(`${fixture.s3.url}${path}?${search}`);
    return [response.status, await response.text()];
  }

  assertEquals(await get("/logs/a"), [200, "hello"]);
  const [status, body] = await get("/logs/b");
  assertEquals(status, 403);
  assertStringIncludes(body, "SignatureDoesNotMatch");
  await clock.advance(61_000);
  assertStringIncludes((await get("/logs/a"))[1], "Request has expired");
});

Deno.test("a digest that does not fit the body is refused, and nothing is stored", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket("logs");
  const { client } = fixture;
  const crc = await refusalOf(client.send(
    new PutObjectCommand({ Bucket: "logs", Key: "a", Body: "a", ChecksumCRC32: "AAAAAA==" }),
  ));
  const md5 = await refusalOf(client.send(
    new PutObjectCommand({
      Bucket: "logs",
      Key: "a",
      Body: "a",
      ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==",
    }),
  ));
  assertEquals([crc.name, crc.status], ["BadDigest", 400]);
  assertEquals([md5.name, md5.status], ["BadDigest", 400]);
  assertEquals(fixture.s3.state.buckets.get("logs")?.objects.size, 0);
});

Deno.test("the SDK's own digest of a control-plane call is accepted", async () => {
  await using fixture = await startFixture();
  const bucket = fixture.s3.state.createBucket("logs");
  await fixture.client.send(
    new PutBucketTaggingCommand({
      Bucket: "logs",
      Tagging: { TagSet: [{ Key: "a", Value: "b" }] },
    }),
  );
  assertEquals(bucket.tags, [{ key: "a", value: "b" }]);
});
