/**
 * The fields of the predecessor's definitions (version 0.2.4), transcribed: each must keep its
 * type, default, enum, pattern, limits and format, and nothing may be required in addition.
 */
import { assertEquals } from "@std/assert";
import { type KindName, kindNames } from "../../../src/api/registry.ts";
import type { StructuralSchema } from "../../../src/api/structural_schema.ts";
import { fieldsOf } from "./validator.ts";

type Facts = Readonly<Record<string, unknown>>;

const string = { type: "string" };
const integer = { type: "integer" };
const boolean = { type: "boolean" };
const object = { type: "object" };
const map = { type: "object" };
const time = { type: "string", format: "date-time" };
const uri = { type: "string", format: "uri" };

function array(item: Facts): Facts {
  return { type: "array", item };
}

function withDefault(facts: Facts, value: unknown): Facts {
  return { ...facts, default: value };
}

function oneOf(...values: readonly string[]): Facts {
  return { type: "string", enum: values };
}

const intervalDays = { ...integer, default: 90, minimum: 1, maximum: 365 };
const retentionDays = { ...integer, default: 7, minimum: 0, maximum: 30 };
const tags = { map: string };

function reference(name: string): Readonly<Record<string, Facts>> {
  return {
    [`${name}`]: object,
    [`${name}.name`]: string,
    [`${name}.namespace`]: string,
  };
}

function document(principal: Facts): Readonly<Record<string, Facts>> {
  const statement = "spec.policy.statement[]";
  return {
    "spec.policy": object,
    "spec.policy.version": withDefault(string, "2012-10-17"),
    "spec.policy.statement": array(object),
    [`${statement}.sid`]: string,
    [`${statement}.effect`]: oneOf("Allow", "Deny"),
    [`${statement}.principal`]: { ...principal, preserve: true },
    // Lists of texts there; one text is a new form, for which structural schemas have no type.
    [`${statement}.action`]: { preserve: true },
    [`${statement}.resource`]: { preserve: true },
    [`${statement}.condition`]: { ...object, preserve: true },
  };
}

const commonStatus: Readonly<Record<string, Facts>> = {
  "status.observedGeneration": integer,
  "status.conditions": array(object),
  "status.conditions[].type": string,
  "status.conditions[].status": oneOf("True", "False", "Unknown"),
  "status.conditions[].reason": string,
  "status.conditions[].message": string,
  "status.conditions[].lastTransitionTime": time,
  "status.conditions[].observedGeneration": integer,
};

