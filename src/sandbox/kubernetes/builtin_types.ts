/** The built-in resources that the server has besides custom ones, and the rules of their kinds. */

import type { JsonObject, JsonValue } from "./json.ts";
import { cloneJson, equalJson, isObject, objectOr, stringOr, valueAt } from "./json.ts";
import { finalizersOf, isTerminating, metadataOf, nameOf } from "./object_meta.ts";
import * as schemas from "./builtin_schemas.ts";
import { validateDefinition } from "./definition_rules.ts";
import { eventFromStorage, eventToStorage } from "./event_conversion.ts";
import type { PrinterColumn, ResourceType } from "./resource_type.ts";
import { apiVersionOf } from "./resource_type.ts";
import type { FieldError } from "./status_error.ts";
import { forbiddenField, invalidValue, requiredValue } from "./status_error.ts";

/** Collection of the namespaces. */
export const NAMESPACES = "namespaces";
/** Collection of the definitions of custom resources. */
export const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";

const NAME_COLUMN: PrinterColumn = {
  name: "Name",
  type: "string",
  format: "name",
  cell: ".metadata.name",
};
const AGE_COLUMN: PrinterColumn = {
  name: "Age",
  type: "date",
  cell: ".metadata.creationTimestamp",
};

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

function prepareNamespace(object: JsonObject, previous: JsonObject | undefined): void {
  const metadata = metadataOf(object);
  metadata["labels"] = {
    ...objectOr(metadata["labels"]),
    "kubernetes.io/metadata.name": nameOf(object),
  };
  if (previous === undefined) {
    object["spec"] = { finalizers: ["kubernetes"] };
    object["status"] = { phase: "Active" };
  }
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
    errors.push(invalidValue(
      `data[${key}]`,
      key,
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. " +
        "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ));
  }
  if (previous === undefined) return errors;
  if (previous["immutable"] === true && !equalJson(previous["data"], object["data"])) {
    errors.push(forbiddenField("data", "field is immutable when `immutable` is set"));
  }
  const kind = object["type"];
  if (kind !== undefined && kind !== previous["type"]) {
    errors.push(invalidValue("type", kind, "field is immutable"));
  }
  return errors;
}

function validateEvent(object: JsonObject, previous: JsonObject | undefined): FieldError[] {
  if (previous !== undefined) return [];
  const errors: FieldError[] = [];
  if (stringOr(object["reportingComponent"]) === "") {
    errors.push(requiredValue("reportingController"));
  }
  for (const field of ["reportingInstance", "action", "reason", "eventTime"]) {
    if (stringOr(object[field]) === "") errors.push(requiredValue(field));
  }
  const kind = object["type"];
  if (kind !== "Normal" && kind !== "Warning") {
    errors.push(invalidValue("type", kind ?? "", `has invalid value: ${kind ?? ""}`));
  }
  return errors;
}

function validateLease(object: JsonObject): FieldError[] {
  const seconds = valueAt(object, "spec.leaseDurationSeconds");
  return typeof seconds === "number" && seconds <= 0
    ? [invalidValue("spec.leaseDurationSeconds", seconds, "must be greater than 0")]
    : [];
}

function prepareDefinition(object: JsonObject, previous: JsonObject | undefined): void {
  const spec = objectOr(object["spec"]);
  const names = objectOr(spec["names"]);
  names["singular"] ??= stringOr(names["kind"]).toLowerCase();
  names["listKind"] ??= `${stringOr(names["kind"])}List`;
  spec["conversion"] ??= { strategy: "None" };
  const finalizer = "customresourcecleanup.apiextensions.k8s.io";
  if (previous === undefined) metadataOf(object)["finalizers"] = [finalizer];
  else if (!isTerminating(previous) && !finalizersOf(object).includes(finalizer)) {
    metadataOf(object)["finalizers"] = [...finalizersOf(object), finalizer];
  }
}

function eventColumns(): PrinterColumn[] {
  function lastSeen(event: JsonObject): JsonValue {
    return cloneJson(
      valueAt(event, "series.lastObservedTime") ?? event["lastTimestamp"] ??
        event["deprecatedLastTimestamp"] ?? event["eventTime"] ?? null,
    );
  }
  function subject(event: JsonObject): JsonValue {
    const reference = objectOr(event["involvedObject"] ?? event["regarding"]);
    return `${stringOr(reference["kind"]).toLowerCase()}/${stringOr(reference["name"])}`;
  }
  return [
    { name: "Last Seen", type: "date", cell: lastSeen },
    { name: "Type", type: "string", cell: ".type" },
    { name: "Reason", type: "string", cell: ".reason" },
    { name: "Object", type: "string", cell: subject },
    {
      name: "Message",
      type: "string",
      cell: (event) => stringOr(event["message"] ?? event["note"]).trim(),
    },
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

function coreTypes(): ResourceType[] {
  const core = { group: "", version: "v1" };
  return [
    builtin({
      ...core,
      plural: NAMESPACES,
      kind: "Namespace",
      shortNames: ["ns"],
      namespaced: false,
      hasStatus: true,
      schema: schemas.namespaceSchema,
      selectableFields: ["status.phase"],
      columns: [NAME_COLUMN, { name: "Status", type: "string", cell: ".status.phase" }, AGE_COLUMN],
      prepare: prepareNamespace,
    }),
    builtin({
      ...core,
      plural: "secrets",
      kind: "Secret",
      schema: schemas.secretSchema,
      selectableFields: ["type"],
      columns: [
        NAME_COLUMN,
        { name: "Type", type: "string", cell: ".type" },
        { name: "Data", type: "integer", cell: (secret) => sizeOf(secret["data"]) },
        AGE_COLUMN,
      ],
      prepare: prepareSecret,
      validate: validateData,
    }),
    builtin({
      ...core,
      plural: "configmaps",
      kind: "ConfigMap",
      shortNames: ["cm"],
      schema: schemas.configMapSchema,
      columns: [
        NAME_COLUMN,
        {
          name: "Data",
          type: "integer",
          cell: (map) => sizeOf(map["data"]) + sizeOf(map["binaryData"]),
        },
        AGE_COLUMN,
      ],
      validate: validateData,
    }),
    builtin({
      ...core,
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
    }),
  ];
}

function groupTypes(): ResourceType[] {
  return [
    builtin({
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
      validate: validateEvent,
      toStorage: eventToStorage,
      fromStorage: eventFromStorage,
    }),
    builtin({
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
    }),
    builtin({
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
      validate: validateDefinition,
    }),
  ];
}

/** All built-in resources. */
export function builtinTypes(): readonly ResourceType[] {
  return [...coreTypes(), ...groupTypes()];
}
