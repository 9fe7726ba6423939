/** Reads request bodies: JSON and YAML, within the size that the real server allows. */

import { parse as parseYaml } from "yaml";
import type { JsonObject, JsonValue } from "./json.ts";
import { isObject } from "./json.ts";
import { decodeProtobuf } from "./protobuf.ts";
import { badRequest, StatusError } from "./status_error.ts";

/** Limit of the real server (3 MiB). */
const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** A body with its media type, not yet parsed. */
export interface RequestBody {
  readonly mediaType: string;
  readonly text: string;
}

function protobufAsJson(bytes: Uint8Array): string {
  let object: JsonObject | undefined;
  try {
    object = decodeProtobuf(bytes);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
  if (object === undefined) throw unsupportedMediaType(["application/json", "application/yaml"]);
  return JSON.stringify(object);
}

/**
 * Reads the body.
 *
 * @throws StatusError 413 beyond 3 MiB.
 */
export async function readBody(request: Request): Promise<RequestBody> {
  const contentType = request.headers.get("content-type") ?? "application/json";
  const mediaType = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > BODY_LIMIT_BYTES) {
    throw new StatusError(413, {
      reason: "RequestEntityTooLarge",
      message: `Request entity too large: limit is ${BODY_LIMIT_BYTES}`,
    });
  }
  if (mediaType !== PROTOBUF) return { mediaType, text: new TextDecoder().decode(bytes) };
  return { mediaType: "application/json", text: protobufAsJson(new Uint8Array(bytes)) };
}

/** 415 with the media types that would do. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return new StatusError(415, {
    reason: "UnsupportedMediaType",
    message: "the body of the request was in an unknown format - accepted media types include: " +
      accepted.join(", "),
  });
}

/**
 * Parses JSON or YAML.
 *
 * @throws StatusError 400 for text that is neither.
 */
export function parseBody(body: RequestBody): JsonValue {
  try {
    // Apply requests are called YAML but mostly hold JSON, which is far faster to read.
    if (!body.mediaType.includes("yaml") || body.text.trimStart().startsWith("{")) {
      return JSON.parse(body.text) as JsonValue;
    }
    return parseYaml(body.text) as JsonValue;
  } catch (error) {
    const detail = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw badRequest(`error decoding the request body: ${detail}`);
  }
}

/**
 * Parses a body that must be an object.
 *
 * @throws StatusError 400, or 415 for other media types.
 */
export function parseObject(body: RequestBody): JsonObject {
  const accepted = ["application/json", "application/yaml"];
  if (body.mediaType !== "" && !accepted.includes(body.mediaType)) {
    throw unsupportedMediaType(accepted);
  }
  const value = parseBody(body);
  if (!isObject(value)) throw badRequest("error decoding the request body: expected an object");
  return value;
}
