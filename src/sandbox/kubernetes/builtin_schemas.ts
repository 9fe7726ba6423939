/**
 * Schemas of the built-in kinds, cut down to the fields that these kinds have.
 *
 * They serve strict decoding, server-side apply and `kubectl explain`.
 */

import type { Schema } from "./resource_type.ts";

function text(description: string): Schema {
  return { type: "string", description };
}

function time(description: string): Schema {
  return { type: "string", format: "date-time", description };
}

function nullableTime(description: string): Schema {
  return { type: "string", format: "date-time", nullable: true, description };
}

function microTime(description: string): Schema {
  return { type: "string", format: "micro-time", nullable: true, description };
}

function integer(description: string): Schema {
  return { type: "integer", description };
}

function flag(description: string): Schema {
  return { type: "boolean", description };
}

function texts(description: string): Schema {
  return { type: "object", additionalProperties: { type: "string" }, description };
}

function fields(properties: Record<string, Schema>, description = ""): Schema {
  return { type: "object", properties, description };
}

const ownerReference: Schema = {
  type: "object",
  "x-kubernetes-map-type": "atomic",
  required: ["apiVersion", "kind", "name", "uid"],
  properties: {
    apiVersion: text("API version of the referent."),
    kind: text("Kind of the referent."),
    name: text("Name of the referent."),
    uid: text("UID of the referent."),
    controller: flag("Whether the reference points to the managing controller."),
    blockOwnerDeletion: flag("Whether foreground deletion of the owner waits for this object."),
  },
};

const managedFieldsEntry: Schema = fields({
  manager: text("Who manages the fields."),
  operation: text("Apply or Update."),
  apiVersion: text("Version that fieldsV1 is written for."),
  time: time("When the entry last changed."),
  fieldsType: text("Format of fieldsV1."),
  fieldsV1: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  subresource: text("Subresource through which the fields were written."),
});

/** Schema of `metadata`. */
export const objectMetaSchema: Schema = fields({
  name: text("Name, unique within a namespace."),
  generateName: text("Prefix from which the server makes a unique name."),
  namespace: text("Space within which the name is unique."),
  selfLink: text("Deprecated."),
  uid: text("Unique in time and space."),
  resourceVersion: text("Opaque version of the stored object."),
  generation: integer("Sequence number of the desired state."),
  creationTimestamp: nullableTime("When the object was created."),
  deletionTimestamp: nullableTime("When deletion was asked for."),
  deletionGracePeriodSeconds: integer("Seconds until removal."),
  labels: texts("Keys and values to select objects by."),
  annotations: texts("Unstructured keys and values."),
  finalizers: {
    type: "array",
    items: { type: "string" },
    "x-kubernetes-list-type": "set",
    description: "Must be empty before the object is removed.",
  },
  ownerReferences: {
    type: "array",
    items: ownerReference,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["uid"],
    description: "Objects that this object depends on.",
  },
  managedFields: {
    type: "array",
    items: managedFieldsEntry,
    "x-kubernetes-list-type": "atomic",
    description: "Which manager owns which fields.",
  },
}, "Standard object metadata.");

/** Adds apiVersion, kind and metadata to a kind's own fields. */
export function withTypeMeta(schema: Schema): Schema {
  return {
    ...schema,
    type: "object",
    properties: {
      ...schema.properties,
      apiVersion: text("Versioned schema of this representation of an object."),
      kind: text("The REST resource that this object represents."),
      metadata: objectMetaSchema,
    },
  };
}

const condition: Schema = fields({
  type: text("Type of the condition."),
  status: text("True, False or Unknown."),
  reason: text("One word that says why."),
  message: text("One sentence for people."),
  lastTransitionTime: time("When the status last changed."),
  observedGeneration: integer("The generation that was seen."),
});

const conditions: Schema = {
  type: "array",
  nullable: true,
  items: condition,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
};

/** core/v1 Namespace. */
export const namespaceSchema: Schema = withTypeMeta(fields({
  spec: fields({
    finalizers: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "atomic" },
  }),
  status: fields({ phase: text("Active or Terminating."), conditions }),
}, "A scope for names."));

/** core/v1 Secret. */
export const secretSchema: Schema = withTypeMeta(fields({
  type: text("Facilitates handling of the data by programs."),
  immutable: flag("Whether data may no longer change."),
  data: {
    type: "object",
    additionalProperties: { type: "string", format: "byte" },
    description: "Values in base64.",
  },
  stringData: texts("Values as text; write-only."),
}, "Secret data of a certain type."));

