/** Cases about settings of a bucket that not every vendor has. */
import {
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketReplicationCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketReplicationCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { type CloudCase, refusalOf } from "./place.ts";

const VERSIONED = { Status: "Enabled" as const };

/** Settings that Wasabi has. */
export const moreSettingCases: readonly CloudCase[] = [
  {
    claim: "logging comes back as it was put, and an empty status switches it off",
    run: async ({ s3, bucket }) => {
      const [Bucket, TargetBucket] = [await bucket(), await bucket()];
      const LoggingEnabled = { TargetBucket, TargetPrefix: "access/" };
      const get = () => s3.send(new GetBucketLoggingCommand({ Bucket }));
      await s3.send(
        new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }),
      );
      assertEquals((await get()).LoggingEnabled, LoggingEnabled);
      await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }));
      assertEquals((await get()).LoggingEnabled, undefined);
    },
  },
  {
    claim: "replication comes back, and none is ReplicationConfigurationNotFoundError",
    run: async ({ s3, bucket }) => {
      const [Bucket, target] = [await bucket(), await bucket()];
      for (const name of [Bucket, target]) {
        const command = { Bucket: name, VersioningConfiguration: VERSIONED };
        await s3.send(new PutBucketVersioningCommand(command));
      }
      const none = { code: "ReplicationConfigurationNotFoundError", status: 404 };
      const get = () => s3.send(new GetBucketReplicationCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
      const rule = {
        ID: "copies",
        Status: "Enabled" as const,
        Priority: 1,
        Filter: { Prefix: "" },
        DeleteMarkerReplication: { Status: "Disabled" as const },
        Destination: { Bucket: `arn:aws:s3:::${target}` },
      };
      const Role = "arn:aws:iam::123456789012:role/replication";
      const ReplicationConfiguration = { Role, Rules: [rule] };
      await s3.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration }));
      assertEquals((await get()).ReplicationConfiguration, ReplicationConfiguration);
      await s3.send(new DeleteBucketReplicationCommand({ Bucket }));
      assertEquals(await refusalOf(get()), none);
    },
  },
  {
    claim: "a lifecycle filter of sizes and tags, and a number of kept versions, come back",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const rule = {
        ID: "tidy",
        Status: "Enabled" as const,
        Filter: {
          And: {
            Prefix: "logs/",
            Tags: [{ Key: "keep", Value: "no" }],
            ObjectSizeGreaterThan: 500,
            ObjectSizeLessThan: 5_000_000_000,
          },
        },
        NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 3 },
      };
      const LifecycleConfiguration = { Rules: [rule] };
      const put = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration });
      await s3.send(put);
      const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      assertEquals(Rules, [rule]);
    },
  },
];

/** Settings that Wasabi has not. */
export const otherVendorCases: readonly CloudCase[] = [
  {
    claim: "a default encryption comes back, and none is told by a code of its own",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const get = () => s3.send(new GetBucketEncryptionCommand({ Bucket }));
      const encryption = {
        SSEAlgorithm: "aws:kms" as const,
        KMSMasterKeyID: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890",
      };
      const Rules = [{ ApplyServerSideEncryptionByDefault: encryption }];
      const ServerSideEncryptionConfiguration = { Rules };
      await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
      const stored = (await get()).ServerSideEncryptionConfiguration?.Rules ?? [];
      assertEquals(stored.map((one) => one.ApplyServerSideEncryptionByDefault), [encryption]);
      await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
      const code = "ServerSideEncryptionConfigurationNotFoundError";
      assertEquals(await refusalOf(get()), { code, status: 404 });
    },
  },
  {
    claim: "a public access block comes back, and none is told by a code of its own",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const get = () => s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      const PublicAccessBlockConfiguration = {
        BlockPublicAcls: true,
        IgnorePublicAcls: false,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: false,
      };
      await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
      assertEquals((await get()).PublicAccessBlockConfiguration, PublicAccessBlockConfiguration);
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      const code = "NoSuchPublicAccessBlockConfiguration";
      assertEquals(await refusalOf(get()), { code, status: 404 });
    },
  },
  {
    claim: "ownership controls come back, and none are told by a code of their own",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const get = () => s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
      const OwnershipControls = { Rules: [{ ObjectOwnership: "ObjectWriter" as const }] };
      await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
      assertEquals((await get()).OwnershipControls, OwnershipControls);
      await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
      const code = "OwnershipControlsNotFoundError";
      assertEquals(await refusalOf(get()), { code, status: 404 });
    },
  },
  {
    claim: "the owner of a bucket pays for requests, until the requester does",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const payer = async () =>
        (await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer;
      assertEquals(await payer(), "BucketOwner");
      const RequestPaymentConfiguration = { Payer: "Requester" as const };
      await s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration }));
      assertEquals(await payer(), "Requester");
    },
  },
  {
    claim: "lifecycle rules that move objects come back",
    run: async ({ s3, bucket }) => {
      const Bucket = await bucket();
      const rule = {
        ID: "move",
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        Transitions: [{ Days: 90, StorageClass: "GLACIER" as const }],
        NoncurrentVersionTransitions: [{ NoncurrentDays: 30, StorageClass: "GLACIER" as const }],
      };
      const LifecycleConfiguration = { Rules: [rule] };
      const put = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration });
      await s3.send(put);
      const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      assertEquals(Rules, [rule]);
    },
  },
];
