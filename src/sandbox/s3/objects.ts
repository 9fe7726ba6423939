/** Objects, one at a time and up to a thousand at a time. */
import {
  type Bucket,
  NULL_VERSION,
  type ObjectVersion,
  putVersion,
  removeVersion,
  type StoredObject,
} from "./bucket.ts";
import { bucketOf, type Call } from "./call.ts";
import { S3Error } from "./error.ts";
import type { S3Answer, S3Request } from "./request.ts";
import { buildXml, parseXml } from "./xml.ts";

const MAX_KEY_BYTES = 1_024;
const MAX_DELETED_AT_ONCE = 1_000;

/** PutObject. */
export function putObject(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const stored = putVersion(bucket, {
    kind: "object",
    key: checkedKey(call.request.key),
    body: call.request.body,
    headers: objectHeaders(call.request),
    id: call.state.nextId(),
    lastModified: call.state.clock.now(),
  });
  const etag: Record<string, string> = stored.kind === "object" ? { etag: stored.etag } : {};
  return { headers: { ...etag, ...versionHeader(bucket, stored) } };
}

/** GetObject. */
export function getObject(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const version = readableVersion(bucket, call.request);
  return { headers: answerHeaders(bucket, version), body: version.body };
}

/** HeadObject: GetObject's headers alone. */
export function headObject(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const version = readableVersion(bucket, call.request);
  const length = String(version.body.length);
  return { headers: { ...answerHeaders(bucket, version), "content-length": length } };
}

/** DeleteObject: never complains about what is not there. */
export function deleteObject(call: Call): S3Answer {
  const versionId = call.request.query.get("versionId") ?? undefined;
  const result = remove(call, { key: checkedKey(call.request.key), versionId });
  return {
    status: 204,
    headers: {
      ...(result.versionId !== undefined && { "x-amz-version-id": result.versionId }),
      ...(result.isMarker && { "x-amz-delete-marker": "true" }),
    },
  };
}

/** DeleteObjects. */
export function deleteObjects(call: Call): S3Answer {
  bucketOf(call);
  const { headers, body } = call.request;
  const hasDigest = headers.has("content-md5") ||
    [...headers.keys()].some((name) => name.startsWith("x-amz-checksum-"));
  if (!hasDigest) {
    throw new S3Error("InvalidRequest", { message: "Missing required header: Content-MD5" });
  }
  const root = parseXml(body, "Delete");
  const objects = root.elements("Object");
  if (objects.length === 0 || objects.length > MAX_DELETED_AT_ONCE) {
    throw new S3Error("MalformedXML");
  }
  const deleted = objects.map((object) => {
    const key = object.text("Key");
    if (key === undefined || key === "") throw new S3Error("MalformedXML");
    return { key, versionId: object.text("VersionId") };
  }).map((target) => {
    const result = remove(call, target);
    return {
      Key: target.key,
      VersionId: target.versionId,
      DeleteMarker: result.isMarker ? true : undefined,
      DeleteMarkerVersionId: result.isMarker ? result.versionId : undefined,
    };
  });
  const isQuiet = root.text("Quiet") === "true";
  return { body: buildXml("DeleteResult", isQuiet ? {} : { Deleted: deleted }) };
}

/** The headers that are stored with an object. */
export function objectHeaders(request: S3Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...request.headers].filter(([name]) =>
      name === "content-type" || name.startsWith("x-amz-meta-")
    ),
  );
}

/** @throws {S3Error} KeyTooLongError */
export function checkedKey(key = ""): string {
  if (new TextEncoder().encode(key).length > MAX_KEY_BYTES) throw new S3Error("KeyTooLongError");
  return key;
}

interface Removal {
  readonly versionId: string | undefined;
  /** A marker was made, or the removed version was one. */
  readonly isMarker: boolean;
}

function remove(
  call: Call,
  { key, versionId }: { readonly key: string; readonly versionId: string | undefined },
): Removal {
  const bucket = bucketOf(call);
  if (versionId !== undefined) {
    const removed = removeVersion(bucket, { key, versionId });
    return { versionId, isMarker: removed?.kind === "marker" };
  }
  if (bucket.versioning === undefined) {
    removeVersion(bucket, { key, versionId: NULL_VERSION });
    return { versionId: undefined, isMarker: false };
  }
  const marker = putVersion(bucket, {
    kind: "marker",
    key,
    id: call.state.nextId(),
    lastModified: call.state.clock.now(),
  });
  return { versionId: marker.versionId, isMarker: true };
}

function readableVersion(bucket: Bucket, request: S3Request): StoredObject {
  const key = checkedKey(request.key);
  const versionId = request.query.get("versionId");
  const versions = bucket.objects.get(key) ?? [];
  const version = versionId === null
    ? versions[0]
    : versions.find((candidate) => candidate.versionId === versionId);
  if (version === undefined) {
    throw new S3Error(versionId === null ? "NoSuchKey" : "NoSuchVersion", { fields: { Key: key } });
  }
  if (version.kind === "object") return version;
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
  throw new S3Error(versionId === null ? "NoSuchKey" : "MethodNotAllowed", { headers });
}

function answerHeaders(bucket: Bucket, version: StoredObject): Record<string, string> {
  return {
    "content-type": "binary/octet-stream",
    ...version.headers,
    etag: version.etag,
    "last-modified": new Date(version.lastModified).toUTCString(),
    ...versionHeader(bucket, version),
  };
}

function versionHeader(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return bucket.versioning === undefined ? {} : { "x-amz-version-id": version.versionId };
}
