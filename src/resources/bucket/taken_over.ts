/**
 * Buckets that the predecessor left behind.
 */
import type { Bucket } from "../../api/bucket.ts";
import { PREDECESSOR_ANNOTATION_PREFIX, PREDECESSOR_FINALIZER } from "../../api/common.ts";

/**
 * True for an object that the predecessor has handled and whose bucket it said to exist.
 *
 * The marks alone can be written by anybody who may create a Bucket; the status cannot. Both
 * together grant nothing but what worked for the object before (seed-spec §11).
 */
export function isTakenOver(bucket: Bucket): boolean {
  const { status, spec } = bucket;
  return bearsMarks(bucket) && status?.exists === true && status.bucketName === spec?.name;
}

function bearsMarks({ metadata }: Bucket): boolean {
  const annotation = `${PREDECESSOR_ANNOTATION_PREFIX}last-handled-configuration`;
  return (metadata.finalizers ?? []).includes(PREDECESSOR_FINALIZER) ||
    annotation in (metadata.annotations ?? {});
}
