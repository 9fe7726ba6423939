/**
 * AccessKey: an access key of a User, kept in a Secret and rotated on a schedule.
 */
import { z } from "zod";
import { accessKeyMemory } from "./access_key_memory.ts";
import { accessKeySecretSchema } from "./access_key_secret.ts";
import type { CustomResource } from "./common.ts";
import {
  commonStatus,
  immutable,
  integer,
  namespaceName,
  objectName,
  referenceSchema,
  rules,
  type SpecOf,
  type StatusOf,
  tags,
  text,
  timestamp,
} from "./schema.ts";

const MOVE = "Create another AccessKey, move its applications over to the new Secret, then " +
  "delete this one, which revokes its key";

const userRefSchema = z.object({
  name: objectName("Name of the User.").exactOptional(),
  namespace: namespaceName("Namespace of the User. Default: the namespace of this object.")
    .exactOptional(),
}).meta({
  description: "The User resource that the key belongs to. Cannot be changed once set.",
  ...rules({
    rule: "!has(oldSelf.name) || self == oldSelf",
    message: "userRef cannot be changed, not even by writing out or leaving out its namespace: " +
      `the key belongs to that IAM user. ${MOVE}`,
  }),
});

/** What a user declares about an access key. */
export const accessKeySpecSchema = z.object({
  providerRef: referenceSchema("Provider").meta({
    description: "The Provider whose account holds the user. Cannot be changed.",
    ...immutable(
      "providerRef cannot be changed, not even by writing out or leaving out its namespace: the " +
        `key belongs to a user of that account. ${MOVE}`,
    ),
  }),
  userRef: userRefSchema.exactOptional(),
  displayName: text("A name for people; the service does not see it.", 1024).exactOptional(),
  policy: z.object({})
    .describe("Accepted for older objects and ignored: permissions belong to the User.")
    .exactOptional(),
  tags: tags("Accepted and ignored: access keys have no tags. At most 50.").exactOptional(),
  rotate: z.object({
    enabled: z.boolean().describe("Whether the key is rotated. Default: false.").default(false),
    intervalDays: integer("Days from one rotation to the next. Default: 90.", {
      min: 1,
      max: 365,
    }).default(90),
    previousKeysRetentionDays: integer(
      "Days for which the previous key stays valid after a rotation; with 0 it is ten minutes. " +
        "Default: 7.",
      { min: 0, max: 30 },
    ).default(7),
    revokeOnlyWhenUnused: z.boolean()
      .describe(
        "Whether a previous key that was used within the last day keeps valid beyond its time, " +
          "where the service tells the last use. Default: false.",
      )
      .exactOptional(),
  }).describe("Replacement of the key on a schedule. Default: none.").exactOptional(),
  secret: accessKeySecretSchema.exactOptional(),
}).meta({
  description: "The access key and its rotation.",
  ...rules({
    rule: "!has(oldSelf.userRef) || has(self.userRef)",
    message: `userRef cannot be removed: the key belongs to that IAM user. ${MOVE}`,
    fieldPath: ".userRef",
  }),
});

/** What the operator found out about an access key. */
export const accessKeyStatusSchema = z.object({
  ...commonStatus(),
  accessKeyId: text("ID of the current key.", 128).exactOptional(),
  created: z.boolean().describe("Whether the key exists.").exactOptional(),
  lastRotateTime: timestamp("When the current key was made.").exactOptional(),
  nextRotateTime: timestamp("When the next rotation is due.").exactOptional(),
  ...accessKeyMemory(),
}).describe("What the operator found out about the access key.");

/** Parsed spec. */
export type AccessKeySpec = SpecOf<typeof accessKeySpecSchema>;
/** Status as we write it. */
export type AccessKeyStatus = StatusOf<typeof accessKeyStatusSchema>;
/** An AccessKey as it is stored. */
export type AccessKey = CustomResource<AccessKeySpec, AccessKeyStatus>;
