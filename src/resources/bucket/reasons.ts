/**
 * Every reason that a condition of a Bucket can have, one sentence each.
 */

/** Reasons by name; the reference of conditions is made from this. */
export const bucketReasons = {
  Ready: "The bucket is as the spec says, as read after the last write.",
  ProviderReady: "The Provider can be used.",
  BucketExists: "The bucket exists and belongs to this object.",
  AllSettingsManaged: "Every setting of the spec is applied.",
  Pending: "The Provider was not tried yet.",
  InvalidSpec: "The stored spec does not fit the schema.",
  ProviderNotFound: "The Provider does not exist in this namespace.",
  ProviderNotReady: "The Provider is not ready.",
  ReferenceNotAllowed: "The Provider does not exist or does not allow this namespace.",
  ReferenceAllowedByPredecessor: "A reference that is not allowed is kept from the predecessor.",
  SecretNotFound: "A Secret of the Provider does not exist.",
  SecretKeyMissing: "A Secret of the Provider lacks a key.",
  SecretKeyEmpty: "A key in a Secret of the Provider is empty.",
  ProviderMoved: "The Provider speaks to another service than the one that has the bucket.",
  BucketConflict: "Another Bucket object manages the same bucket.",
  AdoptionRefused: "The bucket exists and was not made for this object.",
  BucketForbidden: "The bucket exists and the key may not look at it.",
  BucketNameTaken: "The name belongs to another customer of the service.",
  WrongRegion: "The bucket is, or would be, in another region than the Provider's.",
  CreationFailed: "The service refused to create the bucket.",
  FeatureUnsupported: "A setting cannot be managed.",
  NotConverged: "The service still answers differently after a write.",
  ServerNormalisesDifferently: "The service keeps another value than the one that was written.",
  Drifted: "The bucket is not as the spec says, and drift.mode: Detect writes nothing.",
  DriftContested: "Somebody else changes a setting back again and again.",
  HeldBack: "A setting of a bucket of the predecessor waits for consent.",
  SettingWarning: "A setting has a consequence that a person should know.",
  CredentialsReady: "User, BucketPolicy and AccessKey of autoManage are Ready.",
  ChildrenNotReady: "An object of autoManage is not Ready, or is not as the spec says.",
  NoIamEndpoint: "autoManage needs an IAM service, and the Provider names none.",
  BucketLost: "The bucket is gone, and is not made again in silence.",
  BucketAbsent: "The bucket does not exist, and drift.mode: Detect makes nothing.",
  AccessDenied: "The key may not do what the spec needs.",
  ProviderUnreachable: "The service did not answer.",
  Throttled: "The service asked for fewer requests.",
  ServiceError: "The service answered with an error of its own.",
  RequestRefused: "The service refused a request.",
  Timeout: "The pass did not end in time.",
  InternalError: "The operator failed; its log tells more.",
  Deleting: "The bucket is being deleted.",
  Emptying: "The objects of the bucket are being deleted.",
  BucketNotEmpty: "The bucket holds objects, versions or unfinished uploads.",
  ObjectsLocked: "Object lock keeps objects of the bucket from being deleted.",
  DeletionProtected: "spec.deletionProtection keeps the bucket.",
} as const;

/** One of the reasons. */
export type BucketReason = keyof typeof bucketReasons;
