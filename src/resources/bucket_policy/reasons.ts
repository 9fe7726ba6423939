/**
 * Every reason that a condition of a BucketPolicy can have, one sentence each.
 */

/** Reasons by name; the reference of conditions is made from this. */
export const bucketPolicyReasons = {
  Ready: "The bucket has the statements, as read after the last write.",
  BucketReady: "The Bucket can be used.",
  PolicyApplied: "No write of the policy has failed.",
  NoWarnings: "Nothing about the policy is worth a warning.",
  PolicyWarnings: "The policy is applied, and something about it should be looked at.",
  Pending: "The Bucket was not tried yet.",
  InvalidSpec: "The stored spec does not fit the schema.",
  InvalidPolicy: "The service would refuse the policy, or the policy shuts out the operator.",
  AccountUnknown: "A principal needs the account's number, which the service does not tell.",
  BucketNotFound: "The Bucket does not exist in this namespace.",
  BucketNotReady: "The Bucket is not ready, is being deleted, or has no bucket.",
  ReferenceNotAllowed: "The Bucket does not exist or does not allow this namespace.",
  ReferenceAllowedByPredecessor: "A reference that is not allowed is kept from the predecessor.",
  ProviderNotFound: "The Provider of the Bucket cannot be found.",
  ProviderNotReady: "The Provider of the Bucket is not ready.",
  SecretNotFound: "A Secret of the Provider does not exist.",
  SecretKeyMissing: "A Secret of the Provider lacks a key.",
  SecretKeyEmpty: "A key in a Secret of the Provider is empty.",
  ForeignPolicy: "The bucket has statements that no BucketPolicy put there.",
  TakeoverDiffers: "The predecessor's object says something else than the bucket's policy.",
  FeatureUnsupported: "The service has no bucket policies.",
  NotConverged: "The service still answers differently after a write.",
  ApplyFailed: "The service refused the policy.",
  AccessDenied: "The key may not do what the policy needs.",
  ProviderUnreachable: "The service did not answer.",
  Throttled: "The service asked for fewer requests.",
  ServiceError: "The service answered with an error of its own.",
  RequestRefused: "The service refused a request.",
  Timeout: "The pass did not end in time.",
  InternalError: "The operator failed; its log tells more.",
  Deleting: "The statements are being taken off the bucket.",
} as const;

/** One of the reasons. */
export type BucketPolicyReason = keyof typeof bucketPolicyReasons;
