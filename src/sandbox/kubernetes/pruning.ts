/**
 * Pruning and defaulting by a structural schema
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning).
 */

import { objectMetaSchema, withTypeMeta } from "./builtin_schemas.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { cloneJson, isObject } from "./json.ts";
import type { Schema } from "./resource_type.ts";

/** True where fields that the schema does not name are kept. */
function keepsUnknownFields(schema: Schema): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true;
}

/** The schema of `key` below an object, or undefined where it is unknown. */
export function childSchema(schema: Schema, key: string): Schema | undefined {
  const own = schema.properties !== undefined && Object.hasOwn(schema.properties, key)
    ? schema.properties[key]
    : undefined;
  if (own !== undefined) return own;
  if (isSchema(schema.additionalProperties)) return schema.additionalProperties;
  const open = keepsUnknownFields(schema) || schema.additionalProperties === true;
  return open ? UNKNOWN : undefined;
}

/** The schema under an embedded object: adds apiVersion, kind and metadata. */
export function embedded(schema: Schema): Schema {
  return schema["x-kubernetes-embedded-resource"] === true ? withTypeMeta(schema) : schema;
}

/** Schema of whatever stands below a field that keeps unknown fields. */
export const UNKNOWN: Schema = { "x-kubernetes-preserve-unknown-fields": true };

function isSchema(value: Schema | boolean | undefined): value is Schema {
  return typeof value === "object";
}

/**
 * A copy without the fields that the schema does not know.
 *
 * @param options.unknown receives the path of each dropped field, for strict validation.
 */
export function prune(
  value: JsonValue,
  options: { readonly schema: Schema; readonly path?: string; readonly unknown: string[] },
): JsonValue {
  const { path = "", unknown } = options;
  const schema = embedded(options.schema);
  if (Array.isArray(value)) {
    const items = schema.items ?? UNKNOWN;
    return value.map((item, index) =>
      prune(item, { schema: items, path: `${path}[${index}]`, unknown })
    );
  }
  if (!isObject(value)) return value;
  // A schema that says nothing about fields belongs to a scalar or to untyped content.
  if (schema.properties === undefined && schema.additionalProperties === undefined) {
    if (keepsUnknownFields(schema)) return cloneJson(value);
  }
  const kept: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const below = path === "" ? key : `${path}.${key}`;
    const found = childSchema(schema, key);
    if (found === undefined) unknown.push(below);
    else kept[key] = prune(child, { schema: found, path: below, unknown });
  }
  return kept;
}

/**
 * Fills in defaults and drops nulls of fields that are not nullable, in place. With `keepsNulls`
 * only those that have a default are dropped, and validation refuses the others.
 *
 * An object that is absent gets no default of its fields: only its own `default` counts.
 */
export function applyDefaults(
  value: JsonValue | undefined,
  schema: Schema,
  options: { readonly keepsNulls?: boolean } = {},
): void {
  if (Array.isArray(value)) {
    if (schema.items === undefined) return;
    for (const item of value) applyDefaults(item, schema.items, options);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    if (child === objectMetaSchema) continue;
    const isDropped = !options.keepsNulls || child.default !== undefined;
    if (value[key] === null && child.nullable !== true && child.type !== undefined && isDropped) {
      delete value[key];
    }
    if (value[key] === undefined && child.default !== undefined) {
      value[key] = cloneJson(child.default);
    }
    applyDefaults(value[key], child, options);
  }
  if (!isSchema(schema.additionalProperties)) return;
  for (const key of Object.keys(value)) {
    if (schema.properties?.[key] === undefined) {
      applyDefaults(value[key], schema.additionalProperties, options);
    }
  }
}
