/**
 * Settings of a bucket as a person with an S3 client sees and sets them, in the words of S3.
 */
import {
  type BucketLifecycleConfiguration,
  type CORSRule,
  type DefaultRetention,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type LoggingEnabled,
  type ObjectOwnership,
  type Payer,
  type PublicAccessBlockConfiguration,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketReplicationCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type ReplicationConfiguration,
  type S3Client,
  type ServerSideEncryption,
} from "@aws-sdk/client-s3";

type Rules = NonNullable<BucketLifecycleConfiguration["Rules"]>;

/** One bucket's settings. What a bucket does not have is `undefined`. */
export class CloudSettings {
  readonly #client: S3Client;
  readonly #bucket: { readonly Bucket: string };

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = { Bucket: bucket };
  }

  /** Switches versions on or off. */
  async setVersioning(Status: "Enabled" | "Suspended"): Promise<void> {
    const VersioningConfiguration = { Status };
    await this.#client.send(
      new PutBucketVersioningCommand({ ...this.#bucket, VersioningConfiguration }),
    );
  }

  /** Lifecycle rules. */
  async lifecycle(): Promise<Rules | undefined> {
    const command = new GetBucketLifecycleConfigurationCommand(this.#bucket);
    return (await orUndefined(this.#client.send(command)))?.Rules;
  }

  /** Replaces the lifecycle rules. */
  async setLifecycle(rules: Rules): Promise<void> {
    const LifecycleConfiguration = { Rules: rules };
    await this.#client.send(
      new PutBucketLifecycleConfigurationCommand({ ...this.#bucket, LifecycleConfiguration }),
    );
  }

  /** CORS rules. */
  async cors(): Promise<readonly CORSRule[] | undefined> {
    const command = new GetBucketCorsCommand(this.#bucket);
    return (await orUndefined(this.#client.send(command)))?.CORSRules;
  }

  /** Replaces the CORS rules. */
  async setCors(rules: CORSRule[]): Promise<void> {
    const CORSConfiguration = { CORSRules: rules };
    await this.#client.send(new PutBucketCorsCommand({ ...this.#bucket, CORSConfiguration }));
  }

  /** Algorithm of the default encryption, and its key if one is named. */
  async encryption(): Promise<readonly string[] | undefined> {
    const command = new GetBucketEncryptionCommand(this.#bucket);
    const answer = await orUndefined(this.#client.send(command));
    const rule = answer?.ServerSideEncryptionConfiguration?.Rules?.[0];
    const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
    return rule && [SSEAlgorithm, KMSMasterKeyID].filter((word) => word !== undefined);
  }

  /** Replaces the default encryption. */
  async setEncryption(SSEAlgorithm: ServerSideEncryption): Promise<void> {
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }];
    const ServerSideEncryptionConfiguration = { Rules };
    await this.#client.send(
      new PutBucketEncryptionCommand({ ...this.#bucket, ServerSideEncryptionConfiguration }),
    );
  }

  /** Guard against public access. */
  async publicAccess(): Promise<PublicAccessBlockConfiguration | undefined> {
    const command = new GetPublicAccessBlockCommand(this.#bucket);
    return (await orUndefined(this.#client.send(command)))?.PublicAccessBlockConfiguration;
  }

  /** Replaces the guard against public access. */
  async setPublicAccess(block: PublicAccessBlockConfiguration): Promise<void> {
    const PublicAccessBlockConfiguration = block;
    await this.#client.send(
      new PutPublicAccessBlockCommand({ ...this.#bucket, PublicAccessBlockConfiguration }),
    );
  }

  /** Who owns objects that others write. */
  async ownership(): Promise<ObjectOwnership | undefined> {
    const command = new GetBucketOwnershipControlsCommand(this.#bucket);
    const answer = await orUndefined(this.#client.send(command));
    return answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  }

  /** Says who owns objects that others write. */
  async setOwnership(ObjectOwnership: ObjectOwnership): Promise<void> {
    const OwnershipControls = { Rules: [{ ObjectOwnership }] };
    await this.#client.send(
      new PutBucketOwnershipControlsCommand({ ...this.#bucket, OwnershipControls }),
    );
  }

  /** Default retention, without what is zero; `{}` for object lock alone. */
  async objectLock(): Promise<DefaultRetention | undefined> {
    const command = new GetObjectLockConfigurationCommand(this.#bucket);
    const answer = await orUndefined(this.#client.send(command));
    const retention = answer?.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
    return answer && Object.fromEntries(Object.entries(retention).filter(([, value]) => value));
  }

  /** Replaces the default retention. */
  async setObjectLock(retention: DefaultRetention): Promise<void> {
    const ObjectLockConfiguration = {
      ObjectLockEnabled: "Enabled" as const,
      Rule: { DefaultRetention: retention },
    };
    await this.#client.send(
      new PutObjectLockConfigurationCommand({ ...this.#bucket, ObjectLockConfiguration }),
    );
  }

  /** Where requests are logged. */
  async logging(): Promise<LoggingEnabled | undefined> {
    const answer = await this.#client.send(new GetBucketLoggingCommand(this.#bucket));
    return answer.LoggingEnabled;
  }

  /** Says where requests are logged. */
  async setLogging(LoggingEnabled: LoggingEnabled): Promise<void> {
    const BucketLoggingStatus = { LoggingEnabled };
    await this.#client.send(new PutBucketLoggingCommand({ ...this.#bucket, BucketLoggingStatus }));
  }

  /** Lets the service write logs into the bucket, where it needs a grant. */
  async allowLogs(): Promise<void> {
    const Grantee = {
      Type: "Group" as const,
      URI: "http://acs.amazonaws.com/groups/s3/LogDelivery",
    };
    const Grants = [{ Grantee, Permission: "WRITE" as const }, {
      Grantee,
      Permission: "READ_ACP" as const,
    }];
    const AccessControlPolicy = { Grants, Owner: { ID: "owner" } };
    await this.#client.send(new PutBucketAclCommand({ ...this.#bucket, AccessControlPolicy }));
  }

  /** Replication. */
  async replication(): Promise<ReplicationConfiguration | undefined> {
    const command = new GetBucketReplicationCommand(this.#bucket);
    return (await orUndefined(this.#client.send(command)))?.ReplicationConfiguration;
  }

  /** Replaces replication. */
  async setReplication(configuration: ReplicationConfiguration): Promise<void> {
    const ReplicationConfiguration = configuration;
    await this.#client.send(
      new PutBucketReplicationCommand({ ...this.#bucket, ReplicationConfiguration }),
    );
  }

  /** Who pays for requests. */
  async payer(): Promise<Payer | undefined> {
    return (await this.#client.send(new GetBucketRequestPaymentCommand(this.#bucket))).Payer;
  }

  /** Says who pays for requests. */
  async setPayer(Payer: Payer): Promise<void> {
    const RequestPaymentConfiguration = { Payer };
    await this.#client.send(
      new PutBucketRequestPaymentCommand({ ...this.#bucket, RequestPaymentConfiguration }),
    );
  }
}

/** A setting that the bucket does not have is 404 with a code of its own. */
async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404 && name !== "NoSuchBucket") return undefined;
    throw error;
  }
}
