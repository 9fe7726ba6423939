/**
 * Settings of a bucket that are documents: what they may contain.
 *
 * What Wasabi has (wasabi.md §2), and what the operator sends to services that have more.
 */
import { many, maybe, NUMBER, one, type Shape, TEXT } from "./xml_shape.ts";

const DATE = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/;
const BOOLEAN = /^(true|false)$/;
const STATUS = /^(Enabled|Disabled)$/;
const TAG: Shape = { Key: one(/^[^]{1,128}$/), Value: one(/^[^]{0,256}$/) };
const SIZES: Shape = {
  ObjectSizeGreaterThan: maybe(NUMBER),
  ObjectSizeLessThan: maybe(NUMBER),
};

/** LifecycleConfiguration. */
export const LIFECYCLE: Shape = {
  Rule: many({
    ID: maybe(/^[^]{0,255}$/),
    Prefix: maybe(TEXT),
    Filter: maybe({
      Prefix: maybe(TEXT),
      Tag: maybe(TAG),
      ...SIZES,
      And: maybe({ Prefix: maybe(TEXT), Tag: many(TAG), ...SIZES }),
    }),
    Status: one(STATUS),
    Expiration: maybe({
      Date: maybe(DATE),
      Days: maybe(NUMBER),
      ExpiredObjectDeleteMarker: maybe(/^(true|false)$/),
    }),
    NoncurrentVersionExpiration: maybe({
      NoncurrentDays: one(NUMBER),
      NewerNoncurrentVersions: maybe(NUMBER),
    }),
    AbortIncompleteMultipartUpload: maybe({ DaysAfterInitiation: one(NUMBER) }),
    Transition: many({
      Date: maybe(DATE),
      Days: maybe(NUMBER),
      StorageClass: one(TEXT),
    }),
    NoncurrentVersionTransition: many({
      NoncurrentDays: one(NUMBER),
      NewerNoncurrentVersions: maybe(NUMBER),
      StorageClass: one(TEXT),
    }),
  }, { min: 1 }),
};

/** CORSConfiguration. */
export const CORS: Shape = {
  CORSRule: many({
    ID: maybe(/^[^]{0,255}$/),
    AllowedHeader: many(TEXT),
    AllowedMethod: many(TEXT, { min: 1 }),
    AllowedOrigin: many(TEXT, { min: 1 }),
    ExposeHeader: many(TEXT),
    MaxAgeSeconds: maybe(NUMBER),
  }, { min: 1, max: 100 }),
};

/** BucketLoggingStatus; without content it switches logging off. */
export const LOGGING: Shape = {
  LoggingEnabled: maybe({ TargetBucket: one(TEXT), TargetPrefix: one(TEXT) }),
};

/** ReplicationConfiguration. */
export const REPLICATION: Shape = {
  Role: maybe(TEXT),
  Rule: many({
    ID: maybe(/^[^]{0,255}$/),
    Priority: maybe(NUMBER),
    Prefix: maybe(TEXT),
    Filter: maybe({
      Prefix: maybe(TEXT),
      Tag: maybe(TAG),
      And: maybe({ Prefix: maybe(TEXT), Tag: many(TAG) }),
    }),
    Status: one(STATUS),
    DeleteMarkerReplication: maybe({ Status: one(STATUS) }),
    Destination: one({
      Bucket: one(/^arn:aws:s3:::.+$/),
      Account: maybe(/^\d{12}$/),
      StorageClass: maybe(TEXT),
    }),
  }, { min: 1 }),
};

/** ObjectLockConfiguration. */
export const OBJECT_LOCK: Shape = {
  ObjectLockEnabled: maybe(/^Enabled$/),
  Rule: maybe({
    DefaultRetention: one({
      Mode: one(/^(GOVERNANCE|COMPLIANCE)$/),
      Days: maybe(NUMBER),
      Years: maybe(NUMBER),
    }),
  }),
};

/** ServerSideEncryptionConfiguration. */
export const ENCRYPTION: Shape = {
  Rule: many({
    ApplyServerSideEncryptionByDefault: one({
      SSEAlgorithm: one(/^(AES256|aws:kms)$/),
      KMSMasterKeyID: maybe(TEXT),
    }),
    BucketKeyEnabled: maybe(BOOLEAN),
  }, { min: 1, max: 1 }),
};

/** PublicAccessBlockConfiguration. */
export const PUBLIC_ACCESS_BLOCK: Shape = {
  BlockPublicAcls: maybe(BOOLEAN),
  IgnorePublicAcls: maybe(BOOLEAN),
  BlockPublicPolicy: maybe(BOOLEAN),
  RestrictPublicBuckets: maybe(BOOLEAN),
};

/** OwnershipControls. */
export const OWNERSHIP_CONTROLS: Shape = {
  Rule: many({
    ObjectOwnership: one(/^(BucketOwnerEnforced|BucketOwnerPreferred|ObjectWriter)$/),
  }, { min: 1, max: 1 }),
};

/** RequestPaymentConfiguration. */
export const REQUEST_PAYMENT: Shape = { Payer: one(/^(BucketOwner|Requester)$/) };
