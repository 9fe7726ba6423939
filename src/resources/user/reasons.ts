/**
 * Every reason that a condition of a User can have, one sentence each.
 */
import { accountReasons } from "../account.ts";

/** Reasons by name; the reference of conditions is made from this. */
export const userReasons = {
  Ready: "The IAM user is as the spec says, as read after the last write.",
  ProviderReady: "The Provider can be used.",
  UserExists: "The IAM user exists and belongs to this object.",
  AllSettingsManaged: "Every field of the spec is applied.",
  ...accountReasons,
  InvalidSpec: "The stored spec does not fit the schema.",
  PolicyConflict: "The spec gives both policy and policyRef.",
  IAMPolicyNotFound: "The IAMPolicy of policyRef does not exist in this namespace.",
  PolicyNotReady: "The IAMPolicy of policyRef is not ready, or is of another account.",
  UserConflict: "Another User object manages the same IAM user.",
  AdoptionRefused: "The IAM user exists and was not made for this object.",
  UserReplaced: "The IAM user was deleted and made anew by somebody else.",
  CreationFailed: "The service refused to create the IAM user.",
  FeatureUnsupported: "A field of the spec cannot be applied by the service.",
  NotConverged: "The service still answers differently after a write.",
  AccessDenied: "The key of the Provider may not do what the spec needs.",
  ProviderUnreachable: "The service did not answer.",
  Throttled: "The service asked for fewer requests.",
  ServiceError: "The service answered with an error of its own.",
  RequestRefused: "The service refused a request.",
  Timeout: "The pass did not end in time.",
  InternalError: "The operator failed; its log tells more.",
  InUse: "AccessKeys still refer to the User.",
  Deleting: "The IAM user is being deleted.",
} as const;

/** One of the reasons. */
export type UserReason = keyof typeof userReasons;
