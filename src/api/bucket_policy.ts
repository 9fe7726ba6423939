/**
 * BucketPolicy: who may do what in a bucket, attached to the bucket.
 */
import { z } from "zod";
import type { CustomResource } from "./common.ts";
import {
  checkPairs,
  exactlyOneOf,
  MAX_STATEMENTS,
  policyVersion,
  statementFields,
} from "./policy_document.ts";
import {
  commonStatus,
  immutable,
  lastSyncTime,
  referenceSchema,
  type SpecOf,
  type StatusOf,
  text,
} from "./schema.ts";

/** `"*"`, an ARN, or an object such as `{"AWS": [...]}`. */
export type PolicyPrincipal = string | { readonly [kind: string]: unknown };

function isPrincipal(value: unknown): boolean {
  return typeof value === "string" ||
    (typeof value === "object" && value !== null && !Array.isArray(value));
}

function principalField(description: string) {
  return z.custom<PolicyPrincipal>(isPrincipal, { message: "must be a text or an object" })
    .meta({ description, "x-kubernetes-preserve-unknown-fields": true })
    .exactOptional();
}

const PAIRS = [
  ["principal", "notPrincipal"],
  ["action", "notAction"],
  ["resource", "notResource"],
] as const;

const statementSchema = z.object({
  ...statementFields(),
  principal: principalField(
    "Whom the statement is about: *, the ARN of a user, or an object such as " +
      "{AWS: [arn:aws:iam::<account number>:user/<name>]}. Give either principal or " +
      "notPrincipal.",
  ),
  notPrincipal: principalField(
    "Whom the statement is not about: it is about everybody else. Only with effect: Deny.",
  ),
}).superRefine(checkPairs(...PAIRS)).meta({
  description: "One statement.",
  ...exactlyOneOf(...PAIRS),
});

/** What a user declares about a bucket's policy. */
export const bucketPolicySpecSchema = z.object({
  bucketRef: referenceSchema("Bucket").meta({
    description: "The Bucket resource that the policy is attached to. Cannot be changed.",
    ...immutable(
      "bucketRef cannot be changed, not even by writing out or leaving out its namespace: the " +
        "policy is attached to that bucket. Create another BucketPolicy for the other Bucket, " +
        "then delete this one, which takes the policy off its bucket",
    ),
  }),
  policy: z.object({
    version: policyVersion(),
    statement: z.array(statementSchema).max(MAX_STATEMENTS).describe("The statements."),
  }).describe("The policy document."),
  adoptionPolicy: z.enum(["Refuse", "Adopt", "Replace"])
    .describe(
      "What to do when the bucket has statements that no BucketPolicy put there. Refuse: write " +
        "nothing and say so in a condition. Adopt: leave them in the policy, beside those of the " +
        "BucketPolicies. Replace: remove them. Default: Refuse.",
    )
    .exactOptional(),
}).describe("The policy and the bucket that it is attached to.");

/** What the operator found out about a bucket's policy. */
export const bucketPolicyStatusSchema = z.object({
  ...commonStatus(),
  applied: z.boolean().describe("Whether the bucket has this policy.").exactOptional(),
  bucketName: text("Name of the bucket at the service.", 63).exactOptional(),
  providerRef: z.object({
    namespace: text("Its namespace.", 63),
    name: text("Its name.", 253),
  }).describe("The Provider by which the policy was put on the bucket, for taking it off again.")
    .exactOptional(),
  appliedStatements: z.array(text("Fingerprint of a statement.", 64)).max(2 * MAX_STATEMENTS)
    .meta({
      description: "Fingerprints of the statements that this object put on the bucket: what is " +
        "in none of these lists is somebody else's.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
  takenOver: z.boolean()
    .describe("Whether the predecessor handled this object before.")
    .exactOptional(),
  unsettled: text(
    "Fingerprints of a policy that was written and of the different one that the service " +
      "answered with afterwards; it is not written again.",
    128,
  ).exactOptional(),
  lastSyncTime: lastSyncTime(),
}).describe("What the operator found out about the policy.");

/** Parsed spec. */
export type BucketPolicySpec = SpecOf<typeof bucketPolicySpecSchema>;
/** Status as we write it. */
export type BucketPolicyStatus = StatusOf<typeof bucketPolicyStatusSchema>;
/** A BucketPolicy as it is stored. */
export type BucketPolicy = CustomResource<BucketPolicySpec, BucketPolicyStatus>;
