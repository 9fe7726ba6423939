/**
 * The table of operations: which request means which operation, and who carries it out.
 *
 * A parameter or header that no entry knows is refused, never ignored: a test must not pass
 * because the service did not understand what it was asked.
 */
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from "./buckets.ts";
import {
  deleteBucketTagging,
  getBucketAcl,
  getBucketTagging,
  getBucketVersioning,
  putBucketTagging,
  putBucketVersioning,
} from "./bucket_settings.ts";
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from "./bucket_policy.ts";
import type { Handler } from "./call.ts";
import { documentSettings } from "./document_settings.ts";
import { S3Error } from "./error.ts";
import { listObjects, listObjectsV2, listObjectVersions } from "./listings.ts";
import { getObjectLockConfiguration, putObjectLockConfiguration } from "./object_lock.ts";
import { deleteObject, deleteObjects, getObject, headObject, putObject } from "./objects.ts";
import type { Level, S3Address } from "./request.ts";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  uploadPart,
} from "./uploads.ts";

/** One operation; its name is that of the SDK's command without "Command". */
export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly level: Level;
  /** Query parameters that select it: all of them are there. */
  readonly query?: readonly string[];
  /** Query parameters that it understands besides. */
  readonly options?: readonly string[];
  readonly run: Handler;
}

const LISTING = ["prefix", "delimiter", "max-keys", "encoding-type"];

const OPERATIONS: readonly Operation[] = [
  {
    name: "ListBuckets",
    method: "GET",
    level: "service",
    options: ["prefix", "max-buckets", "continuation-token", "bucket-region"],
    run: listBuckets,
  },

  { name: "CreateBucket", method: "PUT", level: "bucket", run: createBucket },
  { name: "HeadBucket", method: "HEAD", level: "bucket", run: headBucket },
  { name: "DeleteBucket", method: "DELETE", level: "bucket", run: deleteBucket },
  bucketSetting("GetBucketAcl", "GET", "acl", getBucketAcl),
  bucketSetting("GetBucketPolicy", "GET", "policy", getBucketPolicy),
  bucketSetting("PutBucketPolicy", "PUT", "policy", putBucketPolicy),
  bucketSetting("DeleteBucketPolicy", "DELETE", "policy", deleteBucketPolicy),
  bucketSetting("GetObjectLockConfiguration", "GET", "object-lock", getObjectLockConfiguration),
  bucketSetting("PutObjectLockConfiguration", "PUT", "object-lock", putObjectLockConfiguration),
  ...documentSettings().flatMap((setting) => [
    bucketSetting(setting.get, "GET", setting.query, setting.handlers.get),
    bucketSetting(setting.put, "PUT", setting.query, setting.handlers.put),
    ...(setting.delete === undefined
      ? []
      : [bucketSetting(setting.delete, "DELETE", setting.query, setting.handlers.delete)]),
  ]),
  bucketSetting("GetBucketLocation", "GET", "location", getBucketLocation),
  bucketSetting("GetBucketVersioning", "GET", "versioning", getBucketVersioning),
  bucketSetting("PutBucketVersioning", "PUT", "versioning", putBucketVersioning),
  bucketSetting("GetBucketTagging", "GET", "tagging", getBucketTagging),
  bucketSetting("PutBucketTagging", "PUT", "tagging", putBucketTagging),
  bucketSetting("DeleteBucketTagging", "DELETE", "tagging", deleteBucketTagging),

  {
    name: "ListObjects",
    method: "GET",
    level: "bucket",
    options: [...LISTING, "marker"],
    run: listObjects,
  },
  {
    name: "ListObjectsV2",
    method: "GET",
    level: "bucket",
    query: ["list-type"],
    options: [...LISTING, "continuation-token", "start-after", "fetch-owner"],
    run: listObjectsV2,
  },
  {
    name: "ListObjectVersions",
    method: "GET",
    level: "bucket",
    query: ["versions"],
    options: [...LISTING, "key-marker", "version-id-marker"],
    run: listObjectVersions,
  },
  {
    name: "ListMultipartUploads",
    method: "GET",
    level: "bucket",
    query: ["uploads"],
    options: [
      "prefix",
      "delimiter",
      "encoding-type",
      "max-uploads",
      "key-marker",
      "upload-id-marker",
    ],
    run: listMultipartUploads,
  },
  { name: "DeleteObjects", method: "POST", level: "bucket", query: ["delete"], run: deleteObjects },

  { name: "PutObject", method: "PUT", level: "object", run: putObject },
  { name: "GetObject", method: "GET", level: "object", options: ["versionId"], run: getObject },
  { name: "HeadObject", method: "HEAD", level: "object", options: ["versionId"], run: headObject },
  {
    name: "DeleteObject",
    method: "DELETE",
    level: "object",
    options: ["versionId"],
    run: deleteObject,
  },
  {
    name: "CreateMultipartUpload",
    method: "POST",
    level: "object",
    query: ["uploads"],
    run: createMultipartUpload,
  },
  {
    name: "UploadPart",
    method: "PUT",
    level: "object",
    query: ["partNumber", "uploadId"],
    run: uploadPart,
  },
  {
    name: "CompleteMultipartUpload",
    method: "POST",
    level: "object",
    query: ["uploadId"],
    run: completeMultipartUpload,
  },
  {
    name: "AbortMultipartUpload",
    method: "DELETE",
    level: "object",
    query: ["uploadId"],
    run: abortMultipartUpload,
  },
];

