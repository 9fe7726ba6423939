/**
 * Names of what a service may be able to do with a bucket: one per setting, and parts of settings.
 */

/** All of them, as `requiredFeatures` of a Bucket and `status.capabilities` of a Provider say. */
export const features = [
  "versioning",
  "encryption",
  "publicAccess",
  "ownership",
  "tagging",
  "lifecycle",
  "lifecycle.abortIncompleteMultipartUpload",
  "lifecycle.transitions",
  "cors",
  "objectLock",
  "logging",
  "replication",
  "requestPayer",
] as const;
/** One of them. */
export type Feature = typeof features[number];

/** Kinds of services, as `spec.type` of a Provider names them. */
export const serviceTypes = ["wasabi", "aws", "ceph", "minio", "generic"] as const;
/** One of them. */
export type ServiceType = typeof serviceTypes[number];
