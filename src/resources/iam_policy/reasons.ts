/**
 * Every reason that a condition of an IAMPolicy can have, one sentence each.
 */
import { accountReasons } from "../account.ts";

/** Reasons by name; the reference of conditions is made from this. */
export const iamPolicyReasons = {
  Ready: "The managed policy is as the spec says, as read after the last write.",
  ProviderReady: "The Provider can be used.",
  PolicyExists: "The managed policy exists and belongs to this object.",
  AllSettingsManaged: "Every field of the spec is applied.",
  ...accountReasons,
  InvalidSpec: "The stored spec does not fit the schema.",
  InvalidPolicy: "The service would refuse the policy.",
  AdoptionRefused: "A managed policy of this name exists and was not made for this object.",
  TakeoverDiffers: "The predecessor's object says something else than the managed policy.",
  FeatureUnsupported: "The service has no managed policies: Users get the document inline.",
  CreationFailed: "The service refused to create the managed policy.",
  NotConverged: "The service still answers with another document after a write.",
  AccessDenied: "The key may not do what the spec needs.",
  ProviderUnreachable: "The service did not answer.",
  Throttled: "The service asked for fewer requests.",
  ServiceError: "The service answered with an error of its own.",
  RequestRefused: "The service refused a request.",
  Timeout: "The pass did not end in time.",
  InternalError: "The operator failed; its log tells more.",
  Deleting: "The managed policy is being detached and deleted.",
  AttachedElsewhere: "The managed policy is attached to what is not ours, and so not deleted.",
} as const;

/** One of the reasons. */
export type IAMPolicyReason = keyof typeof iamPolicyReasons;
