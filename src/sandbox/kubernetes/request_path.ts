/** Which resource a path names. */

/** A path under `/api/v1` or `/apis/<group>/<version>`. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly plural: string;
  /** "" for the collection. */
  readonly name: string;
  /** "" for the object itself. */
  readonly subresource: string;
}

/** Reads the path of a resource request; undefined for discovery and everything else. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const parts = path.split("/").filter((part) => part !== "").map(decodeURIComponent);
  const isCore = parts[0] === "api";
  if (!isCore && parts[0] !== "apis") return undefined;
  const group = isCore ? "" : parts[1] ?? "";
  const version = (isCore ? parts[1] : parts[2]) ?? "";
  const rest = parts.slice(isCore ? 2 : 3);
  if (rest.length === 0) return undefined;
  const isInNamespace = rest[0] === "namespaces" && rest.length > 2 &&
    !(isCore && rest.length === 3 && ["status", "finalize"].includes(rest[2] ?? ""));
  const [plural = "", name = "", subresource = "", ...more] = isInNamespace ? rest.slice(2) : rest;
  if (more.length > 0) return undefined;
  const namespace = isInNamespace ? rest[1] ?? "" : "";
  return { group, version, namespace, plural, name, subresource };
}
