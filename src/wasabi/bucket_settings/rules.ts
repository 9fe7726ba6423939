/**
 * Settings of a bucket that are lists of rules: lifecycle, CORS, replication.
 *
 * Every function throws ProviderError. Writing no rule removes the setting.
 */
import {
  type CORSRule,
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketReplicationCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketReplicationCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketReplicationCommand,
  type ReplicationConfiguration,
} from "@aws-sdk/client-s3";
import { call, type S3 } from "../s3.ts";
import { unlessAbsent } from "./absent.ts";

/** Lifecycle rules of a bucket. */
export async function getLifecycle(s3: S3, name: string): Promise<readonly LifecycleRule[]> {
  const answer = await unlessAbsent(
    call(s3, {
      operation: "GetBucketLifecycleConfiguration",
      send: (client, options) =>
        client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: name }), options),
    }),
    "NoSuchLifecycleConfiguration",
  );
  return answer?.Rules ?? [];
}

/** Replaces all lifecycle rules. */
export async function putLifecycle(
  s3: S3,
  name: string,
  { rules }: { readonly rules: readonly LifecycleRule[] },
): Promise<void> {
  if (rules.length === 0) {
    await call(s3, {
      operation: "DeleteBucketLifecycle",
      send: (client, options) =>
        client.send(new DeleteBucketLifecycleCommand({ Bucket: name }), options),
    });
    return;
  }
  const command = { Bucket: name, LifecycleConfiguration: { Rules: [...rules] } };
  await call(s3, {
    operation: "PutBucketLifecycleConfiguration",
    send: (client, options) =>
      client.send(new PutBucketLifecycleConfigurationCommand(command), options),
  });
}

/** CORS rules of a bucket; the first that fits a request counts. */
export async function getCors(s3: S3, name: string): Promise<readonly CORSRule[]> {
  const answer = await unlessAbsent(
    call(s3, {
      operation: "GetBucketCors",
      send: (client, options) => client.send(new GetBucketCorsCommand({ Bucket: name }), options),
    }),
    "NoSuchCORSConfiguration",
  );
  return answer?.CORSRules ?? [];
}

/** Replaces all CORS rules. */
export async function putCors(
  s3: S3,
  name: string,
  { rules }: { readonly rules: readonly CORSRule[] },
): Promise<void> {
  if (rules.length === 0) {
    await call(s3, {
      operation: "DeleteBucketCors",
      send: (client, options) =>
        client.send(new DeleteBucketCorsCommand({ Bucket: name }), options),
    });
    return;
  }
  const command = { Bucket: name, CORSConfiguration: { CORSRules: [...rules] } };
  await call(s3, {
    operation: "PutBucketCors",
    send: (client, options) => client.send(new PutBucketCorsCommand(command), options),
  });
}

/** Replication of a bucket; undefined when it has none. */
export async function getReplication(
  s3: S3,
  name: string,
): Promise<ReplicationConfiguration | undefined> {
  const answer = await unlessAbsent(
    call(s3, {
      operation: "GetBucketReplication",
      send: (client, options) =>
        client.send(new GetBucketReplicationCommand({ Bucket: name }), options),
    }),
    "ReplicationConfigurationNotFoundError",
  );
  return answer?.ReplicationConfiguration;
}

/** Replaces replication. */
export async function putReplication(
  s3: S3,
  name: string,
  { configuration }: { readonly configuration: ReplicationConfiguration | undefined },
): Promise<void> {
  if (configuration === undefined) {
    await call(s3, {
      operation: "DeleteBucketReplication",
      send: (client, options) =>
        client.send(new DeleteBucketReplicationCommand({ Bucket: name }), options),
    });
    return;
  }
  const command = { Bucket: name, ReplicationConfiguration: configuration };
  await call(s3, {
    operation: "PutBucketReplication",
    send: (client, options) => client.send(new PutBucketReplicationCommand(command), options),
  });
}
