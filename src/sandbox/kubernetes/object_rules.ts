/** The steps that every written object goes through before it is stored. */

import type { JsonObject, JsonValue } from "./json.ts";
import { cloneJson, equalJson, isObject, objectOr, stringOr } from "./json.ts";
import { validateLists } from "./list_validation.ts";
import { finalizersOf, isTerminating, metadataOf, nameOf } from "./object_meta.ts";
import { applyDefaults, prune } from "./pruning.ts";
import type { ObjectChange, ResourceType } from "./resource_type.ts";
import { apiVersionOf } from "./resource_type.ts";
import { validateRules } from "./rule_validation.ts";
import { validateSchema } from "./schema_validation.ts";
import type { FieldError } from "./status_error.ts";
import {
  badRequest,
  forbiddenField,
  invalid,
  invalidValue,
  requiredValue,
  StatusError,
} from "./status_error.ts";

/** How unknown fields are met (KEP-2885). */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for " +
  "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_KEY =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_KEY_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must " +
  "start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex " +
  "used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_RULE = "a valid label must be an empty string or consist of alphanumeric characters, " +
  "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or " +
  "'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/**
 * Checks that the body is of the kind that the path names; what a built-in object leaves out of
 * that is filled in.
 *
 * @throws StatusError 400.
 */
export function checkKind(type: ResourceType, body: JsonObject): void {
  const expected = apiVersionOf(type);
  if (!type.custom) {
    body["kind"] ||= type.kind;
    body["apiVersion"] ||= expected;
  }
  const kind = stringOr(body["kind"]);
  const apiVersion = stringOr(body["apiVersion"]);
  if (kind === "") {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): Object 'Kind' is ` +
        `missing in '${JSON.stringify(body)}'`,
    );
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version ` +
        `(${expected})`,
    );
  }
  if (kind === type.kind) return;
  if (type.custom) {
    const error = invalidValue("kind", { value: kind, detail: `must be ${type.kind}` });
    throw invalid({ ...type, kind }, { name: nameOf(body), errors: [error] });
  }
  throw badRequest(
    `the kind in the data (${kind}) does not match the expected kind (${type.kind})`,
  );
}

/** Empty lists and maps of the metadata are the same as absent ones. */
function withoutEmpty(metadata: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(metadata).filter(([, value]) =>
      value !== null && !(Array.isArray(value) && value.length === 0) &&
      !(isObject(value) && Object.keys(value).length === 0)
    ),
  );
}

function goType(value: JsonValue): string {
  return typeof value === "boolean" ? "bool" : Array.isArray(value) ? "array" : typeof value;
}

