/**
 * BucketPolicy: who may do what in a bucket, attached to the bucket.
 */
import { z } from "zod";
import type { CustomResource } from "./common.ts";
import { MAX_STATEMENTS, policyVersion, statementFields } from "./policy_document.ts";
import {
  commonStatus,
  immutable,
  lastSyncTime,
  referenceSchema,
  type SpecOf,
  type StatusOf,
} from "./schema.ts";

/** `"*"`, an ARN, or an object such as `{"AWS": [...]}`. */
export type PolicyPrincipal = string | { readonly [kind: string]: unknown };

function isPrincipal(value: unknown): boolean {
  return typeof value === "string" ||
    (typeof value === "object" && value !== null && !Array.isArray(value));
}

const statementSchema = z.object({
  ...statementFields(),
  principal: z.custom<PolicyPrincipal>(isPrincipal).meta({
    description: "Whom the statement is about: *, the ARN of a user, or an object such as " +
      "{AWS: [arn:aws:iam::<account number>:user/<name>]}.",
    "x-kubernetes-preserve-unknown-fields": true,
  }),
}).describe("One statement.");

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
}).describe("The policy and the bucket that it is attached to.");

/** What the operator found out about a bucket's policy. */
export const bucketPolicyStatusSchema = z.object({
  ...commonStatus(),
  applied: z.boolean().describe("Whether the bucket has this policy.").exactOptional(),
  lastSyncTime: lastSyncTime(),
}).describe("What the operator found out about the policy.");

/** Parsed spec. */
export type BucketPolicySpec = SpecOf<typeof bucketPolicySpecSchema>;
/** Status as we write it. */
export type BucketPolicyStatus = StatusOf<typeof bucketPolicyStatusSchema>;
/** A BucketPolicy as it is stored. */
export type BucketPolicy = CustomResource<BucketPolicySpec, BucketPolicyStatus>;
