/**
 * User: an IAM user of an account, with an inline policy or a managed one.
 */
import { z } from "zod";
import { allowedNamespacesRule, allowedNamespacesSchema } from "./allowed_namespaces.ts";
import type { CustomResource } from "./common.ts";
import { freeForm, MAX_STATEMENTS } from "./policy_document.ts";
import {
  commonStatus,
  immutable,
  lastSyncTime,
  namespaceName,
  newValueRules,
  objectName,
  referenceSchema,
  rules,
  type SpecOf,
  type StatusOf,
  tags,
  text,
  timestamp,
} from "./schema.ts";

const MOVE = "Create another User for it, give it a key and move its applications over, then " +
  "delete this one, which deletes the IAM user and its keys";

/** What a user declares about an IAM user. */
export const userSpecSchema = z.object({
  providerRef: referenceSchema("Provider").meta({
    description: "The Provider whose account holds the user. Cannot be changed.",
    ...immutable(
      "providerRef cannot be changed, not even by writing out or leaving out its namespace: the " +
        `IAM user stays in its account. ${MOVE}`,
    ),
  }),
  name: text("Name of the IAM user: 1 to 64 letters, digits and +=,.@_-. Cannot be changed.", 253)
    .meta({
      ...immutable(`name cannot be changed: the IAM user has it in its ARN and policies. ${MOVE}`),
      ...newValueRules({
        rule: "self.matches('^[A-Za-z0-9_+=,.@-]{1,64}$')",
        message: "name must be an IAM user name: 1 to 64 letters, digits and the characters " +
          "+=,.@_-",
      }),
    }),
  policy: z.object({
    version: text("Version of the policy language, such as 2012-10-17.", 32).exactOptional(),
    statement: z.array(freeForm("One statement, with the keys sid, effect, action and resource."))
      .max(MAX_STATEMENTS)
      .describe("The statements.")
      .exactOptional(),
  }).describe("The user's own policy, kept inline. Give either policy or policyRef.")
    .exactOptional(),
  policyRef: z.object({
    name: objectName("Name of the IAMPolicy.").exactOptional(),
    namespace: namespaceName(
      "Namespace of the IAMPolicy. Default: the namespace of this object.",
    ).exactOptional(),
  }).describe("The IAMPolicy to attach to the user. Give either policy or policyRef.")
    .exactOptional(),
  tags: tags(
    "Tags of the IAM user, at most 50, where the service has them. The tag Bucket names the " +
      "bucket that the Secrets of the user's keys tell.",
  ).exactOptional(),
  adoptionPolicy: z.enum(["Refuse", "Adopt"])
    .describe(
      "What to do when the IAM user exists and was not made for this object. Refuse: touch " +
        "nothing and say so in a condition. Adopt: take it over and apply policy and tags. " +
        "Default: Refuse.",
    )
    .exactOptional(),
  deletionPolicy: z.enum(["Delete", "Retain"])
    .describe(
      "What becomes of the IAM user when this object is deleted. Delete: it goes with its keys, " +
        "policies and password. Retain: it stays as it is. Default: Delete, and Retain for a " +
        "user that was adopted.",
    )
    .exactOptional(),
  allowedNamespaces: allowedNamespacesSchema.meta({
    description: "Which namespaces may hold AccessKeys that refer to this User. " +
      "Default: its own namespace only.",
    ...rules(allowedNamespacesRule),
  }).exactOptional(),
}).meta({
  description: "The IAM user and its permissions.",
  ...newValueRules({
    rule: "!(has(self.policy) && has(self.policyRef))",
    message: "give one of policy and policyRef, not both: move the statements into the " +
      "IAMPolicy, or leave out policyRef",
    fieldPath: ".policyRef",
  }),
});

/** What the operator found out about an IAM user. */
export const userStatusSchema = z.object({
  ...commonStatus(),
  userId: text("Unique ID of the IAM user.", 128).exactOptional(),
  created: z.boolean().describe("Whether the IAM user exists.").exactOptional(),
  userName: text("Name of the IAM user.", 128).exactOptional(),
  arn: text("Amazon Resource Name of the IAM user.", 2048).exactOptional(),
  ownership: z.enum(["Creating", "Created", "Adopted"])
    .describe(
      "How this object came to the IAM user. Creating: it is about to be made. Created: made for " +
        "this object, or by the predecessor for it. Adopted: taken over as adoptionPolicy says.",
    )
    .exactOptional(),
  claimTime: timestamp("When the creation was begun.").exactOptional(),
  inlinePolicy: text("Name of the inline policy that this object wrote.", 128).exactOptional(),
  attachedPolicies: z.array(text("ARN of a managed policy.", 2048)).max(20)
    .meta({
      description: "Managed policies that this object attached and has not detached yet.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
  policyChangeTime: timestamp(
    "When the policy was changed; the one that it replaced goes once the new one surely holds.",
  ).exactOptional(),
  lastSyncTime: lastSyncTime(),
}).describe("What the operator found out about the IAM user.");

/** Parsed spec. */
export type UserSpec = SpecOf<typeof userSpecSchema>;
/** Status as we write it. */
export type UserStatus = StatusOf<typeof userStatusSchema>;
/** A User as it is stored. */
export type User = CustomResource<UserSpec, UserStatus>;
