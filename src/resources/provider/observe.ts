/**
 * Tries the credentials of a Provider by a real, signed call.
 *
 * By default all buckets are listed, at most one of them. A key without the right to do so is
 * still proven: the service checks the signature before it looks at rights, so AccessDenied says
 * that the key is good. With `spec.probe.bucket` that bucket is looked up instead.
 */
import type { ProviderSpec } from "../../api/provider.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { type BucketPresence, listBuckets, lookUpBucket, type S3 } from "../../wasabi/s3.ts";

/** What the try showed. */
export type Probe =
  | { readonly kind: "listed" }
  /** The key is good, and may not list buckets. */
  | { readonly kind: "listingDenied" }
  | { readonly kind: "bucket"; readonly name: string; readonly presence: BucketPresence }
  | { readonly kind: "failed"; readonly error: ProviderError };

/** Makes the call; a ProviderError is a result, everything else is thrown. */
export async function probe(s3: S3, spec: ProviderSpec): Promise<Probe> {
  const bucket = spec.probe?.bucket;
  try {
    if (bucket !== undefined) {
      return { kind: "bucket", name: bucket, presence: await lookUpBucket(s3, bucket) };
    }
    await listBuckets(s3);
    return { kind: "listed" };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const denied = error.kind === "AccessDenied" && bucket === undefined;
    return denied ? { kind: "listingDenied" } : { kind: "failed", error };
  }
}