/** core/v1 ConfigMap. */
export const configMapSchema: Schema = withTypeMeta(fields({
  immutable: flag("Whether data may no longer change."),
  data: texts("Values as text."),
  binaryData: { type: "object", additionalProperties: { type: "string", format: "byte" } },
}, "Configuration data."));

/** coordination.k8s.io/v1 Lease. */
export const leaseSchema: Schema = withTypeMeta(fields({
  spec: fields({
    holderIdentity: text("Who holds the lease."),
    leaseDurationSeconds: integer("How long candidates wait after renewTime."),
    acquireTime: microTime("When the lease was acquired."),
    renewTime: microTime("When the holder last renewed."),
    leaseTransitions: integer("Number of changes of the holder."),
    strategy: text("How a leader is picked."),
    preferredHolder: text("Who should take the lease over."),
  }),
}, "A claim that expires unless it is renewed."));

const objectReference: Schema = {
  type: "object",
  "x-kubernetes-map-type": "atomic",
  properties: {
    apiVersion: text("API version of the referent."),
    kind: text("Kind of the referent."),
    namespace: text("Namespace of the referent."),
    name: text("Name of the referent."),
    uid: text("UID of the referent."),
    resourceVersion: text("resourceVersion of the referent."),
    fieldPath: text("Part of the referent."),
  },
};

const eventSource: Schema = fields({ component: text("Component."), host: text("Node.") });

const eventSeries: Schema = fields({
  count: integer("Number of occurrences."),
  lastObservedTime: microTime("Time of the last occurrence."),
});

const eventCommon: Record<string, Schema> = {
  eventTime: microTime("When the event was first observed."),
  series: eventSeries,
  reportingInstance: text("Instance of the reporting controller."),
  action: text("What was done or failed."),
  reason: text("Why it was done."),
  type: text("Normal or Warning."),
  related: objectReference,
};

/** core/v1 Event. */
export const coreEventSchema: Schema = withTypeMeta(fields({
  ...eventCommon,
  involvedObject: objectReference,
  message: text("What happened, for people."),
  source: eventSource,
  firstTimestamp: nullableTime("When the event was first recorded."),
  lastTimestamp: nullableTime("When the event last occurred."),
  count: integer("Number of occurrences."),
  reportingComponent: text("Name of the reporting controller."),
}, "A report of something that happened."));

/** events.k8s.io/v1 Event. */
export const eventSchema: Schema = withTypeMeta(fields({
  ...eventCommon,
  regarding: objectReference,
  note: text("What happened, for people."),
  reportingController: text("Name of the reporting controller."),
  deprecatedSource: eventSource,
  deprecatedFirstTimestamp: nullableTime("For the core/v1 type."),
  deprecatedLastTimestamp: nullableTime("For the core/v1 type."),
  deprecatedCount: integer("For the core/v1 type."),
}, "A report of something that happened."));

const definitionNames: Schema = fields({
  plural: text("Plural, in lower case."),
  singular: text("Singular, in lower case."),
  kind: text("Kind, in CamelCase."),
  listKind: text("Kind of lists."),
  shortNames: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "atomic" },
  categories: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "atomic" },
});

const definitionVersion: Schema = fields({
  name: text("Name of the version."),
  served: flag("Whether the version is served."),
  storage: flag("Whether objects are stored in this version."),
  deprecated: flag("Whether the version is deprecated."),
  deprecationWarning: text("Warning for clients of a deprecated version."),
  schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  subresources: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  additionalPrinterColumns: {
    type: "array",
    "x-kubernetes-list-type": "atomic",
    items: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  },
  selectableFields: {
    type: "array",
    "x-kubernetes-list-type": "atomic",
    items: fields({ jsonPath: text("Path of the field.") }),
  },
});

/** apiextensions.k8s.io/v1 CustomResourceDefinition. */
export const customResourceDefinitionSchema: Schema = withTypeMeta(fields({
  spec: fields({
    group: text("API group."),
    names: definitionNames,
    scope: text("Namespaced or Cluster."),
    versions: { type: "array", items: definitionVersion, "x-kubernetes-list-type": "atomic" },
    conversion: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    preserveUnknownFields: flag("Must be false."),
  }),
  status: fields({
    conditions,
    acceptedNames: definitionNames,
    storedVersions: {
      type: "array",
      items: { type: "string" },
      "x-kubernetes-list-type": "atomic",
    },
    observedGeneration: integer("The generation that was seen."),
  }),
}, "A kind that is installed at run time."));
