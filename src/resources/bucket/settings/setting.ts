/**
 * The shape of one setting of a bucket: one file each, listed in all.ts.
 */
import type { Json } from "../../../api/common.ts";
import type { BucketSpec } from "../../../api/bucket.ts";
import type { S3 } from "../../../wasabi/s3.ts";

/**
 * One sub-resource of a bucket, in a canonical form `Value` in which equal meanings are equal.
 *
 * Assumption: `write` replaces what `observe` reads, and both concern nothing else.
 */
export interface Setting<Value extends Json = Json> {
  /** Field of the spec, without `spec.`. */
  readonly field: string;
  /** Value of the `resource_type` label in the drift metric. */
  readonly metric: string;
  /** What a new bucket has. */
  readonly fresh: Value;
  /** What the spec asks for; undefined when it leaves the setting unmanaged. */
  desired(spec: BucketSpec): Value | undefined;
  /** What the service has. */
  observe(s3: S3, bucket: string): Promise<Value>;
  /** True when nothing has to be written. */
  equal(desired: Value, observed: Value): boolean;
  /** Makes the service have it. */
  write(s3: S3, bucket: string, desired: Value): Promise<void>;
}
