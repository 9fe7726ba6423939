/**
 * Validation by a structural schema: ajv finds the faults, this module words them as the API server
 * does (k8s.io/kube-openapi/pkg/validation/errors).
 */

import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv } from "ajv";
import { objectMetaSchema } from "./builtin_schemas.ts";
import { FORMATS } from "./formats.ts";
import type { JsonValue } from "./json.ts";
import { equalJson, isObject } from "./json.ts";
import type { ObjectChange, Schema } from "./resource_type.ts";
import { correlated } from "./rule_validation.ts";
import type { FieldError } from "./status_error.ts";

const COPIED_KEYWORDS = [
  "type",
  "enum",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "required",
];

function translateAll(schemas: Readonly<Record<string, Schema>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schemas).map(([key, schema]) => [key, translate(schema)]),
  );
}

/** The schema in JSON Schema draft 7, without what only Kubernetes understands. */
function translate(schema: Schema): Record<string, unknown> {
  if (schema === objectMetaSchema) return { type: "object" };
  const result: Record<string, unknown> = {};
  for (const keyword of COPIED_KEYWORDS) {
    if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  }
  if (schema["x-kubernetes-int-or-string"] === true) result["type"] = ["integer", "string"];
  if (schema.nullable === true && result["type"] !== undefined) {
    result["type"] = [result["type"], "null"].flat();
  }
  if (schema.format !== undefined && FORMATS[schema.format] !== undefined) {
    result["format"] = schema.format;
  }
  for (const side of ["Minimum", "Maximum"]) {
    if (schema[`exclusive${side}`] === true) {
      result[`exclusive${side}`] = schema[side.toLowerCase()];
    }
  }
  if (schema.properties !== undefined) result["properties"] = translateAll(schema.properties);
  if (schema.items !== undefined) result["items"] = translate(schema.items);
  if (typeof schema.additionalProperties === "object") {
    result["additionalProperties"] = translate(schema.additionalProperties);
  }
  if (schema.not !== undefined) result["not"] = translate(schema.not);
  for (const keyword of ["allOf", "anyOf", "oneOf"] as const) {
    const alternatives = schema[keyword];
    if (alternatives !== undefined) result[keyword] = alternatives.map(translate);
  }
  return result;
}

const ALTERNATIVES = ["anyOf", "oneOf", "not"];

const validators = new WeakMap<Schema, ValidateFunction>();

function validatorOf(schema: Schema): ValidateFunction {
  let validator = validators.get(schema);
  if (validator === undefined) {
    const ajv = new Ajv({
      allErrors: true,
      verbose: true,
      strict: false,
      meta: false,
      validateSchema: false,
      unicodeRegExp: false,
      formats: { ...FORMATS },
    });
    validator = ajv.compile(translate(schema));
    validators.set(schema, validator);
  }
  return validator;
}

