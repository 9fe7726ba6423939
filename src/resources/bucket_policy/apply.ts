/**
 * Writes a bucket's policy; the only file of the kind that writes to the cloud.
 */
import { deleteBucketPolicy, putBucketPolicy } from "../../wasabi/bucket_policy.ts";
import type { S3 } from "../../wasabi/s3.ts";
import type { PolicyDocument } from "../policy/document.ts";

/**
 * Replaces the policy of a bucket; one without a statement is removed.
 *
 * @throws ProviderError when the service fails or refuses
 */
export async function applyPolicy(
  s3: S3,
  bucket: string,
  { document }: { readonly document: PolicyDocument },
): Promise<void> {
  if (document.Statement.length === 0) return await deleteBucketPolicy(s3, bucket);
  await putBucketPolicy(s3, bucket, { policy: JSON.stringify(document) });
}
