/** PATCH in its four media types. */

import type { Operation } from "fast-json-patch";
import jsonPatch from "fast-json-patch";
import type { JsonObject, JsonValue } from "./json.ts";
import { cloneJson, isObject } from "./json.ts";
import { mergePatch, strategicMergePatch } from "./merge_patch.ts";
import type { RequestBody } from "./request_body.ts";
import { parseBody, unsupportedMediaType } from "./request_body.ts";
import { badRequest, invalid, requiredValue, StatusError } from "./status_error.ts";
import type { WriteRequest, WriteResult, Writes } from "./writes.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";

/** More operations than this are refused, as on the real server. */
const OPERATIONS_LIMIT = 10_000;

function unprocessable(): StatusError {
  return new StatusError(422, {
    reason: "Invalid",
    message: "the server rejected our request due to an error in our request",
    details: {},
  });
}

/** A test for null holds where there is nothing, unlike in RFC 6902. */
function testsAbsence(document: JsonObject, operation: JsonValue): boolean {
  if (!isObject(operation) || operation["op"] !== "test" || operation["value"] !== null) {
    return false;
  }
  try {
    const found: unknown = jsonPatch.getValueByPointer(document, String(operation["path"]));
    return found === undefined;
  } catch {
    return true;
  }
}

/**
 * The object after a JSON patch.
 *
 * @throws StatusError 400 for text that is no patch, 422 for operations that do not fit the object,
 * failed tests among them.
 */
function applyJsonPatch(object: JsonObject, patch: JsonValue): JsonObject {
  if (!Array.isArray(patch)) {
    throw badRequest("error decoding patch: expected a list of operations");
  }
  if (patch.length > OPERATIONS_LIMIT) {
    throw new StatusError(413, {
      reason: "RequestEntityTooLarge",
      message: `The allowed maximum operations in a JSON patch is ${OPERATIONS_LIMIT}, ` +
        `got ${patch.length}`,
    });
  }
  try {
    let result = cloneJson(object);
    for (const operation of patch) {
      if (testsAbsence(result, operation)) continue;
      const step = operation as unknown as Operation;
      result = jsonPatch.applyOperation(result, step, true).newDocument;
    }
    if (isObject(result)) return result;
  } catch {
    // The real server does not say which operation failed either.
  }
  throw unprocessable();
}

/** The parts of a patch request besides the object it names. */
export interface PatchOptions {
  readonly body: RequestBody;
  readonly force: boolean;
  readonly namesManager: boolean;
}

/**
 * Carries out a PATCH.
 *
 * @throws StatusError; 415 for a media type that the resource does not take.
 */
export function patchObject(
  writes: Writes,
  request: WriteRequest,
  patch: PatchOptions,
): WriteResult {
  const { mediaType } = patch.body;
  const value = parseBody(patch.body);
  if (mediaType === JSON_PATCH) {
    return writes.patch(request, (object) => applyJsonPatch(object, value));
  }
  if (mediaType === MERGE_PATCH) {
    return writes.patch(request, (object) => mergePatch(object, value) as JsonObject);
  }
  if (mediaType === STRATEGIC_MERGE_PATCH && !request.type.custom) {
    return writes.patch(request, (object) => strategicMergePatch(object, value) as JsonObject);
  }
  if (mediaType !== APPLY_PATCH) {
    const accepted = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH];
    if (!request.type.custom) accepted.push(STRATEGIC_MERGE_PATCH);
    throw unsupportedMediaType(accepted);
  }
  if (!patch.namesManager) {
    throw invalid({ group: "meta.k8s.io", plural: "", kind: "PatchOptions" }, {
      name: "",
      errors: [
        requiredValue("fieldManager", "is required for apply patch"),
      ],
    });
  }
  if (!isObject(value)) throw badRequest("error decoding YAML: expected an object");
  return writes.apply(request, value, { force: patch.force });
}
