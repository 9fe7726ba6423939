/**
 * The six kinds in one table: names, schemas, and what `kubectl get` shows of them.
 */
import type { z } from "zod";
import { type AccessKey, accessKeySpecSchema, accessKeyStatusSchema } from "./access_key.ts";
import { type Bucket, bucketSpecSchema, bucketStatusSchema } from "./bucket.ts";
import {
  type BucketPolicy,
  bucketPolicySpecSchema,
  bucketPolicyStatusSchema,
} from "./bucket_policy.ts";
import { type IAMPolicy, iamPolicySpecSchema, iamPolicyStatusSchema } from "./iam_policy.ts";
import { type Provider, providerSpecSchema, providerStatusSchema } from "./provider.ts";
import { type User, userSpecSchema, userStatusSchema } from "./user.ts";

/** One column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "date";
  readonly jsonPath: string;
  readonly description: string;
}

/** What is known about a kind. */
export interface KindDefinition {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortName: string;
  readonly listKind: string;
  readonly description: string;
  readonly specSchema: z.ZodType;
  readonly statusSchema: z.ZodType;
  readonly printerColumns: readonly PrinterColumn[];
  /** JSON paths for field selectors (Kubernetes 1.32; older servers drop them silently). */
  readonly selectableFields: readonly string[];
}

/** The object type of each kind. */
export interface KindObjects {
  readonly Provider: Provider;
  readonly Bucket: Bucket;
  readonly BucketPolicy: BucketPolicy;
  readonly User: User;
  readonly AccessKey: AccessKey;
  readonly IAMPolicy: IAMPolicy;
}

/** Name of one of the six kinds. */
export type KindName = keyof KindObjects;

const PROVIDER_REF = ".spec.providerRef.name";

function column(name: string, jsonPath: string, description: string): PrinterColumn {
  return { name, type: "string", jsonPath, description };
}

function columns(...identity: readonly PrinterColumn[]): readonly PrinterColumn[] {
  const ready = '.status.conditions[?(@.type=="Ready")]';
  return [
    ...identity,
    column("Ready", `${ready}.status`, "Whether the service is as the spec says."),
    column("Reason", `${ready}.reason`, "Why the object is ready or not."),
    {
      name: "Age",
      type: "date",
      jsonPath: ".metadata.creationTimestamp",
      description: "Time since the object was created.",
    },
  ];
}

function providerColumn(): PrinterColumn {
  return column("Provider", PROVIDER_REF, "The Provider whose account is used.");
}

/** The table of the six kinds. */
export const kinds: { readonly [Name in KindName]: KindDefinition & { readonly kind: Name } } = {
  Provider: {
    kind: "Provider",
    plural: "providers",
    singular: "provider",
    shortName: "s3prov",
    listKind: "ProviderList",
    description: "A Provider is an account at an S3 service: how to reach it and who may use it.",
    specSchema: providerSpecSchema,
    statusSchema: providerStatusSchema,
    printerColumns: columns(
      column("Endpoint", ".status.endpoint", "URL of the S3 service in use."),
      column("Region", ".spec.region", "Region of the account's buckets."),
    ),
    selectableFields: [],
  },
  Bucket: {
    kind: "Bucket",
    plural: "buckets",
    singular: "bucket",
    shortName: "s3bkt",
    listKind: "BucketList",
    description: "A Bucket is one bucket of a Provider's account, with its settings.",
    specSchema: bucketSpecSchema,
    statusSchema: bucketStatusSchema,
    printerColumns: columns(
      column("Bucket", ".spec.name", "Name of the bucket at the service."),
      providerColumn(),
    ),
    selectableFields: [PROVIDER_REF],
  },
  BucketPolicy: {
    kind: "BucketPolicy",
    plural: "bucketpolicies",
    singular: "bucketpolicy",
    shortName: "s3policy",
    listKind: "BucketPolicyList",
    description: "A BucketPolicy says who may do what in a Bucket, and is attached to the bucket.",
    specSchema: bucketPolicySpecSchema,
    statusSchema: bucketPolicyStatusSchema,
    printerColumns: columns(
      column("Bucket", ".spec.bucketRef.name", "The Bucket that has the policy."),
    ),
    selectableFields: [".spec.bucketRef.name"],
  },
  User: {
    kind: "User",
    plural: "users",
    singular: "user",
    shortName: "s3user",
    listKind: "UserList",
    description: "A User is an IAM user of a Provider's account, with its permissions.",
    specSchema: userSpecSchema,
    statusSchema: userStatusSchema,
    printerColumns: columns(
      column("User", ".spec.name", "Name of the IAM user."),
      providerColumn(),
    ),
    selectableFields: [PROVIDER_REF],
  },
  AccessKey: {
    kind: "AccessKey",
    plural: "accesskeys",
    singular: "accesskey",
    shortName: "s3key",
    listKind: "AccessKeyList",
    description:
      "An AccessKey is an access key of a User, kept in a Secret and, if wanted, rotated on a " +
      "schedule.",
    specSchema: accessKeySpecSchema,
    statusSchema: accessKeyStatusSchema,
    printerColumns: columns(
      column("Key", ".status.accessKeyId", "ID of the current key."),
      column("User", ".spec.userRef.name", "The User that the key belongs to."),
      providerColumn(),
    ),
    selectableFields: [PROVIDER_REF, ".spec.userRef.name"],
  },
  IAMPolicy: {
    kind: "IAMPolicy",
    plural: "iampolicies",
    singular: "iampolicy",
    shortName: "iamp",
    listKind: "IAMPolicyList",
    description: "An IAMPolicy is a managed policy of a Provider's account, which Users attach.",
    specSchema: iamPolicySpecSchema,
    statusSchema: iamPolicyStatusSchema,
    printerColumns: columns(
      column("Policy", ".status.policyArn", "Amazon Resource Name of the policy."),
      providerColumn(),
    ),
    selectableFields: [PROVIDER_REF],
  },
};

/** The names of the kinds, Provider first, since the others refer to it. */
export const kindNames: readonly KindName[] = Object.values(kinds).map((entry) => entry.kind);
