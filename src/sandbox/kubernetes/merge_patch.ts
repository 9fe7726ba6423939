/** JSON merge patch (RFC 7386) and the part of strategic merge patch that built-in kinds need. */

import type { JsonObject, JsonValue } from "./json.ts";
import { cloneJson, equalJson, isObject, listOr, objectOr } from "./json.ts";

/** The target with the patch merged in; neither is changed. */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return cloneJson(patch);
  const result: JsonObject = { ...objectOr(target) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function mergeOwners(target: JsonValue[], patch: JsonValue[]): JsonValue[] {
  let result = [...target];
  for (const item of patch.map(objectOr)) {
    const index = result.findIndex((old) => equalJson(objectOr(old)["uid"], item["uid"]));
    if (item["$patch"] === "delete") {
      result = result.filter((old) => !equalJson(objectOr(old)["uid"], item["uid"]));
    } else if (index >= 0) result[index] = strategicMergePatch(result[index], item);
    else result.push(cloneJson(item));
  }
  return result;
}

/**
 * The target with a strategic merge patch merged in.
 *
 * Of the lists of our built-in kinds only finalizers and ownerReferences have a merge strategy.
 */
export function strategicMergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return cloneJson(patch);
  if (patch["$patch"] === "replace") {
    const { $patch: _, ...replacement } = patch;
    return cloneJson(replacement);
  }
  const result: JsonObject = { ...objectOr(target) };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$deleteFromPrimitiveList/")) {
      const name = key.slice(key.indexOf("/") + 1);
      const gone = listOr(value);
      result[name] = listOr(result[name]).filter((item) => !gone.includes(item));
    } else if (key.startsWith("$")) {
      // $setElementOrder and $retainKeys only order what is merged here anyway.
      continue;
    } else if (value === null) delete result[key];
    else if (key === "finalizers" && Array.isArray(value) && !("$patch" in patch)) {
      result[key] = [...new Set([...listOr(result[key]), ...value])];
    } else if (key === "ownerReferences" && Array.isArray(value)) {
      result[key] = mergeOwners(listOr(result[key]), value);
    } else result[key] = strategicMergePatch(result[key], value);
  }
  return result;
}