/** Headers whose meaning is honoured, or that ask for nothing. */
const KNOWN_HEADERS =
  /^x-amz-(?:date|content-sha256|security-token|checksum-[a-z0-9]+|sdk-checksum-algorithm|user-agent|meta-.+|expected-bucket-owner|storage-class|bucket-object-lock-enabled|object-lock-(?:mode|retain-until-date|legal-hold)|bypass-governance-retention)$/;

function bucketSetting(name: string, method: string, query: string, run: Handler): Operation {
  return { name, method, level: "bucket", query: [query], run };
}

/** The name of an operation that another service would have. */
function nameOfLacking(method: string, query: string): string {
  const known = OPERATIONS.find((operation) =>
    operation.level === "bucket" && operation.method === method &&
    operation.query?.[0] === query
  );
  return known?.name ?? `${method.charAt(0)}${method.slice(1).toLowerCase()} ${query}`;
}

/** What a request asks for: an operation, or the name under which it is refused. */
export type Routing =
  | { readonly kind: "operation"; readonly operation: Operation }
  | { readonly kind: "refused"; readonly name: string; readonly error: S3Error };

/** Finds the operation that a request means. */
export function route(address: S3Address, lacking: ReadonlySet<string>): Routing {
  const names = [...address.query.keys()].filter((name) => !/^(x-id|X-Amz-.+)$/.test(name));
  const refusal = names.find((name) => lacking.has(name));
  if (address.level === "bucket" && refusal !== undefined) {
    const name = nameOfLacking(address.method, refusal);
    return { kind: "refused", name, error: new S3Error("MethodNotAllowed") };
  }
  const fitting = OPERATIONS.filter((candidate) =>
    candidate.method === address.method && candidate.level === address.level &&
    (candidate.query ?? []).every((name) => address.query.has(name))
  ).sort((left, right) => (right.query?.length ?? 0) - (left.query?.length ?? 0));
  const operation = fitting[0];
  if (operation === undefined) return notImplemented(`${address.method} ${address.level}`);

  const known = new Set([...(operation.query ?? []), ...(operation.options ?? [])]);
  const unknown = names.find((name) => !known.has(name)) ?? unknownHeader(address.headers);
  return unknown === undefined
    ? { kind: "operation", operation }
    : notImplemented(`"${unknown}" of ${operation.name}`);
}

function unknownHeader(headers: Headers): string | undefined {
  if (headers.has("range")) return "range";
  return [...headers.keys()].find((name) => name.startsWith("x-amz-") && !KNOWN_HEADERS.test(name));
}

function notImplemented(what: string): Routing {
  const error = new S3Error("NotImplemented", { message: `The sandbox does not support ${what}` });
  return { kind: "refused", name: "Unknown", error };
}
