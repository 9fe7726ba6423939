/**
 * The policy of a bucket, one typed function for each operation; all throw ProviderError.
 */
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { ProviderError } from "./error.ts";
import { call, type S3 } from "./s3.ts";

/** JSON text of a bucket's policy; undefined when it has none. */
export async function getBucketPolicy(s3: S3, bucket: string): Promise<string | undefined> {
  try {
    const answer = await call(s3, {
      operation: "GetBucketPolicy",
      send: (client, options) =>
        client.send(new GetBucketPolicyCommand({ Bucket: bucket }), options),
    });
    return answer.Policy;
  } catch (error) {
    const none = error instanceof ProviderError && error.code === "NoSuchBucketPolicy";
    if (none) return undefined;
    throw error;
  }
}

/** Replaces the whole policy of a bucket. */
export async function putBucketPolicy(
  s3: S3,
  bucket: string,
  { policy }: { readonly policy: string },
): Promise<void> {
  await call(s3, {
    operation: "PutBucketPolicy",
    send: (client, options) =>
      client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }), options),
  });
}

/** Removes the policy of a bucket; a bucket that has none is no error. */
export async function deleteBucketPolicy(s3: S3, bucket: string): Promise<void> {
  try {
    await call(s3, {
      operation: "DeleteBucketPolicy",
      send: (client, options) =>
        client.send(new DeleteBucketPolicyCommand({ Bucket: bucket }), options),
    });
  } catch (error) {
    const none = error instanceof ProviderError && error.code === "NoSuchBucketPolicy";
    if (!none) throw error;
  }
}
