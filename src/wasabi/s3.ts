/**
 * The S3 operations that the operator uses, one typed function each.
 *
 * Every function throws ProviderError, unless its docstring says what an error code means.
 */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { hostOf } from "./endpoint.ts";
import { ProviderError, strangeAnswer } from "./error.ts";
import type { Session } from "./session.ts";

/** A session and the limit of the pass that uses it. */
export interface S3 {
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** What is known about the existence of a bucket. */
export type BucketPresence =
  | { readonly kind: "present"; readonly region: string | undefined }
  | { readonly kind: "absent" }
  /** It exists, and another endpoint serves it. */
  | { readonly kind: "elsewhere"; readonly region: string | undefined }
  /** It exists, and the key may not look at it. */
  | { readonly kind: "forbidden" };

/** Lists at most one bucket: the cheapest call that proves a key. */
export async function listBuckets(s3: S3): Promise<void> {
  const operation = "ListBuckets";
  const answer = await call(s3, {
    operation,
    send: (client, options) => client.send(new ListBucketsCommand({ MaxBuckets: 1 }), options),
  });
  // Any page of any web server is a list without buckets to the SDK.
  if (answer.Buckets !== undefined || answer.Owner !== undefined) return;
  throw strangeAnswer(operation, { host: hostOf(s3.session.endpoint), httpStatus: 200 });
}

/**
 * Looks a bucket up. Only 404 means absent: reading any error as absent leads to the creation
 * of buckets that exist (seed-spec A10).
 *
 * A HEAD answer has no body, so a 403 or 400 is asked about once more by a call whose answer
 * says why.
 */
export async function lookUpBucket(s3: S3, name: string): Promise<BucketPresence> {
  try {
    const answer = await call(s3, {
      operation: "HeadBucket",
      send: (client, options) => client.send(new HeadBucketCommand({ Bucket: name }), options),
    });
    return inRegion(s3, answer.BucketRegion);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.httpStatus === 404) return { kind: "absent" };
    if (error.kind === "WrongRegion") return { kind: "elsewhere", region: error.region };
    if (error.httpStatus !== 403 && error.httpStatus !== 400) throw error;
    return await lookUpByLocation(s3, name);
  }
}

async function lookUpByLocation(s3: S3, name: string): Promise<BucketPresence> {
  try {
    const answer = await call(s3, {
      operation: "GetBucketLocation",
      send: (client, options) =>
        client.send(new GetBucketLocationCommand({ Bucket: name }), options),
    });
    return inRegion(s3, answer.LocationConstraint ?? "us-east-1");
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === "NotFound") return { kind: "absent" };
    if (error.kind === "WrongRegion") return { kind: "elsewhere", region: error.region };
    if (error.kind === "AccessDenied") return { kind: "forbidden" };
    throw error;
  }
}

function inRegion(s3: S3, region: string | undefined): BucketPresence {
  const here = region === undefined || region === s3.session.region;
  return here ? { kind: "present", region } : { kind: "elsewhere", region };
}

/** True when a bucket has at least one object; older versions and delete markers do not count. */
export async function hasObjects(s3: S3, name: string): Promise<boolean> {
  const page = await call(s3, {
    operation: "ListObjectsV2",
    send: (client, options) =>
      client.send(new ListObjectsV2Command({ Bucket: name, MaxKeys: 1 }), options),
  });
  return (page.Contents ?? []).length > 0;
}

/**
 * Creates a bucket in the session's region. The SDK adds the LocationConstraint, and none for
 * us-east-1 (wasabi §7.2).
 */
export async function createBucket(
  s3: S3,
  name: string,
  { objectLock = false }: {
    /** Objects can be locked, and versioning is on for good. @default {false} */
    readonly objectLock?: boolean;
  } = {},
): Promise<void> {
  const ObjectLockEnabledForBucket = objectLock ? { ObjectLockEnabledForBucket: true } : {};
  await call(s3, {
    operation: "CreateBucket",
    repeatable: false,
    send: (client, options) =>
      client.send(
        new CreateBucketCommand({ Bucket: name, ...ObjectLockEnabledForBucket }),
        options,
      ),
  });
}

/** Deletes an empty bucket; one that is gone already is no error. */
export async function deleteBucket(s3: S3, name: string): Promise<void> {
  await ignoreNotFound(
    call(s3, {
      operation: "DeleteBucket",
      send: (client, options) => client.send(new DeleteBucketCommand({ Bucket: name }), options),
    }),
  );
}

/** Versioning as the service has it; undefined when it was never switched on. */
export async function getVersioning(
  s3: S3,
  name: string,
): Promise<"Enabled" | "Suspended" | undefined> {
  const answer = await call(s3, {
    operation: "GetBucketVersioning",
    send: (client, options) =>
      client.send(new GetBucketVersioningCommand({ Bucket: name }), options),
  });
  return answer.Status;
}

/** Sets versioning. MFADelete is never sent: it cannot work with an access key alone. */
export async function putVersioning(
  s3: S3,
  name: string,
  { status }: { readonly status: "Enabled" | "Suspended" },
): Promise<void> {
  await call(s3, {
    operation: "PutBucketVersioning",
    send: (client, options) =>
      client.send(
        new PutBucketVersioningCommand({
          Bucket: name,
          VersioningConfiguration: { Status: status },
        }),
        options,
      ),
  });
}

/** Tags of a bucket; empty when it has none. */
export async function getTags(s3: S3, name: string): Promise<Readonly<Record<string, string>>> {
  try {
    const answer = await call(s3, {
      operation: "GetBucketTagging",
      send: (client, options) =>
        client.send(new GetBucketTaggingCommand({ Bucket: name }), options),
    });
    return Object.fromEntries((answer.TagSet ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
  } catch (error) {
    const none = error instanceof ProviderError && error.code === "NoSuchTagSet";
    if (none) return {};
    throw error;
  }
}

/** Replaces all tags of a bucket; an empty set removes them. */
export async function putTags(
  s3: S3,
  name: string,
  { tags }: { readonly tags: Readonly<Record<string, string>> },
): Promise<void> {
  const entries = Object.entries(tags);
  if (entries.length === 0) {
    await call(s3, {
      operation: "DeleteBucketTagging",
      send: (client, options) =>
        client.send(new DeleteBucketTaggingCommand({ Bucket: name }), options),
    });
    return;
  }
  const TagSet = entries.map(([Key, Value]) => ({ Key, Value }));
  await call(s3, {
    operation: "PutBucketTagging",
    send: (client, options) =>
      client.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }), options),
  });
}

/** One operation of the SDK. */
export interface S3Call<T> {
  /** Name of the operation, as S3 has it. */
  readonly operation: string;
  /** False for a call whose repetition would mean something else. @default {true} */
  readonly repeatable?: boolean;
  readonly send: (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<T>;
}

/** Sends one operation through the session's budget and retries; it ends with the pass. */
export function call<T>(s3: S3, { operation, repeatable = true, send }: S3Call<T>): Promise<T> {
  const { session, signal } = s3;
  const options = { abortSignal: signal };
  const client = repeatable ? session.client : session.clientForOnce;
  return session.call({ operation, signal, repeatable }, () => send(client, options));
}

async function ignoreNotFound(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "NotFound")) throw error;
  }
}
