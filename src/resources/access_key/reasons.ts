/**
 * Every reason that a condition of an AccessKey can have, one sentence each.
 */
import { accountReasons } from "../account.ts";

/** Reasons by name; the reference of conditions is made from this. */
export const accessKeyReasons = {
  Ready: "The key works and is in its Secret.",
  ProviderReady: "The Provider can be used.",
  KeyExists: "The key exists.",
  RotationPossible: "Nothing stands in the way of a rotation.",
  ...accountReasons,
  InvalidSpec: "The stored spec does not fit the schema.",
  UserNotFound: "The User does not exist in this namespace.",
  UserNotReady: "The User is not ready, or is of another Provider.",
  IamUserMissing: "The account has no IAM user of that name.",
  SecretConflict: "A Secret of the wanted name belongs to somebody else.",
  KeyLimitReached: "The IAM user has two keys, and the service allows no third one.",
  PreviousKeyInOverlap: "The key that was replaced last is still valid.",
  PreviousKeyInUse: "A replaced key is still used, and kept for that.",
  KeyDisabled: "Somebody switched the key off.",
  KeyNotHonoured: "The service does not honour the new key yet.",
  AmbiguousKeys: "More than one key may be the one of an interrupted creation.",
  OtherKeyInCreation: "A key of the same user is being made for another AccessKey.",
  CreationFailed: "The service refused to make the key.",
  NotConverged: "The key's state did not come to rest within a pass.",
  AccessDenied: "The key of the Provider may not do what is needed.",
  ProviderUnreachable: "The service did not answer.",
  Throttled: "The service asked for fewer requests.",
  ServiceError: "The service answered with an error of its own.",
  RequestRefused: "The service refused a request.",
  Timeout: "The pass did not end in time.",
  InternalError: "The operator failed; its log tells more.",
  Deleting: "The key is being deleted.",
} as const;

/** One of the reasons. */
export type AccessKeyReason = keyof typeof accessKeyReasons;
