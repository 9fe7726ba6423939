/** The bucket's policy: kept as it was written, judged as it was read. */
import { parsePolicy, type PolicyDocument } from "../policy/document.ts";
import { PolicyError } from "../policy/error.ts";
import { bucketOf, type Call } from "./call.ts";
import { S3Error } from "./error.ts";
import type { S3Answer } from "./request.ts";

/** Not documented by Wasabi; AWS has 20 KiB (wasabi.md §2.5). */
const MAX_POLICY_BYTES = 20 * 1_024;

/** GetBucketPolicy. */
export function getBucketPolicy(call: Call): S3Answer {
  const bucket = bucketOf(call);
  if (bucket.policy === undefined) {
    throw new S3Error("NoSuchBucketPolicy", { fields: { BucketName: bucket.name } });
  }
  return { headers: { "content-type": "application/json" }, body: bucket.policy.text };
}

/** PutBucketPolicy. */
export function putBucketPolicy(call: Call): S3Answer {
  const bucket = bucketOf(call);
  if (call.request.body.length > MAX_POLICY_BYTES) {
    throw new S3Error("MalformedPolicy", {
      message: "Normalized policy document exceeds the maximum allowed size of 20480 bytes",
    });
  }
  const text = new TextDecoder().decode(call.request.body);
  bucket.policy = { text, document: parsed(text, bucket.name) };
  return { status: 204 };
}

/** DeleteBucketPolicy: succeeds without a policy too. */
export function deleteBucketPolicy(call: Call): S3Answer {
  bucketOf(call).policy = undefined;
  return { status: 204 };
}

function parsed(text: string, bucket: string): PolicyDocument {
  try {
    return parsePolicy(text, { kind: "bucket", bucket });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new S3Error("MalformedPolicy", { message: error.message });
  }
}
