import { assertEquals, assertRejects } from "@std/assert";
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { emptyOneBatch } from "../../../src/wasabi/empty_bucket.ts";
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
  assertEquals(await emptyOneBatch(stage.s3, Bucket), { versions: 4, uploads: 1, empty: false });
  assertEquals(await emptyOneBatch(stage.s3, Bucket), { versions: 0, uploads: 0, empty: true });
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
  assertEquals(batches.map(({ versions, empty }) => [versions, empty]), [
    [1_000, false],
    [5, false],
    [0, true],
  ]);
});

Deno.test("a bucket that is empty is left without a delete call", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, Bucket);
  stage.service.faults.inject({
    match: { operation: "DeleteObjects" },
    effect: { kind: "error", status: 500, code: "InternalError" },
  });
  assertEquals((await emptyOneBatch(stage.s3, Bucket)).empty, true);
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
