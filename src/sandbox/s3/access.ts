/** Whether the sender of a request may do what it asks for. */
import type { RequestContext } from "../policy/context.ts";
import { judge } from "../policy/evaluate.ts";
import type { Principal } from "../policy/principal.ts";
import { S3Error } from "./error.ts";
import type { AccessKey } from "./keys.ts";
import type { S3Request } from "./request.ts";
import type { S3State } from "./state.ts";

/** Stands for the key of a request without a signature. */
export const ANONYMOUS: AccessKey = {
  accountId: "anonymous",
  accessKeyId: "",
  secretAccessKey: "",
  status: "Active",
};

/** What {@link isAllowed} needs to know of a request. */
export interface AccessFacts {
  readonly state: S3State;
  readonly request: S3Request;
  readonly key: AccessKey;
}

/** Something to be done: an action of policies, and the ARN it is done to. */
export interface AccessRequest {
  /** Such as s3:GetObject. */
  readonly action: string;
  readonly resource: string;
}

/**
 * Actions of operations that are called otherwise; DeleteObjects asks for each object.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const ACTIONS: ReadonlyMap<string, string | undefined> = new Map([
  ["ListBuckets", "ListAllMyBuckets"],
  ["HeadBucket", "ListBucket"],
  ["ListObjects", "ListBucket"],
  ["ListObjectsV2", "ListBucket"],
  ["ListObjectVersions", "ListBucketVersions"],
  ["ListMultipartUploads", "ListBucketMultipartUploads"],
  ["HeadObject", "GetObject"],
  ["CreateMultipartUpload", "PutObject"],
  ["UploadPart", "PutObject"],
  ["CompleteMultipartUpload", "PutObject"],
  ["DeleteObjects", undefined],
  ["DeleteBucketTagging", "PutBucketTagging"],
  ["GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"],
  ["PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"],
  ["DeleteBucketLifecycle", "PutLifecycleConfiguration"],
  ["GetBucketCors", "GetBucketCORS"],
  ["PutBucketCors", "PutBucketCORS"],
  ["DeleteBucketCors", "PutBucketCORS"],
  ["GetBucketEncryption", "GetEncryptionConfiguration"],
  ["PutBucketEncryption", "PutEncryptionConfiguration"],
  ["DeleteBucketEncryption", "PutEncryptionConfiguration"],
  ["GetPublicAccessBlock", "GetBucketPublicAccessBlock"],
  ["PutPublicAccessBlock", "PutBucketPublicAccessBlock"],
  ["DeletePublicAccessBlock", "PutBucketPublicAccessBlock"],
  ["DeleteBucketOwnershipControls", "PutBucketOwnershipControls"],
  ["GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"],
  ["PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
  ["GetBucketReplication", "GetReplicationConfiguration"],
  ["PutBucketReplication", "PutReplicationConfiguration"],
  ["DeleteBucketReplication", "PutReplicationConfiguration"],
]);

/** ARN of a bucket, or of an object in it. */
export function arnOf(bucket: string, key?: string): string {
  return `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
}

/** Action on an object, which is another one where a version is named. */
export function objectAction(name: "GetObject" | "DeleteObject", versionId: unknown): string {
  return `s3:${name}${versionId === undefined || versionId === null ? "" : "Version"}`;
}

/** @throws {S3Error} AccessDenied where the sender may not use the operation. */
export function authorize(facts: AccessFacts, operation: string): void {
  const { request, state } = facts;
  const action = ACTIONS.has(operation) ? ACTIONS.get(operation) : operation;
  if (action === undefined) return;
  // What is not there is told to everybody.
  const isAboutBucket = request.bucket !== undefined && operation !== "CreateBucket";
  if (isAboutBucket && !state.buckets.has(request.bucket)) return;
  const versionId = request.query.get("versionId");
  const isObject = action === "GetObject" || action === "DeleteObject";
  const asked = {
    action: isObject ? objectAction(action, versionId) : `s3:${action}`,
    resource: request.bucket === undefined ? "*" : arnOf(request.bucket, request.key),
  };
  if (!isAllowed(facts, asked)) throw new S3Error("AccessDenied");
}

/** Whether the sender may do it; the named bucket's policy speaks too, unless it is to be made. */
export function isAllowed(facts: AccessFacts, { action, resource }: AccessRequest): boolean {
  const { state, request, key } = facts;
  const { principal, policies } = key === ANONYMOUS
    ? { principal: { kind: "anonymous" } satisfies Principal, policies: [] }
    : state.directory.identityOf(key);
  const bucket = action === "s3:CreateBucket" ? undefined : state.buckets.get(request.bucket ?? "");
  const verdict = judge({
    principal,
    action,
    resource,
    ownerId: bucket?.accountId ?? key.accountId,
    identityPolicies: policies,
    bucketPolicy: bucket?.policy?.document,
    context: contextOf(facts),
  });
  return verdict === "allowed";
}

function contextOf({ state, request }: AccessFacts): RequestContext {
  const { query, headers } = request;
  return {
    now: state.clock.now(),
    // The service listens on the loopback interface, without TLS.
    sourceIp: "127.0.0.1",
    isSecureTransport: false,
    userAgent: headers.get("user-agent") ?? undefined,
    referer: headers.get("referer") ?? undefined,
    prefix: query.get("prefix") ?? undefined,
    delimiter: query.get("delimiter") ?? undefined,
    maxKeys: query.get("max-keys") ?? undefined,
    versionId: query.get("versionId") ?? undefined,
  };
}
