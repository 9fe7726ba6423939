/** Objects, one at a time and up to a thousand at a time. */
import { arnOf, objectAction } from "./access.ts";
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
import { checkUnlocked, lockHeaders, requestedLock } from "./object_lock.ts";
import type { S3Answer, S3Request } from "./request.ts";
import { buildXml, parseXml } from "./xml.ts";
import type { XmlTree } from "./xml_shape.ts";

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
    ...requestedLock(call, bucket),
    id: call.state.nextId(),
    lastModified: call.state.clock.now(),
  });
  const etag: Record<string, string> = stored.kind === "object" ? { etag: stored.etag } : {};
  return { headers: { ...etag, ...versionHeader(bucket, stored) } };
}

/** GetObject. */
export function getObject(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const version = readableVersion(call, bucket);
  return { headers: answerHeaders(bucket, version), body: version.body };
}

/** HeadObject: GetObject's headers alone. */
export function headObject(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const version = readableVersion(call, bucket);
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
  const results = objects.map((object) => {
    const key = object.text("Key");
    if (key === undefined || key === "") throw new S3Error("MalformedXML");
    return { key, versionId: object.text("VersionId") };
  }).map((target) => removeOneOfMany(call, target));
  const isQuiet = root.text("Quiet") === "true";
  return {
    body: buildXml("DeleteResult", {
      Deleted: isQuiet ? undefined : results.flatMap(({ deleted }) => deleted ?? []),
      Error: results.flatMap(({ error }) => error ?? []),
    }),
  };
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

interface RemovalTarget {
  readonly key: string;
  readonly versionId: string | undefined;
}

interface RemovalResult {
  readonly deleted?: XmlTree;
  readonly error?: XmlTree;
}

/** One line of DeleteObjects' answer: a refusal concerns one object, not the request. */
function removeOneOfMany(call: Call, target: RemovalTarget): RemovalResult {
  const { key, versionId } = target;
  try {
    const action = objectAction("DeleteObject", versionId);
    const isAllowed = call.allows({ action, resource: arnOf(call.request.bucket ?? "", key) });
    if (!isAllowed) throw new S3Error("AccessDenied");
    const result = remove(call, target);
    return {
      deleted: {
        Key: key,
        VersionId: versionId,
        DeleteMarker: result.isMarker ? true : undefined,
        DeleteMarkerVersionId: result.isMarker ? result.versionId : undefined,
      },
    };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const { code, message } = error;
    return { error: { Key: key, VersionId: versionId, Code: code, Message: message } };
  }
}

function remove(call: Call, { key, versionId }: RemovalTarget): Removal {
  const bucket = bucketOf(call);
  if (versionId !== undefined) {
    const versions = bucket.objects.get(key) ?? [];
    checkUnlocked(call, versions.find((version) => version.versionId === versionId));
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

function readableVersion(call: Call, bucket: Bucket): StoredObject {
  const { request } = call;
  const key = checkedKey(request.key);
  const versionId = request.query.get("versionId");
  const versions = bucket.objects.get(key) ?? [];
  const version = versionId === null
    ? versions[0]
    : versions.find((candidate) => candidate.versionId === versionId);
  if (version === undefined) {
    const listing = { action: "s3:ListBucket", resource: arnOf(bucket.name) };
    // Who may not list is not told what is missing.
    if (!call.allows(listing)) throw new S3Error("AccessDenied");
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
    ...lockHeaders(version),
  };
}

function versionHeader(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return bucket.versioning === undefined ? {} : { "x-amz-version-id": version.versionId };
}
