/**
 * The shape of one setting of a bucket: one file each, listed in all.ts.
 */
import type { BucketSpec } from "../../../api/bucket.ts";
import type { Json } from "../../../api/common.ts";
import type { Feature, ServiceType } from "../../../api/features.ts";
import type { Support } from "../../../wasabi/capabilities.ts";
import type { S3 } from "../../../wasabi/s3.ts";

/** A field of the spec that is not applied, and why; `why` completes "spec.<field> (…)". */
export interface UnsupportedField {
  /** Without `spec.`. */
  readonly field: string;
  readonly why: string;
}

/** What is known about the service that has the bucket. */
export interface ServiceProfile {
  readonly type: ServiceType;
  readonly supports: (feature: Feature) => Support;
}

/** What the spec asks for. */
export interface Wanted<Value extends Json = Json> {
  readonly value: Value;
  /** Parts of the field that this service cannot do; `value` is without them. */
  readonly leftOut: readonly UnsupportedField[];
}

/**
 * One sub-resource of a bucket.
 *
 * `Value` is a canonical form: equal meanings are equal JSON, whatever the order of keys. It has
 * the shape of the field in the spec, with maps instead of lists where entries have an identity
 * (`lifecycle.rules["id"]`), because its paths are what `drift.ignore` and `status.drift` name.
 *
 * Assumption: `write` replaces what `observe` reads, and both concern nothing else.
 */
export interface Setting<Value extends Json = Json> {
  /** Field of the spec, without `spec.`; also the feature that the service must have. */
  readonly field: keyof BucketSpec & Feature;
  /** Value of the `resource_type` label in the drift metric. */
  readonly metric: string;
  /** Applied to a bucket of the predecessor only with consent: it could delete or expose data. */
  readonly needsConsentAtTakeover?: boolean;
  /** What a bucket has that nobody has set anything on; written to reset the setting. */
  fresh(service: ServiceProfile): Value;
  /** What the spec asks for; undefined when it leaves the setting unmanaged. */
  desired(spec: BucketSpec, service: ServiceProfile): Wanted<Value> | undefined;
  /** What the service has. */
  observe(s3: S3, bucket: string): Promise<Value>;
  /** Makes the service have it. */
  write(s3: S3, bucket: string, value: Value): Promise<void>;
  /** Why a bucket that has `observed` can never get `desired`; the rest is applied. */
  impossible?(
    desired: Value,
    observed: Value,
    service: ServiceProfile,
  ): UnsupportedField | undefined;
  /** Sentences about what the spec asks for that a person should know, such as its cost. */
  warnings?(spec: BucketSpec, service: ServiceProfile): readonly string[];
}
