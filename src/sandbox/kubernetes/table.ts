/** Answers as `meta.k8s.io/v1 Table`, which `kubectl get` prints. */

import type { JsonObject, JsonValue } from "./json.ts";
import { isObject } from "./json.ts";
import { selectPath } from "./json_path.ts";
import { metadataOf } from "./object_meta.ts";
import type { PrinterColumn, ResourceType } from "./resource_type.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Two units at most, the second while it matters (k8s.io/apimachinery/pkg/util/duration). */
export function humanDuration(seconds: number): string {
  function two(unit: [number, string], rest: [number, string]): string {
    const whole = Math.floor(seconds / unit[0]);
    const left = Math.floor((seconds % unit[0]) / rest[0]);
    return left === 0 ? `${whole}${unit[1]}` : `${whole}${unit[1]}${left}${rest[1]}`;
  }
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 2 * MINUTE) return `${Math.floor(seconds)}s`;
  if (seconds < 10 * MINUTE) return two([MINUTE, "m"], [1, "s"]);
  if (seconds < 3 * HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < 8 * HOUR) return two([HOUR, "h"], [MINUTE, "m"]);
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`;
  if (seconds < 8 * DAY) return two([DAY, "d"], [HOUR, "h"]);
  if (seconds < 2 * YEAR) return `${Math.floor(seconds / DAY)}d`;
  if (seconds < 8 * YEAR) return two([YEAR, "y"], [DAY, "d"]);
  return `${Math.floor(seconds / YEAR)}y`;
}

function printed(value: JsonValue): string {
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value ?? "");
}

function cellOf(column: PrinterColumn, object: JsonObject, nowMs: number): JsonValue {
  const values = typeof column.cell === "string"
    ? selectPath(object, column.cell)
    : [column.cell(object)];
  const first = values[0];
  const isTime = column.type === "date" || column.isAge === true;
  if (first === undefined || first === null) return column.isAge === true ? "<unknown>" : null;
  if (isTime) {
    const time = Date.parse(String(first));
    return Number.isNaN(time) ? "<invalid>" : humanDuration((nowMs - time) / 1000);
  }
  if (column.type !== "string" || typeof column.cell !== "string") return first;
  return values.map(printed).join(" ");
}

/** What a row carries besides its cells. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** `PartialObjectMetadata` of an object. */
export function partialMetadata(object: JsonObject): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: metadataOf(object),
  };
}

/** The column definitions of a resource. */
function columnDefinitions(type: ResourceType): JsonObject[] {
  return type.columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: column.description ?? "",
    priority: column.priority ?? 0,
  }));
}

/** What a table holds besides its rows' cells. */
export interface TableOptions {
  readonly nowMs: number;
  readonly include: IncludeObject;
  readonly metadata: JsonObject;
  /** @default true; the later events of a watch leave them out */
  readonly withColumns?: boolean;
}

/** A table with one row per object. */
export function tableOf(
  type: ResourceType,
  objects: readonly JsonObject[],
  options: TableOptions,
): JsonObject {
  const { nowMs, include, metadata, withColumns = true } = options;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: withColumns ? columnDefinitions(type) : null,
    rows: objects.map((object): JsonObject => {
      const cells = type.columns.map((column) => cellOf(column, object, nowMs));
      if (include === "None") return { cells, object: null };
      return { cells, object: include === "Object" ? object : partialMetadata(object) };
    }),
  };
}
