/** Discovery documents: which groups, versions and resources are served. */

import type { JsonObject } from "./json.ts";
import type { Registry } from "./registry.ts";
import type { ResourceType } from "./resource_type.ts";
import { apiVersionOf } from "./resource_type.ts";

/** Media type of aggregated discovery (KEP-3352). */
export const AGGREGATED_DISCOVERY =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

const VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const STATUS_VERBS = ["get", "patch", "update"];

/** The version that `/version` answers; features follow this release. */
export const SERVER_VERSION: JsonObject = {
  major: "1",
  minor: "37",
  gitVersion: "v1.37.0+sandbox",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "linux/amd64",
};

/** `/apis/<group>/<version>` or `/api/v1`; undefined when nothing is served there. */
export function resourceList(
  registry: Registry,
  { group, version }: { readonly group: string; readonly version: string },
): JsonObject | undefined {
  const types = registry.all().filter((type) => type.group === group && type.version === version);
  if (types.length === 0) return undefined;
  const resources = types.flatMap((type): JsonObject[] => {
    const { plural, singular, kind, namespaced } = type;
    const main: JsonObject = {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: VERBS,
    };
    if (type.shortNames.length > 0) main["shortNames"] = [...type.shortNames];
    if (type.categories.length > 0) main["categories"] = [...type.categories];
    if (!type.hasStatus) return [main];
    return [main, {
      name: `${plural}/status`,
      singularName: "",
      namespaced,
      kind,
      verbs: STATUS_VERBS,
    }];
  });
  const groupVersion = group === "" ? version : `${group}/${version}`;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

function versionsOf(registry: Registry, group: string): string[] {
  const types = registry.all().filter((type) => type.group === group);
  return [...new Set(types.map((type) => type.version))];
}

/** `/apis/<group>`, or undefined when the group is not served. */
export function groupDocument(registry: Registry, group: string): JsonObject | undefined {
  const versions = versionsOf(registry, group).map((version): JsonObject => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  const preferred = versions[0];
  if (preferred === undefined) return undefined;
  return {
    kind: "APIGroup",
    apiVersion: "v1",
    name: group,
    versions,
    preferredVersion: { ...preferred },
  };
}

function groupsOf(registry: Registry): string[] {
  return [...new Set(registry.all().map((type) => type.group))].filter((group) => group !== "");
}

/** `/apis`. */
export function groupList(registry: Registry): JsonObject {
  const groups = groupsOf(registry).map((group) => {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = groupDocument(registry, group) ?? {};
    return rest as JsonObject;
  });
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** `/api`. */
export function coreVersions(): JsonObject {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
}

function aggregatedResource(type: ResourceType): JsonObject {
  const responseKind: JsonObject = { group: type.group, version: type.version, kind: type.kind };
  return {
    resource: type.plural,
    responseKind,
    scope: type.namespaced ? "Namespaced" : "Cluster",
    singularResource: type.singular,
    verbs: VERBS,
    shortNames: [...type.shortNames],
    categories: [...type.categories],
    subresources: type.hasStatus
      ? [{ subresource: "status", responseKind, verbs: STATUS_VERBS }]
      : [],
  };
}

/** Aggregated discovery of `/api` (core) or `/apis` (all groups). */
export function aggregatedDiscovery(registry: Registry, path: "/api" | "/apis"): JsonObject {
  const groups = path === "/api" ? [""] : groupsOf(registry);
  const items = groups.map((group): JsonObject => ({
    metadata: group === "" ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
    versions: versionsOf(registry, group).map((version): JsonObject => ({
      version,
      freshness: "Current",
      resources: registry.all()
        .filter((type) => apiVersionOf(type) === apiVersionOf({ group, version }))
        .map(aggregatedResource),
    })),
  }));
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items,
  };
}
