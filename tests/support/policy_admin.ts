/**
 * The hands of a person who looks at the policy of a bucket, and changes it behind our back.
 */
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  HeadObjectCommand,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { TestObject } from "./builders.ts";
import type { CloudEndpoint } from "./cloud_admin.ts";

/** The policy of a bucket; undefined when it has none. */
export async function readBucketPolicy(
  endpoint: CloudEndpoint,
  bucket: string,
): Promise<TestObject | undefined> {
  return await withClient(endpoint, async (client) => {
    try {
      const answer = await client.send(new GetBucketPolicyCommand({ Bucket: bucket }));
      return JSON.parse(answer.Policy ?? "null");
    } catch (error) {
      if ((error as Error).name === "NoSuchBucketPolicy") return undefined;
      throw error;
    }
  });
}

/** Replaces the policy of a bucket. */
export async function writeBucketPolicy(
  endpoint: CloudEndpoint,
  bucket: string,
  policy: TestObject,
): Promise<void> {
  await withClient(
    endpoint,
    (client) =>
      client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy) })),
  );
}

/** Removes the policy of a bucket. */
export async function removeBucketPolicy(endpoint: CloudEndpoint, bucket: string): Promise<void> {
  await withClient(
    endpoint,
    (client) => client.send(new DeleteBucketPolicyCommand({ Bucket: bucket })),
  );
}

/** True when a key may read an object. */
export async function canRead(
  endpoint: CloudEndpoint,
  key: { readonly id: string; readonly secret: string },
  object: { readonly bucket: string; readonly key: string },
): Promise<boolean> {
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  return await withClient({ ...endpoint, ...credentials }, async (client) => {
    try {
      await client.send(new HeadObjectCommand({ Bucket: object.bucket, Key: object.key }));
      return true;
    } catch (error) {
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      if ($metadata?.httpStatusCode === 403) return false;
      throw error;
    }
  });
}

async function withClient<T>(
  endpoint: CloudEndpoint,
  run: (client: S3Client) => Promise<T>,
): Promise<T> {
  const client = new S3Client({
    endpoint: endpoint.url,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: endpoint,
  });
  try {
    return await run(client);
  } finally {
    client.destroy();
  }
}
