/** Answers requests on resources: finds the verb, hands over, shapes the answer. */

import type { Clock } from "../../ops/clock.ts";
import type { DeletionParts } from "./deleting.ts";
import { deleteAll, deleteObject } from "./deleting.ts";
import type { ClientConnection } from "./client_connection.ts";
import { duplicateKeys } from "./duplicate_keys.ts";
import type { JsonObject } from "./json.ts";
import { listPage } from "./listing.ts";
import { keyOf } from "./object_meta.ts";
import type { FieldValidation } from "./object_rules.ts";
import { patchObject } from "./patching.ts";
import type { Registry } from "./registry.ts";
import type { Representation } from "./representation.ts";
import { representationOf, representList, representObject } from "./representation.ts";
import type { RequestBody } from "./request_body.ts";
import { parseObject, readBody } from "./request_body.ts";
import type { ResourcePath } from "./request_path.ts";
import type { ResourceType } from "./resource_type.ts";
import { present } from "./resource_type.ts";
import {
  badRequest,
  notFound,
  StatusError,
  unknownResource,
  UnservedPath,
} from "./status_error.ts";
import type { Watching } from "./watching.ts";
import type { WriteRequest, WriteResult, Writes } from "./writes.ts";

/** The parts of the server that resource requests need. */
export interface ResourceParts extends DeletionParts {
  readonly registry: Registry;
  readonly writes: Writes;
  readonly watching: Watching;
  readonly clock: Clock;
}

/** One resource request. */
interface Call {
  readonly parts: ResourceParts;
  readonly type: ResourceType;
  readonly path: ResourcePath;
  readonly url: URL;
  readonly request: Request;
  readonly representation: Representation;
  readonly connection: ClientConnection;
}

/** A JSON answer. */
export function jsonResponse(
  body: JsonObject,
  options: { readonly status?: number; readonly contentType?: string } = {},
): Response {
  const { status = 200, contentType = "application/json" } = options;
  return new Response(JSON.stringify(body), { status, headers: { "content-type": contentType } });
}

function methodNotAllowed(): StatusError {
  return new StatusError(405, {
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
    details: {},
  });
}

function managerOf(call: Call): string {
  const named = call.url.searchParams.get("fieldManager") ?? "";
  if (named !== "") return named;
  const agent = (call.request.headers.get("user-agent") ?? "").split("/")[0] ?? "";
  return agent === "" ? "unknown" : agent;
}

function fieldValidationOf(query: URLSearchParams): FieldValidation {
  const wanted = query.get("fieldValidation") ?? "";
  if (wanted === "Strict" || wanted === "Ignore") return wanted;
  if (wanted === "" || wanted === "Warn") return "Warn";
  throw badRequest(`invalid fieldValidation: "${wanted}"`);
}

function writeRequest(call: Call, body?: RequestBody): WriteRequest {
  const { type, path, url } = call;
  return {
    type,
    namespace: path.namespace,
    name: path.name,
    subresource: path.subresource === "status" ? "status" : "",
    manager: managerOf(call),
    dryRun: url.searchParams.getAll("dryRun").includes("All"),
    fieldValidation: fieldValidationOf(url.searchParams),
    warnings: [],
    duplicates: body?.mediaType.includes("json") ? duplicateKeys(body.text) : [],
  };
}

function objectResponse(call: Call, object: JsonObject, status = 200): Response {
  const { type, representation, parts } = call;
  const body = representObject(type, object, { representation, nowMs: parts.clock.now() });
  return jsonResponse(body, { status });
}

function writeResponse(call: Call, request: WriteRequest, result: WriteResult): Response {
  const response = objectResponse(call, result.object, result.created ? 201 : 200);
  for (const warning of request.warnings) {
    response.headers.append("warning", `299 - ${JSON.stringify(warning)}`);
  }
  return response;
}

function readObject(call: Call): Response {
  const { parts, type, path } = call;
  const object = parts.store.get(type.storage, keyOf(path.namespace, path.name));
  if (object === undefined) throw notFound(type, path.name);
  return objectResponse(call, present(type, object));
}

async function deleteOptions(call: Call): Promise<JsonObject> {
  const body = await readBody(call.request);
  return body.text.trim() === "" ? {} : parseObject(body);
}

