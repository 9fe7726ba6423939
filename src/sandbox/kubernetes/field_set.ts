/**
 * Sets of field paths and their wire form FieldsV1 (sigs.k8s.io/structured-merge-diff/fieldpath).
 *
 * A path is a list of elements: `f:<name>` for a field, `k:{…}` for an item of a list map, `v:…` for
 * an item of a set.
 */

import type { JsonObject, JsonValue } from "./json.ts";
import { isObject, objectOr } from "./json.ts";
import { childSchema, embedded, UNKNOWN } from "./pruning.ts";
import type { Schema } from "./resource_type.ts";

/** Cannot stand in a JSON text or in a field's name. */
const SEPARATOR = "\u0000";

/** Elements joined to a string that can be compared. */
export type FieldPath = string;
/** A set of paths. */
export type FieldSet = ReadonlySet<FieldPath>;

/** The path of an element below `path`. */
export function below(path: FieldPath, element: string): FieldPath {
  return path === "" ? element : path + SEPARATOR + element;
}

/** The elements of a path. */
export function elementsOf(path: FieldPath): readonly string[] {
  return path === "" ? [] : path.split(SEPARATOR);
}

/** True when `path` is `ancestor` or stands below it. */
export function isWithin(path: FieldPath, ancestor: FieldPath): boolean {
  return path === ancestor || path.startsWith(ancestor + SEPARATOR);
}

/** The path and all its ancestors but the root. */
export function prefixesOf(path: FieldPath): FieldPath[] {
  const prefixes: FieldPath[] = [];
  for (let at = path.indexOf(SEPARATOR); at >= 0; at = path.indexOf(SEPARATOR, at + 1)) {
    prefixes.push(path.slice(0, at));
  }
  prefixes.push(path);
  return prefixes;
}

/** A path as messages show it: `.status.conditions[type="Ready"].status`. */
export function displayPath(path: FieldPath): string {
  return elementsOf(path).map((element) => {
    const content = element.slice(2);
    if (element.startsWith("f:")) return `.${content}`;
    if (element.startsWith("v:")) return `[=${content}]`;
    const keys = Object.entries(objectOr(JSON.parse(content)));
    return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
  }).join("");
}

/** How the schema lets parts of a value be owned separately. */
export type Granularity = "fields" | "items" | "whole";

/** The granularity of a value under a schema; untyped content has fields but no items. */
export function granularityOf(value: JsonValue | undefined, schema: Schema): Granularity {
  if (Array.isArray(value)) {
    const listType = schema["x-kubernetes-list-type"];
    return listType === "map" || listType === "set" ? "items" : "whole";
  }
  if (!isObject(value)) return "whole";
  return schema["x-kubernetes-map-type"] === "atomic" ? "whole" : "fields";
}

/** The path element of an item of a list map or set. */
export function itemElement(schema: Schema, item: JsonValue): string {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (schema["x-kubernetes-list-type"] === "set" || !Array.isArray(keys)) {
    return `v:${JSON.stringify(item)}`;
  }
  const identity: JsonObject = {};
  for (const key of [...keys].sort()) {
    const value = objectOr(item)[key] ?? schema.items?.properties?.[key]?.default;
    if (value !== undefined) identity[key] = value;
  }
  return `k:${JSON.stringify(identity)}`;
}

/** Schema below a field. */
export function fieldSchema(schema: Schema, name: string): Schema {
  return childSchema(embedded(schema), name) ?? UNKNOWN;
}

function isDeclared(schema: Schema, name: string): boolean {
  return embedded(schema).properties?.[name] !== undefined;
}

/** The paths that a configuration names, as an apply request owns them. */
export function fieldsOf(value: JsonValue, schema: Schema): Set<FieldPath> {
  const set = new Set<FieldPath>();
  function visit(current: JsonValue, at: Schema, path: FieldPath): void {
    const granularity = granularityOf(current, at);
    if (granularity === "whole") {
      set.add(path);
    } else if (granularity === "items") {
      for (const item of current as JsonValue[]) {
        const itemPath = below(path, itemElement(at, item));
        visit(item, at.items ?? UNKNOWN, itemPath);
        set.add(itemPath);
      }
    } else {
      for (const [name, child] of Object.entries(current as JsonObject)) {
        const childPath = below(path, `f:${name}`);
        visit(child, fieldSchema(at, name), childPath);
        const empty = child === null || (isObject(child) && Object.keys(child).length === 0);
        if (empty || !isDeclared(at, name)) set.add(childPath);
      }
    }
  }
  visit(value, schema, "");
  set.delete("");
  return set;
}

/** The set as FieldsV1. */
export function encodeFields(set: FieldSet): JsonObject {
  const root: JsonObject = {};
  for (const path of [...set].sort()) {
    let node = root;
    for (const element of elementsOf(path)) {
      const next = node[element];
      if (isObject(next)) node = next;
      else node = node[element] = {};
    }
    node["."] = {};
  }
  return trimLeaves(root);
}

/** A leaf is written `{}`, not `{".": {}}`. */
function trimLeaves(node: JsonObject): JsonObject {
  const keys = Object.keys(node);
  if (keys.length === 1 && keys[0] === ".") return {};
  return Object.fromEntries(
    keys.map((key) => [key, key === "." ? {} : trimLeaves(objectOr(node[key]))]),
  );
}

/** Reads FieldsV1. */
export function decodeFields(fields: JsonObject): Set<FieldPath> {
  const set = new Set<FieldPath>();
  function visit(node: JsonObject, path: FieldPath): void {
    const keys = Object.keys(node);
    if (keys.length === 0 && path !== "") set.add(path);
    for (const key of keys) {
      if (key === ".") set.add(path);
      else visit(objectOr(node[key]), below(path, key));
    }
  }
  visit(fields, "");
  return set;
}
