/** Cases about objects, versions and uploads. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { type CloudCase, type CloudPlace, refusalOf } from "./place.ts";

async function put(s3: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
}

async function versionedBucket({ s3, bucket }: CloudPlace): Promise<string> {
  const Bucket = await bucket();
  const VersioningConfiguration = { Status: "Enabled" as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  return Bucket;
}

const single: readonly CloudCase[] = [
  {
    claim: "an object comes back with its bytes, type and metadata",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const object = { Bucket, Key: "a/ä b+c" };
      const ContentType = "text/plain";
      const Metadata = { x: "1" };
      await s3.send(new PutObjectCommand({ ...object, Body: "hello", ContentType, Metadata }));
      const got = await s3.send(new GetObjectCommand(object));
      assertEquals(await got.Body?.transformToString(), "hello");
      const head = await s3.send(new HeadObjectCommand(object));
      assertEquals([head.ContentType, head.ContentLength, head.Metadata, head.ETag], [
        ContentType,
        5,
        Metadata,
        '"5d41402abc4b2a76b9719d911017c592"',
      ]);
    },
  },
  {
    claim: "a missing object is NoSuchKey, and deleting it is no error",
    run: async ({ s3, bucket }) => {
      const object = { Bucket: await bucket(), Key: "missing" };
      const refusal = await refusalOf(s3.send(new GetObjectCommand(object)));
      assertEquals(refusal, { code: "NoSuchKey", status: 404 });
      assertEquals((await refusalOf(s3.send(new HeadObjectCommand(object)))).status, 404);
      await s3.send(new DeleteObjectCommand(object));
    },
  },
];

const listing: readonly CloudCase[] = [
  {
    claim: "a listing pages by keys and groups by delimiter",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      await put(s3, Bucket, ["a/1", "a/2", "b", "c/1", "d"]);
      const first = await s3.send(
        new ListObjectsV2Command({ Bucket, Delimiter: "/", MaxKeys: 2 }),
      );
      assertEquals(first.CommonPrefixes?.map(({ Prefix }) => Prefix), ["a/"]);
      assertEquals(first.Contents?.map(({ Key }) => Key), ["b"]);
      assertEquals([first.IsTruncated, first.KeyCount], [true, 2]);
      const ContinuationToken = first.NextContinuationToken;
      const rest = await s3.send(
        new ListObjectsV2Command({ Bucket, Delimiter: "/", ContinuationToken }),
      );
      assertEquals(rest.CommonPrefixes?.map(({ Prefix }) => Prefix), ["c/"]);
      assertEquals(rest.Contents?.map(({ Key }) => Key), ["d"]);
    },
  },
  {
    claim: "versions and delete markers are listed in pages, the newest of a key first",
    run: async (place) => {
      const { s3 } = place;
      const Bucket = await versionedBucket(place);
      await put(s3, Bucket, ["a", "a", "b"]);
      await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      const seen: string[] = [];
      let markers = {};
      for (let page = 0; page < 5; page++) {
        const answer = await s3.send(
          new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }),
        );
        for (const one of answer.DeleteMarkers ?? []) seen.push(`marker ${one.Key}`);
        for (const one of answer.Versions ?? []) seen.push(`${one.Key} latest: ${one.IsLatest}`);
        if (!answer.IsTruncated) break;
        markers = {
          KeyMarker: answer.NextKeyMarker,
          VersionIdMarker: answer.NextVersionIdMarker,
        };
      }
      assertEquals(seen, [
        "marker a",
        "a latest: false",
        "a latest: false",
        "b latest: true",
      ]);
    },
  },
  {
    claim: "an object from before versioning has the version null",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      await put(s3, Bucket, ["a"]);
      const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      assertEquals(Versions?.map(({ VersionId }) => VersionId), ["null"]);
    },
  },
];

const versions: readonly CloudCase[] = [
  {
    claim: "a deletion hides an object, and deleting the marker shows it again",
    run: async (place) => {
      const { s3 } = place;
      const object = { Bucket: await versionedBucket(place), Key: "a" };
      const { VersionId } = await s3.send(new PutObjectCommand({ ...object, Body: "1" }));
      const deleted = await s3.send(new DeleteObjectCommand(object));
      assertEquals(deleted.DeleteMarker, true);
      assertNotEquals(deleted.VersionId, VersionId);
      assertEquals((await refusalOf(s3.send(new GetObjectCommand(object)))).code, "NoSuchKey");
      const old = await s3.send(new GetObjectCommand({ ...object, VersionId }));
      assertEquals(await old.Body?.transformToString(), "1");
      const marker = { ...object, VersionId: deleted.VersionId };
      await s3.send(new DeleteObjectCommand(marker));
      const shown = await s3.send(new GetObjectCommand(object));
      assertEquals(await shown.Body?.transformToString(), "1");
    },
  },
  {
    claim: "a deletion of many tells what it deleted, missing keys too",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      await put(s3, Bucket, ["a"]);
      const Objects = [{ Key: "a" }, { Key: "missing" }];
      const told = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      assertEquals(told.Deleted?.map(({ Key }) => Key).sort(), ["a", "missing"]);
    },
  },
  {
    claim: "a deletion of many is silent when asked to be",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      await put(s3, Bucket, ["b"]);
      const Delete = { Objects: [{ Key: "b" }], Quiet: true };
      const silent = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
      assertEquals([silent.Deleted ?? [], silent.Errors ?? []], [[], []]);
      const left = await s3.send(new ListObjectsV2Command({ Bucket }));
      assertEquals(left.KeyCount, 0);
    },
  },
  {
    claim: "a deletion of 1,001 keys is MalformedXML",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const Objects = Array.from({ length: 1_001 }, (_, index) => ({ Key: `k${index}` }));
      const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects } });
      assertEquals(await refusalOf(s3.send(command)), { code: "MalformedXML", status: 400 });
    },
  },
  {
    claim: "a locked version stays until its retention is over",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket({ ObjectLockEnabledForBucket: true });
      const object = { Bucket, Key: "a" };
      const { VersionId } = await s3.send(
        new PutObjectCommand({
          ...object,
          Body: "1",
          ObjectLockMode: "GOVERNANCE",
          ObjectLockRetainUntilDate: new Date(Date.now() + 3_600_000),
        }),
      );
      const version = { ...object, VersionId };
      const refusal = await refusalOf(s3.send(new DeleteObjectCommand(version)));
      assertEquals(refusal, { code: "AccessDenied", status: 403 });
      const Delete = { Objects: [{ Key: "a", VersionId }] };
      const { Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
      assertEquals(Errors?.map(({ Code }) => Code), ["AccessDenied"]);
      const BypassGovernanceRetention = true;
      await s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention }));
    },
  },
];

const uploads: readonly CloudCase[] = [
  {
    claim: "unfinished uploads are listed, aborted and then gone",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const upload = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }));
      const { Uploads } = await s3.send(
        new ListMultipartUploadsCommand({ Bucket, MaxUploads: 100 }),
      );
      assertEquals(Uploads?.map(({ Key, UploadId }) => [Key, UploadId]), [["a", upload.UploadId]]);
      const { UploadId } = upload;
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "a", UploadId }));
      const after = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
      assertEquals(after.Uploads ?? [], []);
    },
  },
  {
    claim: "an upload that does not exist is NoSuchUpload",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }));
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "a", UploadId }));
      const part = { Bucket, Key: "a", UploadId, PartNumber: 1, Body: "x" };
      const refusal = await refusalOf(s3.send(new UploadPartCommand(part)));
      assertEquals(refusal, { code: "NoSuchUpload", status: 404 });
    },
  },
  {
    claim: "parts become one object",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const Key = "a";
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const Parts = [];
      for (const [index, Body] of ["x".repeat(5 * 1024 * 1024), "end"].entries()) {
        const PartNumber = index + 1;
        const part = { Bucket, Key, UploadId, PartNumber, Body };
        const { ETag } = await s3.send(new UploadPartCommand(part));
        Parts.push({ PartNumber, ETag });
      }
      const MultipartUpload = { Parts };
      const done = await s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }),
      );
      assertMatch(done.ETag ?? "", /^"[0-9a-f]{32}-2"$/);
      const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
      assertEquals(ContentLength, 5 * 1024 * 1024 + 3);
    },
  },
  {
    claim: "a part that was not uploaded is InvalidPart",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const Key = "a";
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "x" }));
      const ETag = '"00000000000000000000000000000000"';
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
      const command = { Bucket, Key, UploadId, MultipartUpload };
      const refusal = await refusalOf(s3.send(new CompleteMultipartUploadCommand(command)));
      assertEquals(refusal, { code: "InvalidPart", status: 400 });
    },
  },
  {
    claim: "a part below 5 MiB that is not the last is EntityTooSmall",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const Key = "a";
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const Parts = [];
      for (const PartNumber of [1, 2]) {
        const part = { Bucket, Key, UploadId, PartNumber, Body: "x" };
        Parts.push({ PartNumber, ETag: (await s3.send(new UploadPartCommand(part))).ETag });
      }
      const MultipartUpload = { Parts };
      const command = { Bucket, Key, UploadId, MultipartUpload };
      const refusal = await refusalOf(s3.send(new CompleteMultipartUploadCommand(command)));
      assertEquals(refusal, { code: "EntityTooSmall", status: 400 });
    },
  },
];

/** All cases of this file. */
export const objectCases: readonly CloudCase[] = [...single, ...listing, ...versions, ...uploads];