async function handleObject(call: Call): Promise<Response> {
  const { parts, type, path, url, request } = call;
  switch (request.method) {
    case "GET":
      return readObject(call);
    case "PUT": {
      const given = await readBody(request);
      const body = parseObject(given);
      const write = writeRequest(call, given);
      return writeResponse(call, write, parts.writes.update(write, body));
    }
    case "PATCH": {
      const write = writeRequest(call);
      const result = patchObject(parts.writes, write, {
        body: await readBody(request),
        force: ["true", "1"].includes(url.searchParams.get("force") ?? ""),
        namesManager: (url.searchParams.get("fieldManager") ?? "") !== "",
      });
      return writeResponse(call, write, result);
    }
    case "DELETE": {
      if (path.subresource !== "") throw methodNotAllowed();
      const options = await deleteOptions(call);
      const query = url.searchParams;
      const { namespace, name } = path;
      const answer = deleteObject(parts, type, { namespace, name, options, query });
      return answer.isObject ? objectResponse(call, answer.body) : jsonResponse(answer.body);
    }
    default:
      throw methodNotAllowed();
  }
}

function watch(call: Call, fieldSelector?: string): Response {
  const { parts, type, path, url, representation, connection } = call;
  const query = new URLSearchParams(url.searchParams);
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
  const { namespace } = path;
  const request = { type, path: url.pathname, namespace, query, representation, connection };
  // Deno.serve would compress the stream, as no real server does.
  const headers = { "content-type": "application/json", "cache-control": "no-transform" };
  return new Response(parts.watching.start(request), { headers });
}

function list(call: Call): Response {
  const { parts, type, path, url, representation } = call;
  const { namespace } = path;
  const page = listPage(parts.store, type, { namespace, query: url.searchParams });
  const { objects, metadata } = page;
  const nowMs = parts.clock.now();
  return jsonResponse(representList(type, objects, { representation, nowMs, metadata }));
}

async function deleteCollection(call: Call): Promise<Response> {
  const { parts, type, path, url, representation } = call;
  const options = await deleteOptions(call);
  const query = url.searchParams;
  const { namespace } = path;
  const { objects, metadata } = listPage(parts.store, type, { namespace, query });
  deleteAll(parts, type, { objects, options, query });
  const nowMs = parts.clock.now();
  return jsonResponse(representList(type, objects, { representation, nowMs, metadata }));
}

/** True for a watch request. */
export function isWatch(url: URL): boolean {
  return ["true", "1"].includes(url.searchParams.get("watch") ?? "");
}

async function handleCollection(call: Call): Promise<Response> {
  const { parts, type, path, url, request } = call;
  switch (request.method) {
    case "GET":
      return isWatch(url) ? watch(call) : list(call);
    case "POST": {
      if (type.namespaced && path.namespace === "") {
        throw type.custom ? new UnservedPath() : methodNotAllowed();
      }
      const given = await readBody(request);
      const body = parseObject(given);
      const write = writeRequest(call, given);
      return writeResponse(call, write, parts.writes.create(write, body));
    }
    case "DELETE":
      if (type.namespaced && path.namespace === "") throw methodNotAllowed();
      return await deleteCollection(call);
    default:
      throw methodNotAllowed();
  }
}

function unserved(registry: Registry, path: ResourcePath): Error {
  const isBuiltin = registry.all().some((type) => !type.custom && type.group === path.group);
  return isBuiltin ? unknownResource() : new UnservedPath();
}

/**
 * Answers one request on a resource.
 *
 * @throws StatusError for every refusal.
 */
export async function handleResource(
  parts: ResourceParts,
  { path, request, connection }: {
    readonly path: ResourcePath;
    readonly request: Request;
    readonly connection: ClientConnection;
  },
): Promise<Response> {
  const type = parts.registry.find(path.group, path.version, path.plural);
  if (type === undefined) throw unserved(parts.registry, path);
  if (path.namespace !== "" && !type.namespaced) throw unknownResource();
  const isKnown = path.subresource === "" || (path.subresource === "status" && type.hasStatus);
  if (!isKnown) throw unknownResource();
  const url = new URL(request.url);
  const accept = request.headers.get("accept") ?? "";
  const representation = representationOf(accept, url.searchParams);
  const call: Call = { parts, type, path, url, request, representation, connection };
  if (path.name === "") return await handleCollection(call);
  if (type.namespaced && path.namespace === "") throw unknownResource();
  const isObjectWatch = request.method === "GET" && isWatch(url);
  return isObjectWatch ? watch(call, `metadata.name=${path.name}`) : await handleObject(call);
}
