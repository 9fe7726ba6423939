/**
 * IAMPolicy: a managed policy of an account, which Users attach by `policyRef`.
 */
import { z } from "zod";
import { allowedNamespacesRule, allowedNamespacesSchema } from "./allowed_namespaces.ts";
import type { CustomResource } from "./common.ts";
import {
  checkPairs,
  exactlyOneOf,
  freeForm,
  MAX_STATEMENTS,
  policyVersion,
  statementFields,
} from "./policy_document.ts";
import {
  commonStatus,
  immutable,
  lastSyncTime,
  referenceSchema,
  rules,
  type SpecOf,
  type StatusOf,
  tags,
  text,
  timestamp,
} from "./schema.ts";

const PAIRS = [["action", "notAction"], ["resource", "notResource"]] as const;

const statementSchema = z.object({
  ...statementFields(),
  principal: freeForm(
    "Accepted for older objects. A policy of a user or of an account has no principal.",
  ).exactOptional(),
}).superRefine(checkPairs(...PAIRS)).meta({
  description: "One statement.",
  ...exactlyOneOf(...PAIRS),
});

/** What a user declares about a managed policy. */
export const iamPolicySpecSchema = z.object({
  providerRef: referenceSchema("Provider").meta({
    description: "The Provider whose account holds the policy. Cannot be changed.",
    ...immutable(
      "providerRef cannot be changed, not even by writing out or leaving out its namespace: the " +
        "policy stays in its account. Create another IAMPolicy for the other Provider, move the " +
        "Users over, then delete this one",
    ),
  }),
  policy: z.object({
    version: policyVersion(),
    statement: z.array(statementSchema).max(MAX_STATEMENTS).describe("The statements."),
  }).describe("The policy document."),
  tags: tags("Accepted for older objects: services with tags on policies are not known.")
    .exactOptional(),
  adoptionPolicy: z.enum(["Refuse", "Adopt"])
    .describe(
      "What to do when a managed policy of this name exists and was not made for this object. " +
        "Refuse: touch nothing and say so in a condition. Adopt: take it over and write this " +
        "document; it stays when this object is deleted. Default: Refuse.",
    )
    .exactOptional(),
  allowedNamespaces: allowedNamespacesSchema.meta({
    description: "Which namespaces may hold Users that refer to this IAMPolicy. " +
      "Default: its own namespace only.",
    ...rules(allowedNamespacesRule),
  }).exactOptional(),
}).describe("The managed policy.");

/** What the operator found out about a managed policy. */
export const iamPolicyStatusSchema = z.object({
  ...commonStatus(),
  policyArn: text("Amazon Resource Name of the policy.", 2048).exactOptional(),
  applied: z.boolean().describe("Whether the service has this policy.").exactOptional(),
  attachedUsers: z.array(text("Name of an IAM user.", 128)).max(5000)
    .describe("Names of the IAM users that the policy is attached to.")
    .exactOptional(),
  policyName: text("Name of the managed policy.", 128).exactOptional(),
  ownership: z.enum(["Creating", "Created", "Adopted"])
    .describe(
      "How this object came to the managed policy. Creating: it is about to be made. Created: " +
        "made for this object, or by the predecessor for it. Adopted: taken over as " +
        "adoptionPolicy says.",
    )
    .exactOptional(),
  takenOver: z.boolean()
    .describe("Whether the predecessor handled this object before.")
    .exactOptional(),
  writtenDocument: text(
    "Fingerprint of a document that was written and could not be read back yet.",
    64,
  ).exactOptional(),
  writeTime: timestamp("When that document was written.").exactOptional(),
  lastSyncTime: lastSyncTime(),
}).describe("What the operator found out about the policy.");

/** Parsed spec. */
export type IAMPolicySpec = SpecOf<typeof iamPolicySpecSchema>;
/** Status as we write it. */
export type IAMPolicyStatus = StatusOf<typeof iamPolicyStatusSchema>;
/** An IAMPolicy as it is stored. */
export type IAMPolicy = CustomResource<IAMPolicySpec, IAMPolicyStatus>;
