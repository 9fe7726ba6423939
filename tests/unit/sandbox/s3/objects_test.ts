import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { assertEquals, assertMatch } from "@std/assert";

import { type Fixture, refusalOf, startFixture } from "./fixture.ts";

const Bucket = "logs";

async function startWithBucket(versioning?: "Enabled"): Promise<Fixture> {
  const fixture = await startFixture();
  fixture.s3.state.createBucket(Bucket).versioning = versioning;
  return fixture;
}

Deno.test("an object comes back with its bytes and headers", async () => {
  await using fixture = await startWithBucket();
  const { client } = fixture;
  const Key = "a b/ü+?&=.txt";
  await client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: "hello",
      ContentType: "text/plain",
      Metadata: { x: "1" },
    }),
  );
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }));

  assertEquals(await got.Body?.transformToString(), "hello");
  assertEquals(got.ContentType, "text/plain");
  assertEquals(got.ETag, '"5d41402abc4b2a76b9719d911017c592"');
  assertEquals([head.ContentLength, head.Metadata], [5, { x: "1" }]);
  assertEquals(head.VersionId, undefined);
});

Deno.test("a versioned bucket keeps versions and hides by markers", async () => {
  await using fixture = await startWithBucket("Enabled");
  const { client } = fixture;
  const Key = "a";
  const first = await client.send(new PutObjectCommand({ Bucket, Key, Body: "1" }));
  await client.send(new PutObjectCommand({ Bucket, Key, Body: "2" }));
  const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key }));
  const hidden = await refusalOf(client.send(new GetObjectCommand({ Bucket, Key })));
  const VersionId = first.VersionId ?? "";
  const old = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  const versions = await client.send(new ListObjectVersionsCommand({ Bucket }));

  assertEquals(deleted.DeleteMarker, true);
  assertEquals([hidden.name, hidden.status], ["NoSuchKey", 404]);
  assertEquals(await old.Body?.transformToString(), "1");
  assertEquals(versions.Versions?.map((version) => version.IsLatest), [false, false]);
  assertEquals(versions.DeleteMarkers?.map((marker) => [marker.Key, marker.IsLatest]), [
    [Key, true],
  ]);
});

Deno.test("1,001 versions are listed in two pages and deleted in two calls", async () => {
  await using fixture = await startWithBucket("Enabled");
  const { client, s3 } = fixture;
  for (let index = 0; index < 1_001; index++) s3.state.putObject(Bucket, `k${index % 500}`);

  const sizes: number[] = [];
  let markers = {};
  do {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...markers }));
    const Objects = (page.Versions ?? []).map(({ Key = "", VersionId = "" }) => ({
      Key,
      VersionId,
    }));
    sizes.push(Objects.length);
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assertEquals(answer.Deleted?.length, Objects.length);
    markers = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : {};
  } while (Object.keys(markers).length > 0);

  assertEquals(sizes, [1_000, 1]);
  assertEquals(s3.state.buckets.get(Bucket)?.objects.size, 0);
});

Deno.test("listings page by keys and group by delimiter", async () => {
  await using fixture = await startWithBucket();
  const { client, s3 } = fixture;
  for (const key of ["a/1", "a/2", "b", "c/1", "d"]) s3.state.putObject(Bucket, key);

  const first = await client.send(
    new ListObjectsV2Command({ Bucket, Delimiter: "/", MaxKeys: 2 }),
  );
  const ContinuationToken = first.NextContinuationToken ?? "";
  const second = await client.send(
    new ListObjectsV2Command({ Bucket, Delimiter: "/", ContinuationToken }),
  );
  const old = await client.send(new ListObjectsCommand({ Bucket, Prefix: "a/", MaxKeys: 1 }));

  assertEquals(first.CommonPrefixes, [{ Prefix: "a/" }]);
  assertEquals(first.Contents?.map((object) => object.Key), ["b"]);
  assertEquals([first.IsTruncated, first.KeyCount], [true, 2]);
  assertEquals(second.CommonPrefixes, [{ Prefix: "c/" }]);
  assertEquals(second.Contents?.map((object) => object.Key), ["d"]);
  assertEquals(second.IsTruncated, false);
  assertEquals(old.Contents?.map((object) => object.Key), ["a/1"]);
  assertEquals(old.IsTruncated, true);
});

Deno.test("DeleteObjects takes at most 1,000 keys", async () => {
  await using fixture = await startWithBucket();
  const Objects = Array.from({ length: 1_001 }, (_, index) => ({ Key: `k${index}` }));
  const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects } });
  const refused = await refusalOf(fixture.client.send(command));
  assertEquals([refused.name, refused.status], ["MalformedXML", 400]);
});

Deno.test("unfinished uploads are listed in pages and aborted", async () => {
  await using fixture = await startWithBucket();
  const { client, s3 } = fixture;
  for (const Key of ["a", "a", "b"]) {
    await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  }
  const first = await client.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1 }));
  const KeyMarker = first.NextKeyMarker ?? "";
  const UploadIdMarker = first.NextUploadIdMarker ?? "";
  const rest = await client.send(
    new ListMultipartUploadsCommand({ Bucket, KeyMarker, UploadIdMarker }),
  );
  for (const { Key, UploadId } of [...first.Uploads ?? [], ...rest.Uploads ?? []]) {
    const target = { Key: Key ?? "", UploadId: UploadId ?? "" };
    await client.send(new AbortMultipartUploadCommand({ Bucket, ...target }));
  }

  assertEquals(first.IsTruncated, true);
  assertEquals(rest.Uploads?.map((upload) => upload.Key), ["a", "b"]);
  assertEquals(s3.state.buckets.get(Bucket)?.uploads.size, 0);
  const again = await refusalOf(client.send(
    new AbortMultipartUploadCommand({ Bucket, Key: "a", UploadId: "gone" }),
  ));
  assertEquals([again.name, again.status], ["NoSuchUpload", 404]);
});

Deno.test("a completed upload is one object", async () => {
  await using fixture = await startWithBucket();
  const { client } = fixture;
  const Key = "big";
  const { UploadId = "" } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Body = "part";
  const { ETag = "" } = await client.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }),
  );
  const wrong = await refusalOf(client.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"0"' }] },
    }),
  ));
  const done = await client.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    }),
  );
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));

  assertEquals(wrong.name, "InvalidPart");
  assertMatch(done.ETag ?? "", /^"[0-9a-f]{32}-1"$/);
  assertEquals(await got.Body?.transformToString(), "part");
});
