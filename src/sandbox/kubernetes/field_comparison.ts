/** What changed between two states of an object, as sets of field paths. */

import type { FieldPath } from "./field_set.ts";
import { below, fieldSchema, granularityOf, itemElement } from "./field_set.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { equalJson, isObject } from "./json.ts";
import { UNKNOWN } from "./pruning.ts";
import type { Schema } from "./resource_type.ts";

/** Paths that came, went, or hold another value. */
export interface Comparison {
  readonly added: Set<FieldPath>;
  readonly changed: Set<FieldPath>;
  readonly removed: Set<FieldPath>;
}

type Children = Map<string, { readonly value: JsonValue; readonly schema: Schema }>;

/** The separately owned parts of a value, or undefined when it is owned as a whole. */
function childrenOf(value: JsonValue | undefined, schema: Schema): Children | undefined {
  const granularity = granularityOf(value, schema);
  if (granularity === "whole") return undefined;
  if (granularity === "items") {
    const items = (value as JsonValue[]).map((item) =>
      [itemElement(schema, item), { value: item, schema: schema.items ?? UNKNOWN }] as const
    );
    return new Map(items);
  }
  const fields = Object.entries(value as JsonObject).map(([name, child]) =>
    [`f:${name}`, { value: child, schema: fieldSchema(schema, name) }] as const
  );
  return new Map(fields);
}

function addAll(
  value: JsonValue,
  options: {
    readonly schema: Schema;
    readonly path: FieldPath;
    readonly set: Set<FieldPath>;
    readonly skipStructs: boolean;
  },
): void {
  const { schema, path, set, skipStructs } = options;
  const isItem = path.slice(path.lastIndexOf("\u0000") + 1).startsWith("k:");
  if (path !== "" && (isItem || !skipStructs || !isStruct(schema, value))) set.add(path);
  for (const [element, child] of childrenOf(value, schema) ?? []) {
    addAll(child.value, { ...options, schema: child.schema, path: below(path, element) });
  }
}

/** Fields of Go structs are always there: containers that the schema declares are no members. */
function isStruct(schema: Schema, value: JsonValue): boolean {
  return isObject(value) && schema.properties !== undefined &&
    granularityOf(value, schema) === "fields";
}

/** How to compare. */
export interface ComparisonOptions {
  readonly schema: Schema;
  /** For built-in kinds, which the real server holds as Go structs. */
  readonly skipStructs?: boolean;
}

/** Compares two states by the parts that the schema lets be owned separately. */
export function compareFields(
  before: JsonObject,
  after: JsonObject,
  options: ComparisonOptions,
): Comparison {
  const skipStructs = options.skipStructs ?? false;
  const result: Comparison = { added: new Set(), changed: new Set(), removed: new Set() };

  function visit(
    old: JsonValue | undefined,
    next: JsonValue | undefined,
    at: { readonly schema: Schema; readonly path: FieldPath },
  ): void {
    const { schema, path } = at;
    if (old === next) return;
    if (old === undefined) {
      return addAll(next as JsonValue, { schema, path, set: result.added, skipStructs });
    }
    if (next === undefined) {
      return addAll(old, { schema, path, set: result.removed, skipStructs });
    }
    const oldChildren = childrenOf(old, schema);
    const newChildren = childrenOf(next, schema);
    if (
      oldChildren === undefined || newChildren === undefined || isObject(old) !== isObject(next)
    ) {
      if (!equalJson(old, next)) result.changed.add(path);
      return;
    }
    for (const element of new Set([...oldChildren.keys(), ...newChildren.keys()])) {
      const oldChild = oldChildren.get(element);
      const newChild = newChildren.get(element);
      visit(oldChild?.value, newChild?.value, {
        schema: (newChild ?? oldChild)?.schema ?? UNKNOWN,
        path: below(path, element),
      });
    }
  }

  visit(before, after, { schema: options.schema, path: "" });
  return result;
}
