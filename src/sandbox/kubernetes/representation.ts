/** In which shape an answer goes out: whole objects, their metadata, or a table. */

import type { JsonObject } from "./json.ts";
import { metadataOf } from "./object_meta.ts";
import type { ResourceType } from "./resource_type.ts";
import { apiVersionOf, present } from "./resource_type.ts";
import type { IncludeObject } from "./table.ts";
import { partialMetadata, tableOf } from "./table.ts";
import { StatusError } from "./status_error.ts";

/** The shape that the Accept header asks for. */
export type Representation =
  | { readonly kind: "object" }
  | { readonly kind: "metadata" }
  | { readonly kind: "table"; readonly include: IncludeObject };

/**
 * Reads the Accept header; the first entry that the server can serve wins.
 *
 * @throws StatusError 406 when there is none.
 */
export function representationOf(accept: string, query: URLSearchParams): Representation {
  if (accept.trim() === "") return { kind: "object" };
  for (const entry of accept.split(",")) {
    const [mediaType = "", ...parameters] = entry.split(";").map((part) => part.trim());
    if (!["application/json", "application/*", "*/*"].includes(mediaType)) continue;
    const as = parameters.find((parameter) => parameter.startsWith("as="))?.slice(3);
    if (as === undefined) return { kind: "object" };
    if (!parameters.includes("v=v1")) continue;
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") {
      return { kind: "metadata" };
    }
    if (as === "Table") {
      const include = query.get("includeObject");
      const known = include === "None" || include === "Object" ? include : "Metadata";
      return { kind: "table", include: known };
    }
  }
  throw new StatusError(406, {
    reason: "NotAcceptable",
    message: "only the following media types are accepted: application/json",
  });
}

/** One object in the wanted shape. */
export function representObject(
  type: ResourceType,
  served: JsonObject,
  { representation, nowMs }: { readonly representation: Representation; readonly nowMs: number },
): JsonObject {
  if (representation.kind === "object") return served;
  if (representation.kind === "metadata") return partialMetadata(served);
  const { resourceVersion = "" } = metadataOf(served);
  const { include } = representation;
  return tableOf(type, [served], { nowMs, include, metadata: { resourceVersion } });
}

/** What a list needs besides its objects. */
export interface ListOptions {
  readonly representation: Representation;
  readonly nowMs: number;
  readonly metadata: JsonObject;
}

/** A list in the wanted shape. */
export function representList(
  type: ResourceType,
  stored: readonly JsonObject[],
  options: ListOptions,
): JsonObject {
  const { representation, nowMs, metadata } = options;
  const items = stored.map((object) => present(type, object));
  if (representation.kind === "table") {
    return tableOf(type, items, { nowMs, include: representation.include, metadata });
  }
  if (representation.kind === "metadata") {
    return {
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      // Where the API server has appended nothing to a list of Go, it is null.
      items: items.length === 0 ? null : items.map(partialMetadata),
    };
  }
  const apiVersion = apiVersionOf(type);
  if (type.custom) {
    return { apiVersion, items, kind: type.listKind, metadata: { continue: "", ...metadata } };
  }
  // Items of Go lists do not repeat their kind.
  const bare = items.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest);
  return { kind: type.listKind, apiVersion, metadata, items: bare };
}

/** Texts of whole objects; an object that many watchers get is written out once. */
const texts = new WeakMap<JsonObject, string>();

function textOf(object: JsonObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}

/** Encodes the events of one watch. */
export function eventEncoder(
  type: ResourceType,
  options: { readonly representation: Representation; readonly now: () => number },
): (change: string, stored: JsonObject) => string {
  const { representation, now } = options;
  let sentColumns = false;

  function objectText(stored: JsonObject): string {
    const served = present(type, stored);
    if (representation.kind === "object") return textOf(served);
    if (representation.kind === "metadata") return JSON.stringify(partialMetadata(served));
    const { resourceVersion = "" } = metadataOf(served);
    const table = tableOf(type, [served], {
      nowMs: now(),
      include: representation.include,
      metadata: { resourceVersion },
      withColumns: !sentColumns,
    });
    sentColumns = true;
    return JSON.stringify(table);
  }

  return (change, stored) => `{"type":"${change}","object":${objectText(stored)}}\n`;
}

/** A bookmark in the wanted shape. */
export function bookmarkText(
  type: ResourceType,
  options: {
    readonly representation: Representation;
    readonly rv: number;
    readonly endsInitialEvents: boolean;
  },
): string {
  const { representation, rv, endsInitialEvents } = options;
  const metadata: JsonObject = { resourceVersion: String(rv) };
  if (endsInitialEvents) metadata["annotations"] = { "k8s.io/initial-events-end": "true" };
  const marker: JsonObject = representation.kind !== "object"
    ? { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata }
    : { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
  if (representation.kind !== "table") {
    return `${JSON.stringify({ type: "BOOKMARK", object: marker })}\n`;
  }
  const table: JsonObject = {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: String(rv) },
    columnDefinitions: null,
    rows: [{ cells: type.columns.map((_, index) => index === 0 ? "" : null), object: marker }],
  };
  return `${JSON.stringify({ type: "BOOKMARK", object: table })}\n`;
}
