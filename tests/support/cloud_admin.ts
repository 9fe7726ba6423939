/**
 * The hands of a person with an S3 client: looks at the service and changes it behind our back.
 */
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { TestObject } from "./builders.ts";
import { CloudSettings } from "./cloud_settings.ts";

/** How to reach a service as its administrator. */
export interface CloudEndpoint {
  readonly url: string;
  /** Address of its IAM; absent where it has none. */
  readonly iamUrl?: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Key for the operator; the administrator's where absent. */
  readonly operatorKey?: { readonly id: string; readonly secret: string };
}

/** An S3 client with an administrator's key; close it with `close`. */
export class CloudAdmin {
  readonly endpoint: CloudEndpoint;
  readonly #client: S3Client;

  constructor(endpoint: CloudEndpoint) {
    this.endpoint = endpoint;
    this.#client = new S3Client({
      endpoint: endpoint.url,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: endpoint,
    });
  }

  /** Credentials under the keys that a Provider reads by default. */
  get secretData(): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey, operatorKey } = this.endpoint;
    return {
      "access-key": operatorKey?.id ?? accessKeyId,
      "secret-key": operatorKey?.secret ?? secretAccessKey,
    };
  }

  /** Makes a bucket. */
  async createBucket(name: string): Promise<void> {
    await this.#client.send(new CreateBucketCommand({ Bucket: name }));
  }

  /** True when the bucket exists. */
  async exists(name: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: name }));
      return true;
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata
        ?.httpStatusCode;
      if (status === 404) return false;
      throw error;
    }
  }

  /** The other settings of a bucket. */
  settings(name: string): CloudSettings {
    return new CloudSettings(this.#client, name);
  }

  /** Versioning of a bucket. */
  async versioning(name: string): Promise<string | undefined> {
    const answer = await this.#client.send(new GetBucketVersioningCommand({ Bucket: name }));
    return answer.Status;
  }

  /** Tags of a bucket. */
  async tags(name: string): Promise<Readonly<Record<string, string>>> {
    try {
      const answer = await this.#client.send(new GetBucketTaggingCommand({ Bucket: name }));
      return Object.fromEntries((answer.TagSet ?? []).map(({ Key, Value }) => [Key, Value]));
    } catch (error) {
      if ((error as Error).name === "NoSuchTagSet") return {};
      throw error;
    }
  }

  /** Replaces the tags of a bucket. */
  async setTags(name: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await this.#client.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
  }

  /** Puts an object. */
  async put(bucket: string, key: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: key }));
  }

  /** Deletes an object, or puts a delete marker on it. */
  async remove(bucket: string, key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  /** Begins an upload and leaves it unfinished. */
  async beginUpload(bucket: string, key: string): Promise<void> {
    await this.#client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
  }

  /** Deletes an empty bucket. */
  async deleteBucket(name: string): Promise<void> {
    await this.#client.send(new DeleteBucketCommand({ Bucket: name }));
  }

  /** The same service with the key of a Secret that the operator has published. */
  withSecret(secret: TestObject | undefined): CloudAdmin {
    return new CloudAdmin({
      ...this.endpoint,
      accessKeyId: atob(secret?.data["access-key-id"]),
      secretAccessKey: atob(secret?.data["secret-access-key"]),
    });
  }

  /** Frees the connections. */
  close(): void {
    this.#client.destroy();
  }
}
