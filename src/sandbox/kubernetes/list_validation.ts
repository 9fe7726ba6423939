/** Uniqueness in lists that are sets or maps (`x-kubernetes-list-type`). */

import type { JsonObject, JsonValue } from "./json.ts";
import { equalJson, isObject, objectOr } from "./json.ts";
import type { ObjectChange, Schema } from "./resource_type.ts";
import type { FieldError } from "./status_error.ts";

function identityOf(schema: Schema, item: JsonValue): JsonValue | undefined {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === "set") return item;
  const keys = schema["x-kubernetes-list-map-keys"];
  if (listType !== "map" || !Array.isArray(keys)) return undefined;
  const identity: JsonObject = {};
  for (const key of keys) {
    const value = objectOr(item)[key] ?? schema.items?.properties?.[key]?.default;
    if (value !== undefined) identity[key] = value;
  }
  return identity;
}

function visit(
  value: JsonValue | undefined,
  options: { readonly schema: Schema; readonly path: string; readonly errors: FieldError[] },
): void {
  const { schema, path, errors } = options;
  if (Array.isArray(value)) {
    const identities = new Set<string>();
    value.forEach((item, index) => {
      const identity = identityOf(schema, item);
      if (identity !== undefined) {
        const text = JSON.stringify(identity);
        if (identities.has(text)) {
          errors.push({
            reason: "FieldValueDuplicate",
            field: `${path}[${index}]`,
            text: `Duplicate value: ${text}`,
          });
        }
        identities.add(text);
      }
      if (schema.items !== undefined) {
        visit(item, { schema: schema.items, path: `${path}[${index}]`, errors });
      }
    });
    return;
  }
  if (!isObject(value)) return;
  const additional = schema.additionalProperties;
  for (const [key, child] of Object.entries(value)) {
    const own = schema.properties?.[key] ??
      (typeof additional === "object" ? additional : undefined);
    if (own === undefined) continue;
    visit(child, { schema: own, path: path === "" ? key : `${path}.${key}`, errors });
  }
}

/** One error per item that stands twice; lists that did not change are let pass. */
export function validateLists(
  schema: Schema,
  { object, previous }: ObjectChange,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, child] of Object.entries(object)) {
    const own = schema.properties?.[key];
    if (own === undefined || equalJson(child, previous?.[key])) continue;
    visit(child, { schema: own, path: key, errors });
  }
  return errors;
}
