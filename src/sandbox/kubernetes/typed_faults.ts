/** Faults that keep server-side apply from reading a configuration by its schema. */

import { displayPath, itemElement } from "./field_set.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isObject } from "./json.ts";
import { decode } from "./object_rules.ts";
import type { ResourceType, Schema } from "./resource_type.ts";

function expectedType(value: JsonValue, schema: Schema): string | undefined {
  if (value === null) return undefined;
  switch (schema.type) {
    case "string":
      return typeof value === "string" ? undefined : "string";
    case "boolean":
      return typeof value === "boolean" ? undefined : "boolean";
    case "integer":
    case "number":
      return typeof value === "number" ? undefined : "numeric (int or float)";
    case "array":
      return Array.isArray(value) ? undefined : "list";
    case "object":
      return isObject(value) ? undefined : "map";
    default:
      return undefined;
  }
}

/** Go's rendering of a value of the wrong type. */
function rendered(value: JsonValue, expected: string): string {
  if (expected === "numeric (int or float)") return Array.isArray(value) ? "list" : typeof value;
  return `&value.valueUnstructured{Value:${JSON.stringify(value)}}`;
}

function listFault(items: JsonValue[], schema: Schema, path: string): string | undefined {
  const listType = schema["x-kubernetes-list-type"];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const isKeyed = listType === "map" || listType === "set";
    const element = isKeyed ? displayPath(itemElement(schema, item)) : `[${index}]`;
    if (seen.has(element)) return `${path}: duplicate entries for key ${element}`;
    seen.add(element);
    const fault = schema.items && valueFault(item, schema.items, path + element);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function valueFault(value: JsonValue, schema: Schema, path: string): string | undefined {
  const expected = expectedType(value, schema);
  if (expected !== undefined) {
    return `${path}: expected ${expected}, got ${rendered(value, expected)}`;
  }
  if (Array.isArray(value)) return listFault(value, schema, path);
  if (!isObject(value)) return undefined;
  const additional = schema.additionalProperties;
  for (const [key, child] of Object.entries(value)) {
    const below = schema.properties?.[key] ??
      (typeof additional === "object" ? additional : undefined);
    const fault = below && valueFault(child, below, `${path}.${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The first fault in the words of structured-merge-diff, or undefined. */
export function typedFault(type: ResourceType, config: JsonObject): string | undefined {
  const fault = valueFault(config, type.schema, "");
  if (fault !== undefined) return fault;
  const { unknown } = decode(type, config);
  const path = /"(.*)"/.exec(unknown[0] ?? "")?.[1];
  return path === undefined ? undefined : `.${path}: field not declared in schema`;
}
