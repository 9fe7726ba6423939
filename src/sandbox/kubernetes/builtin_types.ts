/** The built-in resources that the server has besides custom ones, and the rules of their kinds. */

import type { JsonObject, JsonValue } from "./json.ts";
import { equalJson, isObject, listOr, objectOr, stringOr, valueAt } from "./json.ts";
import { metadataOf, nameOf } from "./object_meta.ts";
import * as schemas from "./builtin_schemas.ts";
import { validateDefinition } from "./definition_rules.ts";
import { validateCoreEvent, validateEvent } from "./event_rules.ts";
import { CREATED_COLUMN as AGE_COLUMN, NAME_COLUMN } from "./printer_columns.ts";
import { eventFromStorage, eventToStorage } from "./event_conversion.ts";
import type { PrinterColumn, ResourceType } from "./resource_type.ts";
import { apiVersionOf } from "./resource_type.ts";
import type { FieldError } from "./status_error.ts";
import { forbiddenField, invalidValue } from "./status_error.ts";

/** Collection of the namespaces. */
export const NAMESPACES = "namespaces";
/** Collection of the definitions of custom resources. */
export const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

type Described =
  & Pick<ResourceType, "group" | "version" | "plural" | "kind" | "schema">
  & Partial<ResourceType>;

function builtin(described: Described): ResourceType {
  const { group, plural, kind } = described;
  return {
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    shortNames: [],
    categories: [],
    namespaced: true,
    storage: group === "" ? plural : `${group}/${plural}`,
    storageApiVersion: apiVersionOf(described),
    custom: false,
    hasStatus: false,
    hasGeneration: false,
    allowsUnconditionalUpdate: true,
    allowsCreateOnUpdate: false,
    columns: [NAME_COLUMN, AGE_COLUMN],
    selectableFields: [],
    ...described,
  };
}

function sizeOf(value: JsonValue | undefined): number {
  return isObject(value) ? Object.keys(value).length : 0;
}

function encodeBase64(value: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(value)));
}

function prepareNamespace(object: JsonObject): void {
  const metadata = metadataOf(object);
  const labels = objectOr(metadata["labels"]);
  metadata["labels"] = { ...labels, "kubernetes.io/metadata.name": nameOf(object) };
}

function initializeNamespace(object: JsonObject): void {
  object["spec"] = { finalizers: ["kubernetes"] };
  object["status"] = { phase: "Active" };
}

function prepareSecret(object: JsonObject): void {
  object["type"] ??= "Opaque";
  const given = object["stringData"];
  if (isObject(given)) {
    const data = { ...objectOr(object["data"]) };
    for (const [key, value] of Object.entries(given)) data[key] = encodeBase64(stringOr(value));
    object["data"] = data;
  }
  delete object["stringData"];
}

