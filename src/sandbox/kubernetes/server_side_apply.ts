/**
 * Server-side apply: merges a configuration into the stored object and settles who owns what
 * (sigs.k8s.io/structured-merge-diff/merge/update.go).
 */

import { compareFields } from "./field_comparison.ts";
import type { FieldPath, FieldSet } from "./field_set.ts";
import {
  below,
  displayPath,
  elementsOf,
  fieldSchema,
  fieldsOf,
  granularityOf,
  itemElement,
  prefixesOf,
} from "./field_set.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { cloneJson, isObject } from "./json.ts";
import type { Ownership, TrackOptions } from "./managed_fields.ts";
import {
  isSameWriter,
  ownable,
  readOwnerships,
  withoutPaths,
  withOwnership,
  writeOwnerships,
} from "./managed_fields.ts";
import { UNKNOWN } from "./pruning.ts";
import type { Schema } from "./resource_type.ts";
import type { Cause } from "./status_error.ts";
import { StatusError } from "./status_error.ts";

/** Options of an apply beyond those of any tracked write. */
export interface ApplyOptions extends TrackOptions {
  readonly force: boolean;
}

function mergeItems(live: JsonValue[], config: JsonValue[], schema: Schema): JsonValue[] {
  const result = new Map(live.map((item) => [itemElement(schema, item), item]));
  for (const item of config) {
    const element = itemElement(schema, item);
    result.set(element, mergeConfiguration(result.get(element), item, schema.items ?? UNKNOWN));
  }
  return [...result.values()];
}

/** The live value with the configuration merged in by the schema's list and map types. */
function mergeConfiguration(
  live: JsonValue | undefined,
  config: JsonValue,
  schema: Schema,
): JsonValue {
  const granularity = granularityOf(config, schema);
  if (granularity === "items") {
    const items = Array.isArray(live) ? live : [];
    return mergeItems(items, config as JsonValue[], schema);
  }
  if (granularity === "whole") return cloneJson(config);
  const result: JsonObject = isObject(live) ? { ...live } : {};
  for (const [name, value] of Object.entries(config as JsonObject)) {
    result[name] = mergeConfiguration(result[name], value, fieldSchema(schema, name));
  }
  return result;
}

/** A copy without the values at `paths`. */
function removePaths(
  value: JsonValue,
  options: { schema: Schema; path: FieldPath; paths: FieldSet; parents: FieldSet },
): JsonValue {
  const { schema, path, paths, parents } = options;
  if (path !== "" && !parents.has(path)) return value;
  const granularity = granularityOf(value, schema);
  if (granularity === "items") {
    return (value as JsonValue[]).flatMap((item) => {
      const itemPath = below(path, itemElement(schema, item));
      if (paths.has(itemPath)) return [];
      const child = { schema: schema.items ?? UNKNOWN, path: itemPath, paths, parents };
      return [removePaths(item, child)];
    });
  }
  if (granularity === "whole") return value;
  const result: JsonObject = {};
  for (const [name, child] of Object.entries(value as JsonObject)) {
    const childPath = below(path, `f:${name}`);
    if (paths.has(childPath)) continue;
    const at = { schema: fieldSchema(schema, name), path: childPath, paths, parents };
    result[name] = removePaths(child, at);
  }
  return result;
}

/** What the manager applied before, applies no longer, and nobody else owns. */
function abandoned(last: FieldSet, ownerships: readonly Ownership[]): Set<FieldPath> {
  const owned = new Set<FieldPath>();
  for (const { fields } of ownerships) {
    for (const path of fields) for (const prefix of prefixesOf(path)) owned.add(prefix);
  }
  const result = new Set<FieldPath>();
  for (const path of last) {
    for (const prefix of prefixesOf(path)) {
      // Of the ancestors only named fields go with their last owned child; items stay until the
      // item itself is abandoned.
      const isNamed = elementsOf(prefix).at(-1)?.startsWith("f:") === true;
      if (!owned.has(prefix) && (prefix === path || isNamed)) result.add(prefix);
    }
  }
  result.delete("f:metadata");
  return result;
}

