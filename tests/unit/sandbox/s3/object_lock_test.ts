import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLockConfigurationCommand,
  type ObjectLockRule,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";

import { FakeClock } from "../../../support/fake_clock.ts";
import { type Fixture, refusalOf, startFixture } from "./fixture.ts";

const Bucket = "vault";
const Key = "a";

async function withLock(clock = new FakeClock(Date.now())): Promise<Fixture> {
  const fixture = await startFixture({ clock });
  await fixture.client.send(
    new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }),
  );
  return fixture;
}

function configure({ client }: Fixture, Rule?: ObjectLockRule): Promise<unknown> {
  const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" as const, ...(Rule && { Rule }) };
  return client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
}

async function put({ client }: Fixture, lock: object = {}): Promise<string | undefined> {
  return (await client.send(new PutObjectCommand({ Bucket, Key, Body: "x", ...lock }))).VersionId;
}

Deno.test("object lock is chosen with the bucket, never later, and keeps versioning on", async () => {
  await using fixture = await withLock();
  const { client, s3 } = fixture;
  const read = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
  assertEquals(read.ObjectLockConfiguration, { ObjectLockEnabled: "Enabled" });
  const VersioningConfiguration = { Status: "Suspended" as const };
  const suspended = client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }),
  );
  assertEquals((await refusalOf(suspended)).name, "InvalidBucketState");

  s3.state.createBucket("plain");
  const plain = { Bucket: "plain" };
  const absent = await refusalOf(client.send(new GetObjectLockConfigurationCommand(plain)));
  assertEquals([absent.name, absent.status], ["ObjectLockConfigurationNotFoundError", 404]);
  const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" as const };
  const late = client.send(
    new PutObjectLockConfigurationCommand({ ...plain, ObjectLockConfiguration }),
  );
  assertEquals((await refusalOf(late)).status, 409);
  const headers = new PutObjectCommand({ ...plain, Key, ObjectLockLegalHoldStatus: "ON" });
  assertEquals((await refusalOf(client.send(headers))).name, "InvalidRequest");
});

Deno.test("the default retention is days or years, and can be taken back", async () => {
  await using fixture = await withLock();
  const rule = { DefaultRetention: { Mode: "COMPLIANCE" as const, Years: 1 } };
  await configure(fixture, rule);
  const command = () => new GetObjectLockConfigurationCommand({ Bucket });
  assertEquals((await fixture.client.send(command())).ObjectLockConfiguration?.Rule, rule);
  const both = configure(fixture, { DefaultRetention: { Mode: "GOVERNANCE", Days: 1, Years: 1 } });
  assertEquals((await refusalOf(both)).name, "MalformedXML");
  const zero = configure(fixture, { DefaultRetention: { Mode: "GOVERNANCE", Days: 0 } });
  assertEquals((await refusalOf(zero)).name, "InvalidRetentionPeriod");
  await configure(fixture);
  assertEquals((await fixture.client.send(command())).ObjectLockConfiguration?.Rule, undefined);
});

Deno.test("a version under retention can be hidden but not removed, until its time is over", async () => {
  const clock = new FakeClock(Date.now());
  await using fixture = await withLock(clock);
  const { client, s3 } = fixture;
  await configure(fixture, { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } });
  const VersionId = await put(fixture);
  const hidden = await client.send(new DeleteObjectCommand({ Bucket, Key }));
  assertEquals(hidden.DeleteMarker, true);
  const remove = (bypass = {}) =>
    client.send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...bypass }));
  const refused = await refusalOf(remove());
  const bypassed = await refusalOf(remove({ BypassGovernanceRetention: true }));
  assertEquals([refused.name, refused.status, bypassed.name], [
    "AccessDenied",
    403,
    "AccessDenied",
  ]);
  await clock.advance(25 * 60 * 60 * 1_000);
  // From this answer the client learns what time it is.
  assertEquals((await refusalOf(remove())).name, "RequestTimeTooSkewed");
  await remove();
  assertEquals(s3.state.buckets.get(Bucket)?.objects.get(Key)?.map(({ kind }) => kind), ["marker"]);
});

Deno.test("governance can be bypassed, a legal hold cannot", async () => {
  await using fixture = await withLock();
  const { client } = fixture;
  const governed = await put(fixture, {
    ObjectLockMode: "GOVERNANCE",
    ObjectLockRetainUntilDate: new Date(Date.now() + 3_600_000),
  });
  const held = await put(fixture, { ObjectLockLegalHoldStatus: "ON" });
  const free = await put(fixture);
  const Objects = [governed, held, free].map((VersionId) => ({ Key, VersionId }));
  const remove = (bypass = {}) =>
    client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects }, ...bypass }));

  const first = await remove();
  assertEquals(first.Deleted?.map(({ VersionId }) => VersionId), [free]);
  assertEquals(first.Errors?.map(({ Code, VersionId }) => [Code, VersionId]), [
    ["AccessDenied", governed],
    ["AccessDenied", held],
  ]);
  const second = await remove({ BypassGovernanceRetention: true });
  assertEquals(second.Errors?.map(({ VersionId }) => VersionId), [held]);
});