const contract: { readonly [Name in KindName]: Readonly<Record<string, Facts>> } = {
  Provider: {
    "spec.type": withDefault(oneOf("wasabi"), "wasabi"),
    "spec.endpoint": uri,
    "spec.region": string,
    "spec.auth": object,
    ...reference("spec.auth.accessKeySecretRef"),
    "spec.auth.accessKeySecretRef.key": withDefault(string, "access-key"),
    ...reference("spec.auth.secretKeySecretRef"),
    "spec.auth.secretKeySecretRef.key": withDefault(string, "secret-key"),
    ...reference("spec.auth.sessionTokenSecretRef"),
    "spec.auth.sessionTokenSecretRef.key": withDefault(string, "session-token"),
    "spec.tls.insecureSkipVerify": withDefault(boolean, false),
    "spec.tls.caCertSecretRef.name": string,
    "spec.tls.caCertSecretRef.key": withDefault(string, "ca.crt"),
    "spec.pathStyle": withDefault(boolean, true),
    "spec.iamEndpoint": uri,
    "spec.iamRegion": string,
    "spec.retry.maxAttempts": { ...integer, default: 3, minimum: 1, maximum: 10 },
    "spec.retry.backoffStrategy": withDefault(oneOf("exponential", "linear"), "exponential"),
    ...commonStatus,
    "status.connected": boolean,
    "status.lastConnectTime": time,
  },
  Bucket: {
    ...reference("spec.providerRef"),
    "spec.name": { ...string, pattern: "^[a-z0-9][a-z0-9\\-\\.]{1,61}[a-z0-9]$" },
    "spec.region": string,
    "spec.autoManage.enabled": withDefault(boolean, true),
    "spec.autoManage.userName": string,
    "spec.autoManage.accessLevel": withDefault(oneOf("readonly", "readwrite", "full"), "readwrite"),
    "spec.autoManage.rotation.enabled": withDefault(boolean, true),
    "spec.autoManage.rotation.intervalDays": intervalDays,
    "spec.autoManage.rotation.previousKeysRetentionDays": retentionDays,
    "spec.versioning.enabled": withDefault(boolean, false),
    "spec.versioning.mfaDelete": withDefault(boolean, false),
    "spec.encryption.enabled": withDefault(boolean, false),
    "spec.encryption.algorithm": withDefault(oneOf("AES256", "aws:kms"), "AES256"),
    "spec.encryption.kmsKeyId": string,
    "spec.publicAccess.blockPublicAcls": withDefault(boolean, true),
    "spec.publicAccess.blockPublicPolicy": withDefault(boolean, true),
    "spec.publicAccess.ignorePublicAcls": withDefault(boolean, true),
    "spec.publicAccess.restrictPublicBuckets": withDefault(boolean, true),
    "spec.lifecycle.rules": array(object),
    "spec.lifecycle.rules[].id": string,
    "spec.lifecycle.rules[].status": withDefault(oneOf("Enabled", "Disabled"), "Enabled"),
    "spec.lifecycle.rules[].prefix": string,
    "spec.lifecycle.rules[].expiration.days": { ...integer, minimum: 1 },
    "spec.lifecycle.rules[].expiration.date": { ...string, format: "date" },
    "spec.lifecycle.rules[].transitions": array(object),
    "spec.lifecycle.rules[].transitions[].days": { ...integer, minimum: 1 },
    "spec.lifecycle.rules[].transitions[].storageClass": string,
    "spec.cors.rules": array(object),
    "spec.cors.rules[].allowedOrigins": array(string),
    "spec.cors.rules[].allowedMethods": array(oneOf("GET", "POST", "PUT", "DELETE", "HEAD")),
    "spec.cors.rules[].allowedHeaders": array(string),
    "spec.cors.rules[].exposedHeaders": array(string),
    "spec.cors.rules[].maxAgeSeconds": { ...integer, default: 3600, minimum: 0 },
    "spec.tagging.tags": tags,
    "spec.deletionPolicy": withDefault(oneOf("Delete", "Retain"), "Retain"),
    "spec.forceDelete": withDefault(boolean, false),
    ...commonStatus,
    "status.bucketName": string,
    "status.arn": string,
    "status.exists": boolean,
    "status.lastSyncTime": time,
    "status.credentialsSecret": string,
  },
  BucketPolicy: {
    ...reference("spec.bucketRef"),
    ...document({}),
    ...commonStatus,
    "status.applied": boolean,
    "status.lastSyncTime": time,
  },
  IAMPolicy: {
    ...reference("spec.providerRef"),
    ...document(object),
    "spec.tags": tags,
    ...commonStatus,
    "status.policyArn": string,
    "status.applied": boolean,
    "status.attachedUsers": array(string),
    "status.lastSyncTime": time,
  },
  User: {
    ...reference("spec.providerRef"),
    "spec.name": string,
    "spec.policy.version": string,
    "spec.policy.statement": array({ ...object, preserve: true }),
    ...reference("spec.policyRef"),
    "spec.tags": tags,
    ...commonStatus,
    "status.userId": string,
    "status.created": boolean,
    "status.lastSyncTime": time,
  },
  AccessKey: {
    ...reference("spec.providerRef"),
    ...reference("spec.userRef"),
    "spec.displayName": string,
    "spec.policy": map,
    "spec.tags": tags,
    "spec.rotate.enabled": withDefault(boolean, false),
    "spec.rotate.intervalDays": intervalDays,
    "spec.rotate.previousKeysRetentionDays": retentionDays,
    ...commonStatus,
    "status.accessKeyId": string,
    "status.created": boolean,
    "status.lastRotateTime": time,
    "status.nextRotateTime": time,
  },
};

