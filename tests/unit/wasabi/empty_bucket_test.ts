import { assertEquals, assertRejects } from "@std/assert";
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { countContents, emptyOneBatch } from "../../../src/wasabi/empty_bucket.ts";
import { ProviderError } from "../../../src/wasabi/error.ts";
import { createBucket, deleteBucket, putVersioning } from "../../../src/wasabi/s3.ts";
import { startService } from "./fixture.ts";

const Bucket = "bucket-one";

Deno.test("versions, delete markers and unfinished uploads go, and then the bucket can", async () => {
  await using stage = await startService();
  const { client } = stage.session;
  await createBucket(stage.s3, Bucket);
  await putVersioning(stage.s3, Bucket, { status: "Enabled" });
  for (const Key of ["a", "a", "b/ü & c"]) {
    // deno-lint-ignore no-await-in-loop
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  }
  await client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "half" }));
  assertEquals(await countContents(stage.s3, Bucket), {
    versions: 3,
    deleteMarkers: 1,
    uploads: 1,
    more: false,
  });
  assertEquals(await emptyOneBatch(stage.s3, Bucket), {
    kind: "progress",
    versions: 4,
    uploads: 1,
  });
  assertEquals(await emptyOneBatch(stage.s3, Bucket), { kind: "empty" });
  await deleteBucket(stage.s3, Bucket);
});

Deno.test("more objects than a batch holds are emptied batch by batch", async () => {
  await using stage = await startService({}, { requestTimeoutMs: 10_000 });
  const { client } = stage.session;
  await createBucket(stage.s3, Bucket);
  for (let first = 0; first < 1_005; first += 15) {
    // deno-lint-ignore no-await-in-loop
    await Promise.all(
      Array.from(
        { length: 15 },
        (_, number) =>
          client.send(new PutObjectCommand({ Bucket, Key: `key-${first + number}`, Body: "x" })),
      ),
    );
  }
  const batches = [
    await emptyOneBatch(stage.s3, Bucket),
    await emptyOneBatch(stage.s3, Bucket),
    await emptyOneBatch(stage.s3, Bucket),
  ];
  assertEquals(batches, [
    { kind: "progress", versions: 1_000, uploads: 0 },
    { kind: "progress", versions: 5, uploads: 0 },
    { kind: "empty" },
  ]);
});

Deno.test("a bucket that is empty is left without a delete call", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, Bucket);
  stage.service.faults.inject({
    match: { operation: "DeleteObjects" },
    effect: { kind: "error", status: 500, code: "InternalError" },
  });
  assertEquals((await emptyOneBatch(stage.s3, Bucket)).kind, "empty");
  assertEquals(stage.service.faults.pending, 1);
});

Deno.test("a batch that fails says so", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, Bucket);
  await stage.session.client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
  stage.service.faults.inject({
    match: { operation: "DeleteObjects" },
    effect: { kind: "error", status: 403, code: "AccessDenied" },
  });
  const error = await assertRejects(() => emptyOneBatch(stage.s3, Bucket), ProviderError);
  assertEquals([error.kind, error.operation], ["AccessDenied", "DeleteObjects"]);
});

Deno.test("locked versions stay, what lies behind them goes, and the end of the lock is told", async () => {
  await using stage = await startService({}, { requestTimeoutMs: 10_000 });
  const { client } = stage.session;
  await createBucket(stage.s3, Bucket, { objectLock: true });
  const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000);
  const lock = { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: until } as const;
  for (let first = 0; first < 1_005; first += 15) {
    // deno-lint-ignore no-await-in-loop
    await Promise.all(
      Array.from({ length: 15 }, (_, number) => {
        const Key = `key-${first + number}`;
        return client.send(new PutObjectCommand({ Bucket, Key, Body: "x", ...lock }));
      }),
    );
  }
  await client.send(new PutObjectCommand({ Bucket, Key: "z", Body: "x" }));
  assertEquals(await emptyOneBatch(stage.s3, Bucket), {
    kind: "progress",
    versions: 1,
    uploads: 0,
  });
  assertEquals(await emptyOneBatch(stage.s3, Bucket), {
    kind: "locked",
    versions: 1_005,
    more: false,
    until: until.toISOString(),
  });
});

Deno.test("a version under a legal hold is told as locked without an end", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, Bucket, { objectLock: true });
  await stage.session.client.send(
    new PutObjectCommand({ Bucket, Key: "a", Body: "x", ObjectLockLegalHoldStatus: "ON" }),
  );
  const batch = await emptyOneBatch(stage.s3, Bucket);
  assertEquals(batch, { kind: "locked", versions: 1, more: false, until: undefined });
});