function fieldPath(pointer: string): string {
  return pointer.split("/").slice(1).reduce((path, part) => {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (/^\d+$/.test(name)) return `${path}[${name}]`;
    return path === "" ? name : `${path}.${name}`;
  }, "");
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function counted(value: unknown): number {
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

/** The words after "<path> in body". */
function wording(error: ErrorObject): string {
  const { keyword, params } = error;
  const limit = params["limit"];
  switch (keyword) {
    case "pattern":
      return `should match '${params["pattern"]}'`;
    case "minLength":
      return `should be at least ${limit} chars long`;
    case "minimum":
      return `should be greater than or equal to ${limit}`;
    case "maximum":
      return `should be less than or equal to ${limit}`;
    case "exclusiveMinimum":
      return `should be greater than ${limit}`;
    case "exclusiveMaximum":
      return `should be less than ${limit}`;
    case "multipleOf":
      return `should be a multiple of ${params["multipleOf"]}`;
    case "minItems":
      return `should have at least ${limit} items`;
    case "minProperties":
      return `should have at least ${limit} properties`;
    case "oneOf":
      return `must validate one and only one schema (oneOf). Found ${
        params["passingSchemas"] === null ? "none valid" : "2 valid alternatives"
      }`;
    case "anyOf":
      return "must validate at least one schema (anyOf)";
    case "not":
      return "must not validate the schema (not)";
    default:
      return error.message ?? keyword;
  }
}

function fieldError(error: ErrorObject): FieldError {
  const path = fieldPath(error.instancePath);
  const value: unknown = error.data;
  const { keyword, params } = error;
  switch (keyword) {
    case "required": {
      const missing = String(params["missingProperty"]);
      const field = path === "" ? missing : `${path}.${missing}`;
      return { reason: "FieldValueRequired", field, text: "Required value" };
    }
    case "type": {
      const wanted = [params["type"]].flat().filter((type) => type !== "null").join(",");
      const found = JSON.stringify(typeOf(value));
      const text = `Invalid value: ${found}: ${path} in body must be of type ${wanted}: ${found}`;
      return { reason: "FieldValueTypeInvalid", field: path, text };
    }
    case "format": {
      const shown = JSON.stringify(value);
      const text = `Invalid value: ${shown}: ${path} in body must be of type ${
        params["format"]
      }: ${shown}`;
      return { reason: "FieldValueTypeInvalid", field: path, text };
    }
    case "enum": {
      const allowed = (params["allowedValues"] as unknown[]).map((item) => JSON.stringify(item));
      const text = `Unsupported value: ${JSON.stringify(value)}: supported values: ${
        allowed.join(", ")
      }`;
      return { reason: "FieldValueNotSupported", field: path, text };
    }
    case "maxLength": {
      const text = `Too long: may not be more than ${params["limit"]} bytes`;
      return { reason: "FieldValueTooLong", field: path, text };
    }
    case "maxItems":
    case "maxProperties": {
      const text = `Too many: ${counted(value)}: must have at most ${params["limit"]} items`;
      return { reason: "FieldValueTooMany", field: path, text };
    }
    case "oneOf":
    case "anyOf":
    case "not": {
      const text = `Invalid value: "": ${JSON.stringify(path)} ${wording(error)}`;
      return { reason: "FieldValueInvalid", field: "<nil>", text };
    }
    case "minItems":
    case "minProperties": {
      const text = `Invalid value: ${counted(value)}: ${path} in body ${wording(error)}`;
      return { reason: "FieldValueInvalid", field: path === "" ? "<nil>" : path, text };
    }
    default: {
      const text = `Invalid value: ${JSON.stringify(value)}: ${path} in body ${wording(error)}`;
      return { reason: "FieldValueInvalid", field: path === "" ? "<nil>" : path, text };
    }
  }
}

/** Of the faults inside alternatives those of the first one are told, as by the real server. */
function isInsideLaterAlternative(error: ErrorObject): boolean {
  return /\/(anyOf|oneOf)\/[1-9]/.test(error.schemaPath) || /\/not\//.test(error.schemaPath);
}

/** An alternative's own error comes before the faults inside. */
function rankOf(error: ErrorObject): number {
  return ALTERNATIVES.includes(error.keyword) ? 0 : 1;
}

/** True when the value at `pointer`, or a value around it, is the one that was stored before. */
function isUnchanged(
  error: ErrorObject,
  options: { schema: Schema; object: JsonValue; previous: JsonValue },
): boolean {
  let schema: Schema | undefined = options.schema;
  let value: JsonValue | undefined = options.object;
  let old: JsonValue | undefined = options.previous;
  for (const part of error.instancePath.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (equalJson(value, old)) return true;
    if (Array.isArray(value)) {
      const item: JsonValue | undefined = value[Number(name)];
      old = schema === undefined || item === undefined
        ? undefined
        : correlated(schema, { item, oldItems: old });
      value = item;
      schema = schema?.items;
    } else {
      const additional: Schema | boolean | undefined = schema?.additionalProperties;
      value = isObject(value) ? value[name] : undefined;
      old = isObject(old) ? old[name] : undefined;
      schema = schema?.properties?.[name] ??
        (typeof additional === "object" ? additional : undefined);
    }
    if (old === undefined) return false;
  }
  return equalJson(value, old);
}

/**
 * The schema's faults in the object.
 *
 * On updates, faults of values that did not change are let pass (KEP-4008, ratcheting).
 */
export function validateSchema(
  schema: Schema,
  { object, previous }: ObjectChange,
): FieldError[] {
  const validator = validatorOf(schema);
  if (validator(object)) return [];
  return (validator.errors ?? [])
    .filter((error) => !isInsideLaterAlternative(error))
    .filter((error) => previous === undefined || !isUnchanged(error, { schema, object, previous }))
    .sort((left, right) => rankOf(left) - rankOf(right))
    .map(fieldError);
}