const STATEMENT = "spec.policy.statement[]";
const CONDITION_TYPE = "status.conditions[].type";

/** What the predecessor required; of the root nothing, and type of a condition by its list's key. */
const required: { readonly [Name in KindName]: readonly string[] } = {
  Provider: [
    "spec.region",
    "spec.auth",
    "spec.auth.accessKeySecretRef",
    "spec.auth.accessKeySecretRef.name",
    "spec.auth.secretKeySecretRef",
    "spec.auth.secretKeySecretRef.name",
    CONDITION_TYPE,
  ],
  Bucket: [
    "spec.providerRef",
    "spec.providerRef.name",
    "spec.name",
    "spec.lifecycle.rules[].id",
    // Not transitions[].days any more: a rule wants either it or date.
    "spec.lifecycle.rules[].transitions[].storageClass",
    "spec.cors.rules[].allowedOrigins",
    "spec.cors.rules[].allowedMethods",
    CONDITION_TYPE,
  ],
  BucketPolicy: [
    "spec.bucketRef",
    "spec.bucketRef.name",
    "spec.policy",
    "spec.policy.statement",
    // Not action, resource and principal any more: each has a negative form, one of the two is needed.
    `${STATEMENT}.effect`,
    CONDITION_TYPE,
  ],
  IAMPolicy: [
    "spec.providerRef",
    "spec.providerRef.name",
    "spec.policy",
    "spec.policy.statement",
    `${STATEMENT}.effect`,
    CONDITION_TYPE,
  ],
  User: ["spec.providerRef", "spec.providerRef.name", "spec.name", CONDITION_TYPE],
  AccessKey: ["spec.providerRef", "spec.providerRef.name", CONDITION_TYPE],
};

/** Fields that are new here and required inside their new, optional parents. */
const NEW_AND_REQUIRED = new RegExp(
  "^spec\\.(?:(?:probe|allowedNamespaces|objectLock|replication)\\.|" +
    "lifecycle\\.rules\\[\\]\\.(?:noncurrent|abort))|^status\\.(?:creation|previousKeys|" +
    "corrections|deletion|drift|unsettled|capabilities|providerRef)\\b",
);

for (const kind of kindNames) {
  Deno.test(`${kind}: each field of the predecessor keeps its meaning`, () => {
    const fields = new Map(fieldsOf(kind).map(({ path, schema }) => [path, schema]));
    for (const [path, facts] of Object.entries(contract[kind])) {
      assertEquals(factsOf(fields.get(path) ?? {}, facts), facts, `${kind} ${path}`);
    }
  });

  Deno.test(`${kind}: nothing is required that the predecessor did not require`, () => {
    const now = fieldsOf(kind)
      .filter((field) => field.required && !/(^|\]|\})$/.test(field.path))
      .map((field) => field.path)
      .filter((path) => !NEW_AND_REQUIRED.test(path));
    assertEquals(now.toSorted(), required[kind].toSorted());
  });
}

/**
 * The facts of a schema that the contract speaks of; formats and limits of integers are new, and
 * so may be further values of a list.
 */
function factsOf(schema: StructuralSchema, wanted: Facts): Facts {
  const facts: Record<string, unknown> = {};
  for (const keyword of ["type", "default", "enum", "pattern", "format", "minimum", "maximum"]) {
    const isNewLimit = schema.type === "integer" && !(keyword in wanted);
    if (schema[keyword] !== undefined && !isNewLimit) facts[keyword] = schema[keyword];
  }
  const known = wanted["enum"] as readonly unknown[] | undefined;
  if (known !== undefined) {
    facts["enum"] = ((schema["enum"] ?? []) as readonly unknown[]).filter((v) => known.includes(v));
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) facts["preserve"] = true;
  if (wanted["item"] !== undefined) {
    facts["item"] = factsOf(schema.items ?? {}, wanted["item"] as Facts);
  }
  if (wanted["map"] !== undefined) {
    return { map: factsOf(schema.additionalProperties ?? {}, wanted["map"] as Facts) };
  }
  return facts;
}