function checkStrings(type: ResourceType, body: JsonObject): void {
  for (const field of ["labels", "annotations"]) {
    const map = objectOr(body["metadata"])[field];
    if (map === undefined || map === null) continue;
    const wrong = isObject(map)
      ? Object.values(map).find((value) => typeof value !== "string" && value !== null)
      : map;
    if (wrong === undefined) continue;
    const wanted = isObject(map) ? "string" : "map[string]string";
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: json: ` +
        `cannot unmarshal ${
          goType(wrong)
        } into Go struct field ObjectMeta.${field} of type ${wanted}`,
    );
  }
}

/** A copy without unknown fields, and their messages. */
export function decode(
  type: ResourceType,
  body: JsonObject,
): { object: JsonObject; unknown: readonly string[] } {
  const unknown: string[] = [];
  checkStrings(type, body);
  const object = prune(body, { schema: type.schema, unknown }) as JsonObject;
  object["metadata"] = withoutEmpty(metadataOf(object));
  return { object, unknown: unknown.map((path) => `unknown field "${path}"`) };
}

/**
 * Fills in what decoding fills in: defaults of the schema and of the kind.
 *
 * @param options.keepsNulls as after a server-side apply, which decodes no object
 */
export function complete(
  type: ResourceType,
  object: JsonObject,
  options: { readonly keepsNulls?: boolean },
): void {
  if (type.custom) applyDefaults(object, type.schema, options);
  type.prepare?.(object);
}

const KEPT_METADATA = [
  "name",
  "namespace",
  "generateName",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generation",
  "selfLink",
];

/** What a PUT or PATCH may not change comes from the stored object. */
export function carryOver(
  type: ResourceType,
  next: JsonObject,
  { current, subresource }: { readonly current: JsonObject; readonly subresource: string },
): JsonObject {
  let result = next;
  if (subresource === "status") {
    const managedFields = metadataOf(next)["managedFields"];
    result = { ...cloneJson(current) };
    if (next["status"] === undefined) delete result["status"];
    else result["status"] = next["status"];
    if (managedFields !== undefined) metadataOf(result)["managedFields"] = managedFields;
  } else if (type.hasStatus) {
    result = { ...next };
    if (current["status"] === undefined) delete result["status"];
    else result["status"] = cloneJson(current["status"]);
  }
  const metadata: JsonObject = { ...metadataOf(result) };
  const stored = metadataOf(current);
  for (const field of KEPT_METADATA) {
    const value = stored[field];
    if (value === undefined) delete metadata[field];
    else metadata[field] = value;
  }
  return { ...result, metadata };
}

/** Counts the generation up when anything but metadata and status changed. */
export function countGeneration(
  type: ResourceType,
  { next, current }: { readonly next: JsonObject; readonly current: JsonObject },
): void {
  if (!type.hasGeneration) return;
  const { metadata: _new, status: newStatus, ...newRest } = next;
  const { metadata: _old, status: oldStatus, ...oldRest } = current;
  const same = equalJson(newRest, oldRest) && (type.hasStatus || equalJson(newStatus, oldStatus));
  const generation = Number(metadataOf(current)["generation"] ?? 0);
  metadataOf(next)["generation"] = same ? generation : generation + 1;
}

function metadataErrors(object: JsonObject, previous: JsonObject | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const metadata = metadataOf(object);
  const name = nameOf(object);
  if (name === "") errors.push(requiredValue("metadata.name", "name or generateName is required"));
  else if (previous === undefined && (!NAME.test(name) || name.length > 253)) {
    errors.push(invalidValue("metadata.name", { value: name, detail: NAME_RULE }));
  }
  for (const [key, value] of Object.entries(objectOr(metadata["labels"]))) {
    if (!LABEL_KEY.test(key)) {
      errors.push(invalidValue("metadata.labels", { value: key, detail: LABEL_KEY_RULE }));
    }
    const text = stringOr(value);
    if (!LABEL_VALUE.test(text)) {
      errors.push(invalidValue("metadata.labels", { value: text, detail: LABEL_RULE }));
    } else if (text.length > 63) {
      errors.push(
        invalidValue("metadata.labels", { value: text, detail: "must be no more than 63 bytes" }),
      );
    }
  }
  if (previous !== undefined && isTerminating(previous)) {
    const added = finalizersOf(object).filter((item) => !finalizersOf(previous).includes(item));
    if (added.length > 0) {
      const shown = added.map((item) => JSON.stringify(item)).join(", ");
      errors.push(forbiddenField(
        "metadata.finalizers",
        "no new finalizers can be added if the object is being deleted, found new finalizers " +
          `[]string{${shown}}`,
      ));
    }
  }
  return errors;
}

/** A built-in kind is decoded into a Go struct, which fails on the first value of a wrong type. */
export class Undecodable extends StatusError {
  /** What is wrong, without the kind. */
  readonly detail: string;

  constructor(type: ResourceType, detail: string) {
    super(400, {
      reason: "BadRequest",
      message: `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ` +
        detail,
    });
    this.detail = detail;
  }
}

function undecodable(type: ResourceType, error: FieldError): Undecodable {
  const detail = error.text.includes("of type byte")
    ? "illegal base64 data at input byte 0"
    : `${error.field}: ${error.text}`;
  return new Undecodable(type, detail);
}

/** Words after which the real server does not run CEL rules. */
const BLOCKING = new Set([
  "FieldValueRequired",
  "FieldValueNotSupported",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/**
 * Validates an object by its metadata's rules, its schema, its CEL rules and its kind's own rules.
 *
 * @throws StatusError 422 with all faults.
 */
export function validate(type: ResourceType, { object, previous }: ObjectChange): void {
  const errors = metadataErrors(object, previous);
  const schemaErrors = validateSchema(type.schema, { object, previous });
  const mistyped = schemaErrors.find((error) => error.reason === "FieldValueTypeInvalid");
  if (!type.custom && mistyped !== undefined) throw undecodable(type, mistyped);
  errors.push(...schemaErrors);
  errors.push(...validateLists(type.schema, { object, previous }));
  if (type.custom && errors.some((error) => BLOCKING.has(error.reason))) {
    errors.push({
      reason: "FieldValueInvalid",
      field: "<nil>",
      text: "Invalid value: null: some validation rules were not checked because the object was " +
        "invalid; correct the existing errors to complete validation",
    });
  } else if (type.custom) errors.push(...validateRules(type.schema, { object, previous }));
  errors.push(...type.validate?.(object, previous) ?? []);
  if (errors.length === 0) return;
  // Events of both groups are validated as the core kind that they are stored as.
  const subject = type.storageApiVersion === "v1" ? { ...type, group: "" } : type;
  throw invalid(subject, { name: nameOf(object), errors });
}
