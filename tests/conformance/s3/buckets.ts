/** Cases about buckets. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CreateMultipartUploadCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";
import { type CloudCase, empty, refusalOf } from "./place.ts";

async function refusesNames(s3: S3Client, names: readonly string[]): Promise<void> {
  for (const Bucket of names) {
    const refusal = await refusalOf(s3.send(new CreateBucketCommand({ Bucket })));
    assertEquals(refusal, { code: "InvalidBucketName", status: 400 }, Bucket);
  }
}

const lives: readonly CloudCase[] = [
  {
    claim: "a created bucket is listed, found and deleted",
    run: async ({ s3, name }) => {
      const Bucket = name();
      await s3.send(new CreateBucketCommand({ Bucket }));
      const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
      assert(Buckets.some(({ Name, CreationDate }) => Name === Bucket && CreationDate));
      await s3.send(new HeadBucketCommand({ Bucket }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
      const gone = await refusalOf(s3.send(new HeadBucketCommand({ Bucket })));
      assertEquals(gone.status, 404);
    },
  },
  {
    claim: "a bucket's region is in the answer to HeadBucket",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket }));
      assertEquals(BucketRegion, "us-east-1");
    },
  },
  {
    claim: "a bucket in us-east-1 has no location constraint",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
      assertEquals(LocationConstraint, undefined);
    },
  },
  {
    claim: "a listing of buckets can be asked for one at a time",
    run: async ({ s3, bucket }) => {
      await bucket();
      await bucket();
      const page = await s3.send(new ListBucketsCommand({ MaxBuckets: 1 }));
      assertEquals(page.Buckets?.length, 1);
      assert(page.ContinuationToken);
    },
  },
  {
    claim: "a bucket that one has already is BucketAlreadyOwnedByYou",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const refusal = await refusalOf(s3.send(new CreateBucketCommand({ Bucket })));
      assertEquals(refusal, { code: "BucketAlreadyOwnedByYou", status: 409 });
    },
  },
  {
    claim: "a name that is too short or has capitals is InvalidBucketName",
    run: ({ s3 }) => refusesNames(s3, ["ab", "Capital-Letters"]),
  },
  {
    claim: "a name that begins with a hyphen or has empty labels is InvalidBucketName",
    run: ({ s3 }) => refusesNames(s3, ["-begins", "a..b"]),
  },
  {
    claim: "a constraint for another region than the endpoint's is refused with 400",
    run: async ({ s3, name }) => {
      const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" as const };
      const command = new CreateBucketCommand({ Bucket: name(), CreateBucketConfiguration });
      assertEquals((await refusalOf(s3.send(command))).status, 400);
    },
  },
];

/** What is asked of a bucket that does not exist. */
const callsOfAbsent: Readonly<
  Record<string, (s3: S3Client, Bucket: string) => Promise<unknown>>
> = {
  GetBucketLocation: (s3, Bucket) => s3.send(new GetBucketLocationCommand({ Bucket })),
  GetBucketVersioning: (s3, Bucket) => s3.send(new GetBucketVersioningCommand({ Bucket })),
  GetBucketTagging: (s3, Bucket) => s3.send(new GetBucketTaggingCommand({ Bucket })),
  ListObjectVersions: (s3, Bucket) => s3.send(new ListObjectVersionsCommand({ Bucket })),
  ListMultipartUploads: (s3, Bucket) => s3.send(new ListMultipartUploadsCommand({ Bucket })),
  DeleteBucket: (s3, Bucket) => s3.send(new DeleteBucketCommand({ Bucket })),
  DeleteBucketTagging: (s3, Bucket) => s3.send(new DeleteBucketTaggingCommand({ Bucket })),
  PutBucketTagging: (s3, Bucket) => {
    const Tagging = { TagSet: [{ Key: "a", Value: "b" }] };
    return s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
  },
  PutBucketVersioning: (s3, Bucket) => {
    const VersioningConfiguration = { Status: "Enabled" as const };
    return s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  },
  PutObject: (s3, Bucket) => s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" })),
};

const absent: readonly CloudCase[] = Object.entries(callsOfAbsent).map(([operation, call]) => ({
  claim: `${operation} of a bucket that does not exist is NoSuchBucket`,
  run: async ({ s3, name }) => {
    assertEquals(await refusalOf(call(s3, name())), { code: "NoSuchBucket", status: 404 });
  },
}));

const emptying: readonly CloudCase[] = [
  {
    claim: "a bucket with an object is BucketNotEmpty",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
      const refusal = await refusalOf(s3.send(new DeleteBucketCommand({ Bucket })));
      assertEquals(refusal, { code: "BucketNotEmpty", status: 409 });
    },
  },
  {
    claim: "a bucket with nothing but a delete marker is BucketNotEmpty",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const VersioningConfiguration = { Status: "Enabled" as const };
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      const refusal = await refusalOf(s3.send(new DeleteBucketCommand({ Bucket })));
      assertEquals(refusal, { code: "BucketNotEmpty", status: 409 });
    },
  },
  {
    claim: "a bucket with nothing but an unfinished upload is BucketNotEmpty",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }));
      const refusal = await refusalOf(s3.send(new DeleteBucketCommand({ Bucket })));
      assertEquals(refusal, { code: "BucketNotEmpty", status: 409 });
    },
  },
  {
    claim: "a bucket is emptied by its lists of versions, markers and uploads, and then deleted",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const VersioningConfiguration = { Status: "Enabled" as const };
      await s3.send(new PutObjectCommand({ Bucket, Key: "before", Body: "a" }));
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      for (const Body of ["1", "2"]) {
        await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body }));
      }
      await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "b" }));
      await empty(s3, Bucket);
      await s3.send(new DeleteBucketCommand({ Bucket }));
      const gone = await refusalOf(s3.send(new HeadBucketCommand({ Bucket })));
      assertEquals(gone.status, 404);
    },
  },
];

/** All cases of this file. */
export const bucketCases: readonly CloudCase[] = [...lives, ...absent, ...emptying];
