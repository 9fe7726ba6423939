/** OpenAPI v3 documents, for `kubectl explain` and for the check that `kubectl apply` makes. */

import { objectMetaSchema } from "./builtin_schemas.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isObject } from "./json.ts";
import type { Registry } from "./registry.ts";
import type { ResourceType } from "./resource_type.ts";

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

function reversedGroup(group: string): string {
  if (group === "") return "io.k8s.api.core";
  return group.split(".").reverse().join(".");
}

function schemaName(type: ResourceType): string {
  return `${reversedGroup(type.group)}.${type.version}.${type.kind}`;
}

/** The schema with `metadata` as a reference, as clients know it. */
function published(schema: JsonValue): JsonValue {
  if (schema === (objectMetaSchema as unknown)) {
    return {
      description: "Standard object metadata.",
      allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
    };
  }
  if (Array.isArray(schema)) return schema.map(published);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, published(value)]));
}

function queryParameter(name: string, type: string): JsonObject {
  return { name, in: "query", schema: { type, uniqueItems: true } };
}

const WRITE_PARAMETERS: JsonObject[] = [
  queryParameter("dryRun", "string"),
  queryParameter("fieldManager", "string"),
  queryParameter("fieldValidation", "string"),
];

function operation(type: ResourceType, action: string): JsonObject {
  const { group, version, kind } = type;
  const writes = ["post", "put", "patch"].includes(action);
  const parameters = action === "patch"
    ? [...WRITE_PARAMETERS, queryParameter("force", "boolean")]
    : writes
    ? WRITE_PARAMETERS
    : [];
  return {
    tags: [`${group === "" ? "core" : group}_${version}`],
    operationId: `${action}${version}${kind}`,
    parameters,
    responses: {
      "200": {
        description: "OK",
        content: {
          "application/json": { schema: { $ref: `#/components/schemas/${schemaName(type)}` } },
        },
      },
    },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}

function pathsOf(type: ResourceType): JsonObject {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const collection = type.namespaced
    ? `${root}/namespaces/{namespace}/${type.plural}`
    : `${root}/${type.plural}`;
  const single: JsonObject = {};
  for (const action of ["get", "put", "patch", "delete"]) single[action] = operation(type, action);
  const paths: JsonObject = {
    [collection]: { get: operation(type, "list"), post: operation(type, "post") },
    [`${collection}/{name}`]: single,
  };
  if (type.hasStatus) paths[`${collection}/{name}/status`] = { ...single };
  return paths;
}

/** The paths under `/openapi/v3`. */
export function openapiIndex(registry: Registry): JsonObject {
  const roots = new Set(
    registry.all().map((type) =>
      type.group === "" ? `api/${type.version}` : `apis/${type.group}/${type.version}`
    ),
  );
  const paths: JsonObject = {};
  for (const root of roots) paths[root] = { serverRelativeURL: `/openapi/v3/${root}` };
  return { paths };
}

/** The document of one group and version, or undefined when nothing is served there. */
export function openapiDocument(
  registry: Registry,
  { group, version }: { readonly group: string; readonly version: string },
): JsonObject | undefined {
  const types = registry.all().filter((type) => type.group === group && type.version === version);
  if (types.length === 0) return undefined;
  const schemas: JsonObject = { [OBJECT_META]: objectMetaSchema as unknown as JsonObject };
  const paths: JsonObject = {};
  for (const type of types) {
    const { kind } = type;
    schemas[schemaName(type)] = {
      ...published(type.schema as unknown as JsonValue) as JsonObject,
      "x-kubernetes-group-version-kind": [{ group, version, kind }],
    };
    Object.assign(paths, pathsOf(type));
  }
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.37.0" },
    paths,
    components: { schemas },
  };
}

/** An OpenAPI v2 document without content: clients of today read v3. */
export function openapiV2(): JsonObject {
  return { swagger: "2.0", info: { title: "Kubernetes", version: "v1.37.0" }, paths: {} };
}
