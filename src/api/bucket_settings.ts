/**
 * The settings of a bucket, one schema each. An absent setting is unmanaged: the service keeps
 * what it has. A setting that is present and empty is removed from the service.
 */
import { z } from "zod";
import { integer, rules, tags, text, type ValidationRule } from "./schema.ts";

const MAX_INT32 = 2_147_483_647;

/** Metadata of a setting: a description, and CEL rules. */
function setting(description: string, ...list: readonly ValidationRule[]): Record<string, unknown> {
  return {
    description,
    // Else a server-side apply that empties the object ends in `null`, which the schema refuses.
    "x-kubernetes-map-type": "atomic",
    ...(list.length > 0 && rules(...list)),
  };
}

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
}).meta(setting("Versions of objects. Absent: left as they are."));

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
}).meta(setting("Default encryption of new objects. Absent: left as it is."));

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
}).meta(setting("Guard against public access. Absent: left as it is."));

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
}).meta(setting("Access by scripts of web pages of other origins. Absent: left as it is."));

/** Tags of the bucket. */
export const taggingSchema = z.object({
  tags: tags("The tags, at most 50. An empty map removes all tags from the bucket.")
    .exactOptional(),
}).meta(setting("Tags of the bucket. Absent: left as they are."));

const defaultRetentionSchema = z.object({
  mode: z.enum(["GOVERNANCE", "COMPLIANCE"]).describe(
    "GOVERNANCE: whoever has the right may shorten it. COMPLIANCE: nobody may.",
  ),
  days: integer("Days for which a new version cannot be deleted.", { min: 1, max: 36_500 })
    .exactOptional(),
  years: integer("Years for which a new version cannot be deleted.", { min: 1, max: 100 })
    .exactOptional(),
}).meta({
  description: "Retention of new versions that are stored without one. Absent: none.",
  ...rules({
    rule: "has(self.days) != has(self.years)",
    message: "give one of days and years, not both and not none",
  }),
});

/** Protection of versions against deletion. */
export const objectLockSchema = z.object({
  enabled: z.boolean().describe(
    "Whether versions can be locked. It is chosen when the bucket is made and cannot be " +
      "switched off again. Default: false.",
  ).default(false),
  defaultRetention: defaultRetentionSchema.exactOptional(),
}).meta(setting(
  "Protection of versions against deletion. Absent: left as it is.",
  {
    rule: "!oldSelf.enabled || self.enabled",
    message: "enabled cannot be switched off again: object lock stays for the life of a bucket",
    fieldPath: ".enabled",
  },
  {
    rule: "!has(self.defaultRetention) || self.enabled",
    message: "defaultRetention needs enabled: true",
    fieldPath: ".defaultRetention",
  },
));

/** Rule of the whole spec: versions that cannot be deleted have to be kept. */
export const objectLockRule: ValidationRule = {
  rule: "!has(self.objectLock) || !self.objectLock.enabled || !has(self.versioning) || " +
    "self.versioning.enabled",
  message: "objectLock.enabled needs versioning.enabled: true, or no versioning field: a bucket " +
    "with object lock always keeps versions",
  fieldPath: ".versioning",
};

/** Access logs. */
export const loggingSchema = z.object({
  targetBucket: text("Name of the bucket that gets the logs. Absent: nothing is logged.", 63)
    .exactOptional(),
  targetPrefix: text("What the keys of the logs begin with. Default: nothing.", 1024)
    .exactOptional(),
}).meta(setting(
  "Logs of the requests to the bucket. Empty: switched off. Absent: left as they are.",
  {
    rule: "!has(self.targetPrefix) || has(self.targetBucket)",
    message: "targetPrefix needs targetBucket",
    fieldPath: ".targetPrefix",
  },
));

/** Who owns objects that other accounts write. */
export const ownershipSchema = z.object({
  objectOwnership: z.enum(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"])
    .describe(
      "BucketOwnerEnforced: the bucket's owner owns every object, and ACLs do not act. " +
        "BucketOwnerPreferred: it owns what is written with the ACL bucket-owner-full-control. " +
        "ObjectWriter: who writes an object owns it. Absent: what a new bucket has.",
    )
    .exactOptional(),
}).meta(setting("Who owns objects that other accounts write. Absent: left as it is."));

/** Who pays for requests. */
export const requestPayerSchema = z.object({
  payer: z.enum(["BucketOwner", "Requester"])
    .describe("Who pays for requests and downloads. Default: BucketOwner.")
    .default("BucketOwner"),
}).meta(setting("Who pays for requests and downloads. Absent: left as it is."));
