/**
 * Who owns which field: `metadata.managedFields`
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
 */

import { compareFields } from "./field_comparison.ts";
import type { FieldPath, FieldSet } from "./field_set.ts";
import { decodeFields, encodeFields, isWithin } from "./field_set.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isObject, listOr, objectOr, stringOr } from "./json.ts";
import { metadataOf } from "./object_meta.ts";
import type { Schema } from "./resource_type.ts";

/** Who writes, and how. */
export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
}

/** One owner with its fields. */
export interface Ownership extends Writer {
  readonly time: string;
  readonly fields: FieldSet;
}

/** Fields that belong to the server and are never owned. */
const UNOWNED_METADATA = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "generation",
  "managedFields",
  "resourceVersion",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];
const UNOWNED = new Set<FieldPath>([
  "f:apiVersion",
  "f:kind",
  "f:metadata",
  ...UNOWNED_METADATA.map((name) => `f:metadata\u0000f:${name}`),
]);

/** Whose fields, and whether the resource has a status subresource. */
export interface OwnableOptions {
  readonly writer: Writer;
  readonly hasStatus: boolean;
}

/** The part of the object that a writer cannot touch, by subresource. */
function isReset(path: FieldPath, { writer, hasStatus }: OwnableOptions): boolean {
  if (writer.subresource === "status") {
    return isWithin(path, "f:metadata") || isWithin(path, "f:spec");
  }
  return hasStatus && isWithin(path, "f:status");
}

/** Without the paths that cannot be owned, or not by this writer. */
export function ownable(
  set: Iterable<FieldPath>,
  { writer, hasStatus }: OwnableOptions,
): Set<FieldPath> {
  const kept = new Set<FieldPath>();
  for (const path of set) {
    const unowned = UNOWNED.has(path) || isWithin(path, "f:metadata\u0000f:managedFields");
    if (!unowned && !isReset(path, { writer, hasStatus })) kept.add(path);
  }
  return kept;
}

/** True when both are the same line of managedFields. */
export function isSameWriter(left: Writer, right: Writer): boolean {
  return left.manager === right.manager && left.operation === right.operation &&
    left.subresource === right.subresource && left.apiVersion === right.apiVersion;
}

/** Reads `metadata.managedFields`. */
export function readOwnerships(object: JsonObject | undefined): Ownership[] {
  const entries = listOr(objectOr(object?.["metadata"])["managedFields"]);
  return entries.filter((entry) => isObject(entry) && isObject(entry["fieldsV1"]))
    .map((item) => {
      const entry = objectOr(item);
      return {
        manager: stringOr(entry["manager"]),
        operation: entry["operation"] === "Apply" ? "Apply" : "Update",
        apiVersion: stringOr(entry["apiVersion"]),
        subresource: stringOr(entry["subresource"]),
        time: stringOr(entry["time"]),
        fields: decodeFields(objectOr(entry["fieldsV1"])),
      };
    });
}

function toEntry(ownership: Ownership): JsonObject {
  const entry: JsonObject = {
    manager: ownership.manager,
    operation: ownership.operation,
    apiVersion: ownership.apiVersion,
    time: ownership.time,
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(ownership.fields),
  };
  if (ownership.subresource !== "") entry["subresource"] = ownership.subresource;
  return entry;
}

/** Writes `metadata.managedFields`: Apply before Update, then by time, as the real server sorts. */
export function writeOwnerships(object: JsonObject, ownerships: readonly Ownership[]): void {
  const entries = ownerships.filter((ownership) => ownership.fields.size > 0);
  const sorted = [...entries].sort((left, right) =>
    compareText(left.operation, right.operation) || compareText(left.time, right.time) ||
    compareText(left.manager, right.manager) || compareText(left.subresource, right.subresource)
  );
  if (sorted.length === 0) delete metadataOf(object)["managedFields"];
  else metadataOf(object)["managedFields"] = sorted.map(toEntry);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function sameSet(left: FieldSet, right: FieldSet): boolean {
  return left.size === right.size && [...left].every((path) => right.has(path));
}

/** The ownership list with `fields` for `writer`; the time moves only when the fields differ. */
export function withOwnership(
  ownerships: readonly Ownership[],
  options: { readonly writer: Writer; readonly fields: FieldSet; readonly time: string },
): Ownership[] {
  const { writer, fields, time } = options;
  const known = ownerships.find((ownership) => isSameWriter(ownership, writer));
  if (known !== undefined && sameSet(known.fields, fields)) return [...ownerships];
  const others = ownerships.filter((ownership) => ownership !== known);
  return fields.size === 0 ? others : [...others, { ...writer, time, fields }];
}

/** Without `paths` in the fields of all but `writer`. */
export function withoutPaths(
  ownerships: readonly Ownership[],
  options: { readonly writer: Writer; readonly paths: FieldSet },
): Ownership[] {
  if (options.paths.size === 0) return [...ownerships];
  return ownerships.map((ownership) => {
    if (isSameWriter(ownership, options.writer)) return ownership;
    const fields = new Set([...ownership.fields].filter((path) => !options.paths.has(path)));
    return fields.size === ownership.fields.size ? ownership : { ...ownership, fields };
  });
}

/** What an update needs to know besides the two states. */
export interface TrackOptions {
  readonly schema: Schema;
  readonly hasStatus: boolean;
  /** For built-in kinds: see compareFields. */
  readonly skipStructs: boolean;
  readonly writer: Writer;
  readonly time: string;
}

function isResetRequest(entries: JsonValue | undefined): boolean {
  return Array.isArray(entries) && entries.length === 1 && isObject(entries[0]) &&
    Object.keys(entries[0]).length === 0;
}

/**
 * Sets `next.metadata.managedFields` after a create, update or patch.
 *
 * A writer may hand in its own managedFields (takeover of another manager's fields); an absent list
 * means the stored one, `[{}]` forgets all owners.
 */
export function trackUpdate(
  before: JsonObject | undefined,
  next: JsonObject,
  options: TrackOptions,
): void {
  const { schema, hasStatus, skipStructs, writer, time } = options;
  const given = objectOr(next["metadata"])["managedFields"];
  if (isResetRequest(given)) return writeOwnerships(next, []);
  const fromRequest = writer.subresource === "" ? readOwnerships(next) : [];
  const base = fromRequest.length > 0 ? fromRequest : readOwnerships(before);
  const comparison = compareFields(before ?? {}, next, { schema, skipStructs });
  const touched = ownable([...comparison.added, ...comparison.changed], { writer, hasStatus });
  const removed = comparison.removed;
  const lost = new Set([...touched, ...removed]);
  const own = base.find((ownership) => isSameWriter(ownership, writer));
  const kept = [...own?.fields ?? []].filter((path) => !removed.has(path));
  writeOwnerships(
    next,
    withOwnership(withoutPaths(base, { writer, paths: lost }), {
      writer,
      fields: new Set([...kept, ...touched]),
      time,
    }),
  );
}
