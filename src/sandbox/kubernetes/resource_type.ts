/**
 * What the server knows about one served resource: names, scope, schema and the few rules in which
 * kinds differ. Custom resource definitions become the same shape as built-in kinds.
 */

import type { JsonObject, JsonValue } from "./json.ts";
import type { FieldError } from "./status_error.ts";

/** One entry of `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The part of OpenAPI v3 that structural schemas may use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly default?: JsonValue;
  readonly nullable?: boolean;
  readonly enum?: readonly JsonValue[];
  readonly pattern?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly [keyword: string]: unknown;
}

/** An object on its way to the store, and the one it replaces. */
export interface ObjectChange {
  readonly object: JsonObject;
  readonly previous: JsonObject | undefined;
}

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  /** JSONPath without braces, such as `.spec.name`, or a function for built-in kinds. */
  readonly cell: string | ((object: JsonObject) => JsonValue);
  /** Shows a time as the span since then, though the type is string. */
  readonly isAge?: boolean;
}

/** One served resource in one version. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Name of the collection that holds the objects; the versions of one kind share it. */
  readonly storage: string;
  /** `apiVersion` that stored objects bear. */
  readonly storageApiVersion: string;
  readonly custom: boolean;
  readonly hasStatus: boolean;
  /** Whether `metadata.generation` counts changes of the specification. */
  readonly hasGeneration: boolean;
  /** Whether a PUT without resourceVersion overwrites. */
  readonly allowsUnconditionalUpdate: boolean;
  /** Whether a PUT of a missing object creates it. */
  readonly allowsCreateOnUpdate: boolean;
  readonly schema: Schema;
  readonly columns: readonly PrinterColumn[];
  /** Dotted paths besides metadata.name and metadata.namespace that field selectors may use. */
  readonly selectableFields: readonly string[];
  /** What decoding fills in, such as `data` from `stringData`; belongs to the writer. */
  readonly prepare?: (object: JsonObject) => void;
  /** What creation fills in, such as a namespace's phase; belongs to nobody. */
  readonly initialize?: (object: JsonObject) => void;
  /** The kind's own rules, beyond its schema. */
  readonly validate?: (object: JsonObject, previous: JsonObject | undefined) => FieldError[];
  /** Turns a served object into the stored shape, for kinds served in two groups. */
  readonly toStorage?: (object: JsonObject) => JsonObject;
  /** Turns a stored object into the served shape. */
  readonly fromStorage?: (object: JsonObject) => JsonObject;
}

/** `group/version`, or `v1` for the core group. */
export function apiVersionOf(type: { readonly group: string; readonly version: string }): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** The object as this version serves it; the stored object itself where nothing differs. */
export function present(type: ResourceType, stored: JsonObject): JsonObject {
  if (type.fromStorage !== undefined) return type.fromStorage(stored);
  const apiVersion = apiVersionOf(type);
  return stored["apiVersion"] === apiVersion ? stored : { ...stored, apiVersion };
}

/** The object as it is stored. */
export function toStored(type: ResourceType, object: JsonObject): JsonObject {
  if (type.toStorage !== undefined) return type.toStorage(object);
  return { ...object, apiVersion: type.storageApiVersion };
}
