/**
 * Settings that protect what is in a bucket: encryption, public access, ownership, object lock.
 *
 * Every function throws ProviderError. Writing `undefined` removes the setting.
 */
import {
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type ObjectLockConfiguration,
  type ObjectOwnership,
  type PublicAccessBlockConfiguration,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type ServerSideEncryptionByDefault,
} from "@aws-sdk/client-s3";
import { call, type S3 } from "../s3.ts";
import { unlessAbsent } from "./absent.ts";

/** Default encryption of new objects; undefined when the bucket has none. */
export async function getEncryption(
  s3: S3,
  name: string,
): Promise<ServerSideEncryptionByDefault | undefined> {
  const answer = await unlessAbsent(
    call(s3, {
      operation: "GetBucketEncryption",
      send: (client, options) =>
        client.send(new GetBucketEncryptionCommand({ Bucket: name }), options),
    }),
    "ServerSideEncryptionConfigurationNotFoundError",
  );
  const rules = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
  return rules[0]?.ApplyServerSideEncryptionByDefault;
}

/** Replaces the default encryption. */
export async function putEncryption(
  s3: S3,
  name: string,
  { encryption }: { readonly encryption: ServerSideEncryptionByDefault | undefined },
): Promise<void> {
  if (encryption === undefined) {
    await call(s3, {
      operation: "DeleteBucketEncryption",
      send: (client, options) =>
        client.send(new DeleteBucketEncryptionCommand({ Bucket: name }), options),
    });
    return;
  }
  const configuration = { Rules: [{ ApplyServerSideEncryptionByDefault: encryption }] };
  const command = { Bucket: name, ServerSideEncryptionConfiguration: configuration };
  await call(s3, {
    operation: "PutBucketEncryption",
    send: (client, options) => client.send(new PutBucketEncryptionCommand(command), options),
  });
}

/** Guard against public access; undefined when the bucket has none. */
export async function getPublicAccessBlock(
  s3: S3,
  name: string,
): Promise<PublicAccessBlockConfiguration | undefined> {
  const answer = await unlessAbsent(
    call(s3, {
      operation: "GetPublicAccessBlock",
      send: (client, options) =>
        client.send(new GetPublicAccessBlockCommand({ Bucket: name }), options),
    }),
    "NoSuchPublicAccessBlockConfiguration",
  );
  return answer?.PublicAccessBlockConfiguration;
}

/** Replaces the guard against public access. */
export async function putPublicAccessBlock(
  s3: S3,
  name: string,
  { block }: { readonly block: PublicAccessBlockConfiguration | undefined },
): Promise<void> {
  if (block === undefined) {
    await call(s3, {
      operation: "DeletePublicAccessBlock",
      send: (client, options) =>
        client.send(new DeletePublicAccessBlockCommand({ Bucket: name }), options),
    });
    return;
  }
  const command = { Bucket: name, PublicAccessBlockConfiguration: block };
  await call(s3, {
    operation: "PutPublicAccessBlock",
    send: (client, options) => client.send(new PutPublicAccessBlockCommand(command), options),
  });
}

/** Who owns objects that others write; undefined when nothing was said. */
export async function getOwnership(s3: S3, name: string): Promise<ObjectOwnership | undefined> {
  const answer = await unlessAbsent(
    call(s3, {
      operation: "GetBucketOwnershipControls",
      send: (client, options) =>
        client.send(new GetBucketOwnershipControlsCommand({ Bucket: name }), options),
    }),
    "OwnershipControlsNotFoundError",
  );
  return answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
}

/** Says who owns objects that others write. */
export async function putOwnership(
  s3: S3,
  name: string,
  { ownership }: { readonly ownership: ObjectOwnership | undefined },
): Promise<void> {
  if (ownership === undefined) {
    await call(s3, {
      operation: "DeleteBucketOwnershipControls",
      send: (client, options) =>
        client.send(new DeleteBucketOwnershipControlsCommand({ Bucket: name }), options),
    });
    return;
  }
  const controls = { Rules: [{ ObjectOwnership: ownership }] };
  const command = { Bucket: name, OwnershipControls: controls };
  await call(s3, {
    operation: "PutBucketOwnershipControls",
    send: (client, options) => client.send(new PutBucketOwnershipControlsCommand(command), options),
  });
}

/** Object lock; undefined when the bucket has none. */
export async function getObjectLock(
  s3: S3,
  name: string,
): Promise<ObjectLockConfiguration | undefined> {
  const answer = await unlessAbsent(
    call(s3, {
      operation: "GetObjectLockConfiguration",
      send: (client, options) =>
        client.send(new GetObjectLockConfigurationCommand({ Bucket: name }), options),
    }),
    "ObjectLockConfigurationNotFoundError",
  );
  return answer?.ObjectLockConfiguration;
}

/** Replaces the default retention; there is no way to take object lock away. */
export async function putObjectLock(
  s3: S3,
  name: string,
  { configuration }: { readonly configuration: ObjectLockConfiguration },
): Promise<void> {
  const command = { Bucket: name, ObjectLockConfiguration: configuration };
  await call(s3, {
    operation: "PutObjectLockConfiguration",
    send: (client, options) => client.send(new PutObjectLockConfigurationCommand(command), options),
  });
}
