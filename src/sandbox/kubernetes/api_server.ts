/** Routes requests: discovery, OpenAPI, health and resources. */

import type { JsonObject } from "./json.ts";
import {
  AGGREGATED_DISCOVERY,
  aggregatedDiscovery,
  coreVersions,
  groupDocument,
  groupList,
  resourceList,
  SERVER_VERSION,
} from "./discovery.ts";
import type { ClientConnection } from "./client_connection.ts";
import { openapiDocument, openapiIndex, openapiV2 } from "./openapi.ts";
import type { Registry } from "./registry.ts";
import type { BoundedRequestLog } from "./request_log.ts";
import { parseResourcePath } from "./request_path.ts";
import type { ResourceParts } from "./resource_handler.ts";
import { handleResource, jsonResponse } from "./resource_handler.ts";
import { StatusError, UnservedPath } from "./status_error.ts";

/** The parts of the server that routing needs. */
export interface ServerParts extends ResourceParts {
  readonly requests: BoundedRequestLog;
}

function discoveryDocument(registry: Registry, path: string): JsonObject | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  if (path === "/version") return SERVER_VERSION;
  if (path === "/api") return coreVersions();
  if (path === "/apis") return groupList(registry);
  if (parts[0] === "api" && parts.length === 2) {
    return resourceList(registry, { group: "", version: parts[1] ?? "" });
  }
  if (parts[0] === "apis" && parts.length === 2) return groupDocument(registry, parts[1] ?? "");
  if (parts[0] === "apis" && parts.length === 3) {
    return resourceList(registry, { group: parts[1] ?? "", version: parts[2] ?? "" });
  }
  if (path === "/openapi/v3") return openapiIndex(registry);
  if (path === "/openapi/v2") return openapiV2();
  if (parts[0] !== "openapi" || parts[1] !== "v3") return undefined;
  if (parts[2] === "api") return openapiDocument(registry, { group: "", version: parts[3] ?? "" });
  return openapiDocument(registry, { group: parts[3] ?? "", version: parts[4] ?? "" });
}

function wantsAggregated(request: Request): boolean {
  const accept = request.headers.get("accept") ?? "";
  return accept.includes("as=APIGroupDiscoveryList") && accept.includes("v=v2;") ||
    accept.includes("v=v2,") && accept.includes("as=APIGroupDiscoveryList");
}

function handleOther(parts: ServerParts, request: Request, path: string): Response {
  if (request.method !== "GET") throw new UnservedPath();
  if (["/healthz", "/readyz", "/livez"].includes(path)) return new Response("ok");
  if ((path === "/api" || path === "/apis") && wantsAggregated(request)) {
    const body = aggregatedDiscovery(parts.registry, path);
    return jsonResponse(body, { contentType: AGGREGATED_DISCOVERY });
  }
  const document = discoveryDocument(parts.registry, path);
  if (document === undefined) throw new UnservedPath();
  return jsonResponse(document);
}

function refusal(error: unknown): Response {
  if (error instanceof UnservedPath) {
    return new Response("404 page not found\n", {
      status: 404,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
  const status = error instanceof StatusError ? error : new StatusError(500, {
    reason: "InternalError",
    message: `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
  });
  const response = jsonResponse(status.toObject(), { status: status.code });
  const seconds = status.details?.["retryAfterSeconds"];
  if (typeof seconds === "number") response.headers.set("retry-after", String(seconds));
  return response;
}

/** Path of a request, without a slash at its end. */
export function pathOf(url: URL): string {
  return url.pathname.length > 1 ? url.pathname.replace(/\/$/, "") : url.pathname;
}

async function answer(
  parts: ServerParts,
  request: Request,
  options: RequestOptions,
): Promise<Response> {
  try {
    if (options.refusal !== undefined) throw options.refusal;
    const path = pathOf(new URL(request.url));
    const resource = parseResourcePath(path);
    if (resource === undefined) return handleOther(parts, request, path);
    const { connection } = options;
    return await handleResource(parts, { path: resource, request, connection });
  } catch (error) {
    return refusal(error);
  }
}

/** What a request comes with. */
export interface RequestOptions {
  readonly connection: ClientConnection;
  /** Answered in place of carrying the request out. */
  readonly refusal?: Error | undefined;
}

/** Answers any request and logs it; never rejects. */
export async function handleRequest(
  parts: ServerParts,
  request: Request,
  options: RequestOptions,
): Promise<Response> {
  const response = await answer(parts, request, options);
  logRequest(parts.requests, { request, status: response.status });
  return response;
}

/** Logs a request; the status is 0 where the connection ended without an answer. */
export function logRequest(
  log: BoundedRequestLog,
  { request, status }: { readonly request: Request; readonly status: number },
): void {
  const url = new URL(request.url);
  const userAgent = request.headers.get("user-agent");
  const contentType = request.headers.get("content-type");
  const accept = request.headers.get("accept");
  log.add({
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    ...(userAgent === null ? {} : { userAgent }),
    ...(contentType === null ? {} : { contentType }),
    ...(accept === null ? {} : { accept }),
    status,
  });
}