function managerName(ownership: Ownership): string {
  const { manager, operation, apiVersion, subresource } = ownership;
  const through = subresource === "" ? "" : ` with subresource "${subresource}"`;
  return `"${manager}"${through}${operation === "Apply" ? "" : ` using ${apiVersion}`}`;
}

function conflictError(conflicts: readonly { path: FieldPath; owner: Ownership }[]): StatusError {
  const causes = conflicts.map(({ path, owner }): Cause => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${managerName(owner)}`,
    field: displayPath(path),
  }));
  const byManager = new Map<string, string[]>();
  for (const cause of causes) {
    const fields = byManager.get(cause.message) ?? [];
    byManager.set(cause.message, [...fields, cause.field]);
  }
  const lines = [...byManager].map(([message, fields]) =>
    causes.length === 1
      ? `${message}: ${fields[0]}`
      : `${message.replace("conflict", "conflicts")}:\n${
        fields.map((field) => `- ${field}`).join("\n")
      }`
  );
  const count = causes.length;
  return new StatusError(409, {
    reason: "Conflict",
    message: `Apply failed with ${count} conflict${count === 1 ? "" : "s"}: ${lines.join("\n")}`,
    details: { causes: causes.map((cause): JsonObject => ({ ...cause })) },
  });
}

/** Fields of other managers that the apply changes. */
function conflictsOf(
  ownerships: readonly Ownership[],
  options: { readonly changed: FieldSet; readonly writer: ApplyOptions["writer"] },
): { path: FieldPath; owner: Ownership }[] {
  return ownerships.filter((owner) => !isSameWriter(owner, options.writer)).flatMap((owner) =>
    [...owner.fields].filter((path) => options.changed.has(path)).sort()
      .map((path) => ({ path, owner }))
  );
}

/** The owners before the apply; an object without any belongs to "before-first-apply". */
function baseOwnerships(live: JsonObject | undefined, options: ApplyOptions): Ownership[] {
  const known = readOwnerships(live);
  if (live === undefined || known.length > 0) return known;
  const { schema, writer, time } = options;
  const before = {
    ...writer,
    manager: "before-first-apply",
    operation: "Update",
    subresource: "",
  } as const;
  return [{
    ...before,
    time,
    fields: ownable(fieldsOf(live, schema), { writer: before, hasStatus: false }),
  }];
}

/**
 * The object after the apply, with managedFields set.
 *
 * @param live the stored object, or undefined to create one.
 * @throws StatusError 409 naming the fields of other managers that would change, unless forced.
 */
export function applyConfiguration(
  live: JsonObject | undefined,
  config: JsonObject,
  options: ApplyOptions,
): JsonObject {
  const { schema, hasStatus, writer, time, force } = options;
  const base = baseOwnerships(live, options);
  const last = base.find((ownership) => isSameWriter(ownership, writer))?.fields ?? new Set();
  const fields = ownable(fieldsOf(config, schema), { writer, hasStatus });
  const ownerships = withOwnership(base, { writer, fields, time });

  const merged = mergeConfiguration(live, config, schema) as JsonObject;
  const paths = abandoned(last, ownerships);
  const parents = new Set([...paths].flatMap(prefixesOf));
  const next = paths.size === 0
    ? merged
    : removePaths(merged, { schema, path: "", paths, parents }) as JsonObject;

  const comparison = compareFields(live ?? {}, next, { schema });
  const changed = ownable([...comparison.added, ...comparison.changed], { writer, hasStatus });
  const conflicts = conflictsOf(ownerships, { changed, writer });
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);

  const lost = new Set([...conflicts.map(({ path }) => path), ...comparison.removed]);
  const result = { ...next, metadata: { ...(next["metadata"] as JsonObject) } };
  writeOwnerships(result, withoutPaths(ownerships, { writer, paths: lost }));
  return result;
}
