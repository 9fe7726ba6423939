/**
 * Bucket: one bucket of an account, and its settings.
 */
import { z } from "zod";
import { lifecycleSchema } from "./bucket_lifecycle.ts";
import { allowedNamespacesRule, allowedNamespacesSchema } from "./allowed_namespaces.ts";
import { bucketMemory } from "./bucket_memory.ts";
import { BUCKET_NAME, bucketNameRules } from "./bucket_name.ts";
import { replicationSchema } from "./bucket_replication.ts";
import {
  autoManageSchema,
  corsSchema,
  encryptionSchema,
  loggingSchema,
  objectLockRule,
  objectLockSchema,
  ownershipSchema,
  publicAccessSchema,
  requestPayerSchema,
  taggingSchema,
  versioningSchema,
} from "./bucket_settings.ts";
import type { CustomResource } from "./common.ts";
import { driftSchema } from "./drift.ts";
import { features } from "./features.ts";
import {
  commonStatus,
  immutable,
  lastSyncTime,
  newValueRules,
  objectName,
  referenceSchema,
  rules,
  type SpecOf,
  type StatusOf,
  text,
} from "./schema.ts";

const AGAIN =
  "delete this Bucket, which keeps the data with deletionPolicy: Retain, and create it " +
  "anew with adoptionPolicy: Adopt";

const regionRule = {
  rule: "has(self.region) == has(oldSelf.region)",
  message: "region cannot be added or removed later: a bucket stays in its region. To correct " +
    `it, ${AGAIN}`,
  fieldPath: ".region",
};

/** What a user declares about a bucket. */
export const bucketSpecSchema = z.object({
  providerRef: referenceSchema("Provider").meta({
    description: "The Provider whose account holds the bucket. Cannot be changed.",
    ...immutable(
      "providerRef cannot be changed, not even by writing out or leaving out its namespace: the " +
        `bucket stays in its account. To use another Provider of it, ${AGAIN}`,
    ),
  }),
  name: z.string().min(3).max(63).regex(BUCKET_NAME).meta({
    description: "Name of the bucket at the service, where it is unique over all customers: 3 to " +
      "63 lower case letters, digits, hyphens and dots. Cannot be changed.",
    ...immutable(
      "name cannot be changed: a bucket cannot be renamed. Create a second Bucket with the new " +
        "name and copy the objects; deleting this one keeps its data with deletionPolicy: Retain",
    ),
    ...newValueRules(...bucketNameRules),
  }),
  region: text(
    "Region in which the bucket is made. Default: the region of the Provider. Cannot be changed.",
    63,
  ).meta(immutable(
    "region cannot be changed: a bucket stays in its region. Create a second Bucket with another " +
      "name there and copy the objects",
  )).exactOptional(),
  adoptionPolicy: z.enum(["Refuse", "Adopt"])
    .describe(
      "What to do when the bucket exists and was not made for this object. Refuse: touch nothing " +
        "and say so in a condition. Adopt: take it over and apply these settings. " +
        "Default: Refuse.",
    )
    .exactOptional(),
  autoManage: autoManageSchema.exactOptional(),
  versioning: versioningSchema.exactOptional(),
  encryption: encryptionSchema.exactOptional(),
  publicAccess: publicAccessSchema.exactOptional(),
  lifecycle: lifecycleSchema.exactOptional(),
  cors: corsSchema.exactOptional(),
  tagging: taggingSchema.exactOptional(),
  objectLock: objectLockSchema.exactOptional(),
  logging: loggingSchema.exactOptional(),
  replication: replicationSchema.exactOptional(),
  ownership: ownershipSchema.exactOptional(),
  requestPayer: requestPayerSchema.exactOptional(),
  deletionPolicy: z.enum(["Delete", "Retain"])
    .describe(
      "What happens to the bucket when this object is deleted. Retain: it stays. Delete: it is " +
        "deleted when it is empty. Default: Retain.",
    )
    .default("Retain"),
  forceDelete: z.boolean()
    .describe(
      "With deletionPolicy: Delete, delete all objects and their versions first. They cannot be " +
        "brought back. Default: false.",
    )
    .default(false),
  deletionProtection: z.boolean()
    .describe(
      "Keep the bucket even when this object is deleted with deletionPolicy: Delete: the object " +
        "then waits until this is false. Default: false.",
    )
    .exactOptional(),
  recreationPolicy: z.enum(["Never", "IfEmpty", "Always"])
    .describe(
      "What to do when the bucket was deleted by somebody else. Never: say so and make nothing. " +
        "IfEmpty: make it again unless it has ever been seen to hold objects. Always: make it " +
        "again, empty. Default: IfEmpty.",
    )
    .exactOptional(),
  onFieldRemoval: z.enum(["Leave", "Reset"])
    .describe(
      "What to do with a setting that leaves this spec after it was applied. Leave: the service " +
        "keeps it as it is. Reset: the service gets what a new bucket has. Default: Leave.",
    )
    .exactOptional(),
  requiredFeatures: z.array(
    z.enum(features).describe("A setting, or a part of one such as lifecycle.transitions."),
  ).max(features.length)
    .meta({
      description: "Settings without which this bucket is not Ready. Default: none; a setting " +
        "that the service cannot do is then only told by the condition FeatureUnsupported.",
      "x-kubernetes-list-type": "set",
    })
    .exactOptional(),
  drift: driftSchema.exactOptional(),
  allowedNamespaces: allowedNamespacesSchema.meta({
    description: "Which other namespaces may hold objects that refer to this Bucket. " +
      "Default: none.",
    ...rules(allowedNamespacesRule),
  }).exactOptional(),
}).meta({ description: "The bucket and its settings.", ...rules(regionRule, objectLockRule) });

/** What the operator found out about a bucket. */
export const bucketStatusSchema = z.object({
  ...commonStatus(),
  bucketName: text("Name of the bucket at the service.", 63).exactOptional(),
  arn: text("Amazon Resource Name of the bucket, for use in policies.", 2048).exactOptional(),
  exists: z.boolean().describe("Whether the bucket exists at the service.").exactOptional(),
  lastSyncTime: lastSyncTime(),
  credentialsSecret: objectName("Secret that holds the access key made by autoManage.")
    .exactOptional(),
  ownership: z.enum(["Creating", "Created", "Adopted"])
    .describe(
      "How this object came to its bucket. Creating: its creation was begun. Created: it was made " +
        "for this object. Adopted: it was taken over.",
    )
    .exactOptional(),
  region: text("Region of the bucket.", 63).exactOptional(),
  endpoint: text("URL of the S3 service that serves the bucket.", 2048).exactOptional(),
  ...bucketMemory,
}).describe("What the operator found out about the bucket.");

/** Parsed spec. */
export type BucketSpec = SpecOf<typeof bucketSpecSchema>;
/** Status as we write it. */
export type BucketStatus = StatusOf<typeof bucketStatusSchema>;
/** A Bucket as it is stored. */
export type Bucket = CustomResource<BucketSpec, BucketStatus>;
