/** Cases about the settings of a bucket. */
import {
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";
import { type CloudCase, refusalOf } from "./place.ts";

const plain: readonly CloudCase[] = [
  {
    claim: "versioning has no status until it is set, then Enabled or Suspended",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const seen = [(await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status];
      for (const Status of ["Enabled", "Suspended"] as const) {
        const VersioningConfiguration = { Status };
        await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
        seen.push((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status);
      }
      assertEquals(seen, [undefined, "Enabled", "Suspended"]);
    },
  },
  {
    claim: "tags are replaced as a whole, and absent ones are NoSuchTagSet",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const none = { code: "NoSuchTagSet", status: 404 };
      const get = () => s3.send(new GetBucketTaggingCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
      for (
        const TagSet of [[{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }], [
          { Key: "c", Value: "x =+-._:/@" },
        ]]
      ) {
        await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
        const stored = (await get()).TagSet ?? [];
        assertEquals(stored.sort((left, right) => left.Key! < right.Key! ? -1 : 1), TagSet);
      }
      await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
      await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    },
  },
  {
    claim: "tags may have letters of any language",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const TagSet = [{ Key: "größe", Value: "大" }];
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
      const stored = await s3.send(new GetBucketTaggingCommand({ Bucket }));
      assertEquals(stored.TagSet, TagSet);
    },
  },
  {
    claim: "two tags of one key are refused with 400",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const TagSet = [{ Key: "a", Value: "1" }, { Key: "a", Value: "2" }];
      const command = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } });
      assertEquals((await refusalOf(s3.send(command))).status, 400);
    },
  },
  {
    claim: "a new bucket belongs to its owner alone",
    run: async ({ s3, bucket }) => {
      const { Grants = [] } = await s3.send(new GetBucketAclCommand({ Bucket: await bucket() }));
      assertEquals(Grants.map(({ Permission }) => Permission), ["FULL_CONTROL"]);
    },
  },
  {
    claim: "a new bucket logs nowhere",
    run: async ({ s3, bucket }) => {
      const { LoggingEnabled } = await s3.send(
        new GetBucketLoggingCommand({ Bucket: await bucket() }),
      );
      assertEquals(LoggingEnabled, undefined);
    },
  },
];

const documents: readonly CloudCase[] = [
  {
    claim: "a bucket policy comes back as it was put, and an absent one is NoSuchBucketPolicy",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const none = { code: "NoSuchBucketPolicy", status: 404 };
      const get = () => s3.send(new GetBucketPolicyCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
      const policy = {
        Version: "2012-10-17",
        Statement: [{
          Effect: "Deny",
          Principal: { AWS: ["*"] },
          Action: ["s3:GetObject"],
          Resource: [`arn:aws:s3:::${Bucket}/secret/*`],
        }],
      };
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
      assertEquals(JSON.parse((await get()).Policy ?? ""), policy);
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
    },
  },
  {
    claim: "a bucket policy that is no JSON is MalformedPolicy",
    run: async ({ s3, bucket }) => {
      const command = new PutBucketPolicyCommand({ Bucket: await bucket(), Policy: "{" });
      assertEquals(await refusalOf(s3.send(command)), { code: "MalformedPolicy", status: 400 });
    },
  },
  {
    claim: "CORS rules come back as they were put, and absent ones are NoSuchCORSConfiguration",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const none = { code: "NoSuchCORSConfiguration", status: 404 };
      const get = () => s3.send(new GetBucketCorsCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
      const CORSRules = [{
        AllowedMethods: ["GET", "PUT"],
        AllowedOrigins: ["https://example.com"],
        AllowedHeaders: ["*"],
        ExposeHeaders: ["ETag"],
        MaxAgeSeconds: 300,
      }];
      const CORSConfiguration = { CORSRules };
      await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
      assertEquals((await get()).CORSRules, CORSRules);
      await s3.send(new DeleteBucketCorsCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
    },
  },
  {
    claim: "lifecycle rules come back, and absent ones are NoSuchLifecycleConfiguration",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const none = { code: "NoSuchLifecycleConfiguration", status: 404 };
      const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
      const rule = {
        ID: "tidy",
        Status: "Enabled" as const,
        Filter: { Prefix: "logs/" },
        Expiration: { Days: 100 },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      };
      const LifecycleConfiguration = { Rules: [rule] };
      const put = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration });
      await s3.send(put);
      assertEquals((await get()).Rules, [rule]);
      await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
    },
  },
  {
    claim: "a lifecycle rule that aborts unfinished uploads comes back",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const rule = {
        ID: "tidy",
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      };
      const LifecycleConfiguration = { Rules: [rule] };
      const put = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration });
      await s3.send(put);
      const stored = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      assertEquals(
        stored.Rules?.map(({ AbortIncompleteMultipartUpload }) => AbortIncompleteMultipartUpload),
        [rule.AbortIncompleteMultipartUpload],
      );
    },
  },
  {
    claim: "a bucket without object lock has no configuration of it",
    run: async ({ s3, bucket }) => {
      const command = new GetObjectLockConfigurationCommand({ Bucket: await bucket() });
      const refusal = await refusalOf(s3.send(command));
      assertEquals(refusal, { code: "ObjectLockConfigurationNotFoundError", status: 404 });
    },
  },
  {
    claim: "object lock at creation switches versioning on",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket({ ObjectLockEnabledForBucket: true });
      const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
      assertEquals(Status, "Enabled");
    },
  },
  {
    claim: "a bucket with object lock takes a default retention",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket({ ObjectLockEnabledForBucket: true });
      const configuration = {
        ObjectLockEnabled: "Enabled" as const,
        Rule: { DefaultRetention: { Mode: "GOVERNANCE" as const, Days: 1 } },
      };
      const put = { Bucket, ObjectLockConfiguration: configuration };
      await s3.send(new PutObjectLockConfigurationCommand(put));
      const stored = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
      assertEquals(stored.ObjectLockConfiguration, configuration);
    },
  },
  {
    claim: "versioning of a bucket with object lock cannot be suspended",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket({ ObjectLockEnabledForBucket: true });
      const VersioningConfiguration = { Status: "Suspended" as const };
      const command = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration });
      assertEquals(await refusalOf(s3.send(command)), { code: "InvalidBucketState", status: 409 });
    },
  },
];

const lacking: readonly CloudCase[] = [
  {
    claim: "encryption and public access blocks are MethodNotAllowed, as on Wasabi",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const ServerSideEncryptionConfiguration = {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }],
      };
      const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
      const calls = [
        s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration })),
        s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration })),
      ];
      const settled = await Promise.allSettled(calls.map((call) => refusalOf(call)));
      assert(settled.every((one) => one.status === "fulfilled" && one.value.status === 405));
    },
  },
];

/** All cases of this file. */
export const settingCases: readonly CloudCase[] = [...plain, ...documents, ...lacking];
