/**
 * The settings of a bucket, one schema each. An absent setting is unmanaged: the service keeps
 * what it has. A setting that is present and empty is removed from the service.
 */
import { z } from "zod";
import { integer, tags, text } from "./schema.ts";

const MAX_INT32 = 2_147_483_647;

const rotationSchema = z.object({
  enabled: z.boolean().describe("Whether the access key is rotated. Default: true.").default(true),
  intervalDays: integer("Days from one rotation to the next. Default: 90.", { min: 1, max: 365 })
    .default(90),
  previousKeysRetentionDays: integer(
    "Days for which the previous access key stays valid after a rotation. Default: 7.",
    { min: 0, max: 30 },
  ).default(7),
}).describe("Rotation of the access key.");

/** The user, policy and access key that come with a bucket. */
export const autoManageSchema = z.object({
  enabled: z.boolean()
    .describe("Whether a User, a BucketPolicy and an AccessKey are made. Default: true.")
    .default(true),
  userName: text("Name of the IAM user. Default: the name of the bucket.", 128).exactOptional(),
  accessLevel: z.enum(["readonly", "readwrite", "full"])
    .describe("What the user may do in the bucket. Default: readwrite.")
    .default("readwrite"),
  rotation: rotationSchema.exactOptional(),
}).describe(
  "A User, a BucketPolicy and an AccessKey for this bucket, made together with it and kept equal " +
    "to these settings. Default: enabled.",
);

/** Versions of objects. */
export const versioningSchema = z.object({
  enabled: z.boolean()
    .describe(
      "Keep previous versions of objects (true), or stop keeping new ones (false). " +
        "Default: false.",
    )
    .default(false),
  mfaDelete: z.boolean()
    .describe("Deleting a version needs a second factor. Default: false.")
    .default(false),
}).describe("Versions of objects. Absent: left as they are.");

/** Encryption at rest. */
export const encryptionSchema = z.object({
  enabled: z.boolean()
    .describe("Whether the bucket has a default encryption. Default: false.")
    .default(false),
  algorithm: z.enum(["AES256", "aws:kms"])
    .describe(
      "AES256: keys of the service. aws:kms: a key of a key management service. " +
        "Default: AES256.",
    )
    .default("AES256"),
  kmsKeyId: text("Key for aws:kms, as ID or ARN. Default: the service's own.", 2048)
    .exactOptional(),
}).describe("Default encryption of new objects. Absent: left as it is.");

/** Guard against public access. */
export const publicAccessSchema = z.object({
  blockPublicAcls: z.boolean()
    .describe("Refuse ACLs that make something public. Default: true.").default(true),
  blockPublicPolicy: z.boolean()
    .describe("Refuse bucket policies that make something public. Default: true.").default(true),
  ignorePublicAcls: z.boolean()
    .describe("Act as if public ACLs were not there. Default: true.").default(true),
  restrictPublicBuckets: z.boolean()
    .describe("Let only the own account use a bucket with a public policy. Default: true.")
    .default(true),
}).describe("Guard against public access. Absent: left as it is.");

const lifecycleRuleSchema = z.object({
  id: text("Name of the rule, unique within the bucket.", 255),
  status: z.enum(["Enabled", "Disabled"])
    .describe("Whether the rule acts. Default: Enabled.")
    .default("Enabled"),
  prefix: text("Objects whose key begins with this. Default: all objects.", 1024).exactOptional(),
  expiration: z.object({
    days: integer("Days after an object was written. Wins over date.", { min: 1, max: MAX_INT32 })
      .exactOptional(),
    date: text("Day from which the objects are deleted, as YYYY-MM-DD.", 32)
      .meta({ format: "date" })
      .exactOptional(),
  }).describe("When objects are deleted.").exactOptional(),
  transitions: z.array(
    z.object({
      days: integer("Days after an object was written.", { min: 1, max: MAX_INT32 }),
      storageClass: text("Storage class to move to, such as GLACIER.", 64),
    }).describe("One move to another storage class."),
  ).max(50)
    .describe("When objects move to another storage class. Wasabi has only one and refuses this.")
    .exactOptional(),
}).describe("One rule.");

/** Deletion of objects by age. */
export const lifecycleSchema = z.object({
  rules: z.array(lifecycleRuleSchema).max(1000)
    .describe("The rules, at most 1000. An empty list removes all rules from the bucket.")
    .exactOptional(),
}).describe(
  "Deletion of objects by age. The service applies it about once a day. Absent: left as it is.",
);

const corsRuleSchema = z.object({
  allowedOrigins: z.array(
    text("Origin such as https://example.com; * stands for any part.", 2048),
  ).max(256).describe("Origins that may send requests."),
  allowedMethods: z.array(
    z.enum(["GET", "POST", "PUT", "DELETE", "HEAD"]).describe("HTTP method."),
  ).max(16).describe("HTTP methods that may be used."),
  allowedHeaders: z.array(text("Header name; * stands for any part.", 256)).max(256)
    .describe("Headers that requests may carry.").exactOptional(),
  exposedHeaders: z.array(text("Header name.", 256)).max(256)
    .describe("Headers of answers that scripts may read.").exactOptional(),
  maxAgeSeconds: integer(
    "Seconds for which a browser may keep the answer to its question. Default: 3600.",
    { min: 0, max: MAX_INT32 },
  ).default(3600),
}).describe("One rule.");

/** Access from web pages of other origins. */
export const corsSchema = z.object({
  rules: z.array(corsRuleSchema).max(100)
    .describe("The rules, at most 100. An empty list removes all rules from the bucket.")
    .exactOptional(),
}).describe("Access by scripts of web pages of other origins. Absent: left as it is.");

/** Tags of the bucket. */
export const taggingSchema = z.object({
  tags: tags("The tags, at most 50. An empty map removes all tags from the bucket.")
    .exactOptional(),
}).meta({
  description: "Tags of the bucket. Absent: left as they are.",
  // Else a server-side apply that empties the tags ends in `null`, which the schema refuses.
  "x-kubernetes-map-type": "atomic",
});
