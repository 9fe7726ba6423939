/** What a handler gets, and the rules that many handlers share. */
import type { Bucket } from "./bucket.ts";
import type { AccessRequest } from "./access.ts";
import { S3Error } from "./error.ts";
import type { AccessKey } from "./keys.ts";
import type { S3Answer, S3Request } from "./request.ts";
import type { S3State } from "./state.ts";

/** One authenticated request. */
export interface Call {
  readonly state: S3State;
  readonly request: S3Request;
  readonly key: AccessKey;
  /** Whether the sender may do something besides the operation itself. */
  readonly allows: (asked: AccessRequest) => boolean;
}

/** Carries out one operation; throws an {@link S3Error} to refuse. */
export type Handler = (call: Call) => S3Answer;

/**
 * The bucket that the request names, if the endpoint serves it.
 *
 * @throws {S3Error} NoSuchBucket; AccessDenied where another account was expected;
 * PermanentRedirect for a bucket of another region, whose endpoint is the only one for it.
 */
export function bucketOf(call: Call): Bucket {
  const bucket = anyBucketOf(call);
  if (bucket.region !== call.state.region) {
    throw new S3Error("PermanentRedirect", {
      fields: { Endpoint: `s3.${bucket.region}.wasabisys.com`, Bucket: bucket.name },
    });
  }
  return bucket;
}

/** The same, wherever the bucket is: for the calls that every region's endpoint answers. */
export function anyBucketOf({ state, request }: Call): Bucket {
  const name = request.bucket ?? "";
  const bucket = state.buckets.get(name);
  if (bucket === undefined) {
    throw new S3Error("NoSuchBucket", { fields: { BucketName: name } });
  }
  const expectedOwner = request.headers.get("x-amz-expected-bucket-owner");
  if ((expectedOwner ?? bucket.accountId) !== bucket.accountId) throw new S3Error("AccessDenied");
  return bucket;
}

/** A time as S3's documents write it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