function validateData(object: JsonObject, previous: JsonObject | undefined): FieldError[] {
  const errors: FieldError[] = [];
  for (const key of Object.keys(objectOr(object["data"]))) {
    if (/^[-._a-zA-Z0-9]{1,253}$/.test(key)) continue;
    errors.push(
      invalidValue(`data[${key}]`, {
        value: key,
        detail:
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. " +
          "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      }),
    );
  }
  if (previous === undefined) return errors;
  if (previous["immutable"] === true && !equalJson(previous["data"], object["data"])) {
    errors.push(forbiddenField("data", "field is immutable when `immutable` is set"));
  }
  const kind = object["type"];
  if (kind !== undefined && kind !== previous["type"]) {
    errors.push(invalidValue("type", { value: kind, detail: "field is immutable" }));
  }
  return errors;
}

/** Times and the source have no omitempty in Go: they are always written. */
function initializeEvent(object: JsonObject): void {
  const isCore = object["apiVersion"] === "v1";
  const [source, first, last] = isCore
    ? ["source", "firstTimestamp", "lastTimestamp"] as const
    : ["deprecatedSource", "deprecatedFirstTimestamp", "deprecatedLastTimestamp"] as const;
  object[source] ??= {};
  object[first] ??= null;
  object[last] ??= null;
}

function validateLease(object: JsonObject): FieldError[] {
  const seconds = valueAt(object, "spec.leaseDurationSeconds");
  return typeof seconds === "number" && seconds <= 0
    ? [
      invalidValue("spec.leaseDurationSeconds", {
        value: seconds,
        detail: "must be greater than 0",
      }),
    ]
    : [];
}

function prepareDefinition(object: JsonObject): void {
  const spec = objectOr(object["spec"]);
  const names = objectOr(spec["names"]);
  names["singular"] ??= stringOr(names["kind"]).toLowerCase();
  names["listKind"] ??= `${stringOr(names["kind"])}List`;
  spec["conversion"] ??= { strategy: "None" };
}

function initializeDefinition(object: JsonObject): void {
  const versions = listOr(objectOr(object["spec"])["versions"]).map(objectOr);
  const stored = versions.find((version) => version["storage"] === true);
  object["status"] = {
    conditions: null,
    acceptedNames: { plural: "", kind: "" },
    storedVersions: [stringOr(stored?.["name"])],
  };
}

function eventColumns(): PrinterColumn[] {
  function firstSeen(event: JsonObject): JsonValue {
    return event["firstTimestamp"] ?? event["deprecatedFirstTimestamp"] ?? event["eventTime"] ??
      null;
  }
  function lastSeen(event: JsonObject): JsonValue {
    return valueAt(event, "series.lastObservedTime") ?? event["lastTimestamp"] ??
      event["deprecatedLastTimestamp"] ?? firstSeen(event);
  }
  function subject(event: JsonObject): JsonValue {
    const reference = objectOr(event["involvedObject"] ?? event["regarding"]);
    return `${stringOr(reference["kind"]).toLowerCase()}/${stringOr(reference["name"])}`;
  }
  function subobject(event: JsonObject): JsonValue {
    return stringOr(objectOr(event["involvedObject"] ?? event["regarding"])["fieldPath"]);
  }
  function source(event: JsonObject): JsonValue {
    const old = objectOr(event["source"] ?? event["deprecatedSource"]);
    const parts = [
      stringOr(old["component"] ?? event["reportingComponent"] ?? event["reportingController"]),
      stringOr(old["host"] ?? event["reportingInstance"]),
    ];
    return parts.filter((part) => part !== "").join(", ");
  }
  function message(event: JsonObject): JsonValue {
    return stringOr(event["message"] ?? event["note"]).trim();
  }
  function count(event: JsonObject): JsonValue {
    return valueAt(event, "series.count") ?? event["count"] ?? event["deprecatedCount"] ?? 1;
  }
  return [
    { name: "Last Seen", type: "string", isAge: true, cell: lastSeen },
    { name: "Type", type: "string", cell: ".type" },
    { name: "Reason", type: "string", cell: ".reason" },
    { name: "Object", type: "string", cell: subject },
    { name: "Subobject", type: "string", priority: 1, cell: subobject },
    { name: "Source", type: "string", priority: 1, cell: source },
    { name: "Message", type: "string", cell: message },
    { name: "First Seen", type: "string", priority: 1, isAge: true, cell: firstSeen },
    { name: "Count", type: "string", priority: 1, cell: count },
    { name: "Name", type: "string", format: "name", priority: 1, cell: ".metadata.name" },
  ];
}

const EVENT_FIELDS = ["reason", "type", "reportingComponent", "source"];
const INVOLVED_FIELDS = [
  "kind",
  "namespace",
  "name",
  "uid",
  "apiVersion",
  "resourceVersion",
  "fieldPath",
];

function namespaceType(): ResourceType {
  return builtin({
    group: "",
    version: "v1",
    plural: NAMESPACES,
    kind: "Namespace",
    shortNames: ["ns"],
    namespaced: false,
    hasStatus: true,
    schema: schemas.namespaceSchema,
    selectableFields: ["status.phase"],
    columns: [NAME_COLUMN, { name: "Status", type: "string", cell: ".status.phase" }, AGE_COLUMN],
    prepare: prepareNamespace,
    initialize: initializeNamespace,
  });
}

function secretType(): ResourceType {
  return builtin({
    group: "",
    version: "v1",
    plural: "secrets",
    kind: "Secret",
    schema: schemas.secretSchema,
    selectableFields: ["type"],
    columns: [
      NAME_COLUMN,
      { name: "Type", type: "string", cell: ".type" },
      { name: "Data", type: "string", cell: (secret) => sizeOf(secret["data"]) },
      AGE_COLUMN,
    ],
    prepare: prepareSecret,
    validate: validateData,
  });
}

function configMapType(): ResourceType {
  return builtin({
    group: "",
    version: "v1",
    plural: "configmaps",
    kind: "ConfigMap",
    shortNames: ["cm"],
    schema: schemas.configMapSchema,
    columns: [
      NAME_COLUMN,
      {
        name: "Data",
        type: "string",
        cell: (map) => sizeOf(map["data"]) + sizeOf(map["binaryData"]),
      },
      AGE_COLUMN,
    ],
    validate: validateData,
  });
}

function coreEventType(): ResourceType {
  return builtin({
    group: "",
    version: "v1",
    plural: "events",
    kind: "Event",
    shortNames: ["ev"],
    allowsCreateOnUpdate: true,
    schema: schemas.coreEventSchema,
    selectableFields: [
      ...EVENT_FIELDS,
      ...INVOLVED_FIELDS.map((name) => `involvedObject.${name}`),
    ],
    columns: eventColumns(),
    initialize: initializeEvent,
    validate: validateCoreEvent,
  });
}

function eventType(): ResourceType {
  return builtin({
    group: "events.k8s.io",
    version: "v1",
    plural: "events",
    kind: "Event",
    shortNames: ["ev"],
    storage: "events",
    storageApiVersion: "v1",
    allowsCreateOnUpdate: true,
    schema: schemas.eventSchema,
    selectableFields: [
      "reason",
      "type",
      "reportingController",
      ...INVOLVED_FIELDS.map((name) => `regarding.${name}`),
    ],
    columns: eventColumns(),
    initialize: initializeEvent,
    validate: validateEvent,
    toStorage: eventToStorage,
    fromStorage: eventFromStorage,
  });
}

function leaseType(): ResourceType {
  return builtin({
    group: "coordination.k8s.io",
    version: "v1",
    plural: "leases",
    kind: "Lease",
    allowsUnconditionalUpdate: false,
    allowsCreateOnUpdate: true,
    schema: schemas.leaseSchema,
    columns: [
      NAME_COLUMN,
      { name: "Holder", type: "string", cell: ".spec.holderIdentity" },
      AGE_COLUMN,
    ],
    validate: validateLease,
  });
}

function definitionType(): ResourceType {
  return builtin({
    group: "apiextensions.k8s.io",
    version: "v1",
    plural: "customresourcedefinitions",
    kind: "CustomResourceDefinition",
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    namespaced: false,
    hasStatus: true,
    hasGeneration: true,
    allowsUnconditionalUpdate: false,
    schema: schemas.customResourceDefinitionSchema,
    columns: [
      NAME_COLUMN,
      { name: "Created At", type: "string", cell: ".metadata.creationTimestamp" },
    ],
    prepare: prepareDefinition,
    initialize: initializeDefinition,
    validate: validateDefinition,
  });
}

/** All built-in resources. */
export function builtinTypes(): readonly ResourceType[] {
  return [
    namespaceType(),
    secretType(),
    configMapType(),
    coreEventType(),
    eventType(),
    leaseType(),
    definitionType(),
  ];
}
