/**
 * Emptying a bucket: versions, delete markers and unfinished uploads, one batch a call.
 */
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type MultipartUpload,
  type ObjectIdentifier,
} from "@aws-sdk/client-s3";
import { ProviderError } from "./error.ts";
import { call, type S3 } from "./s3.ts";

/** What one batch did. */
export type EmptyingBatch =
  /** Something was deleted; there may be more. */
  | {
    readonly kind: "progress";
    /** Versions and delete markers that were deleted. */
    readonly versions: number;
    /** Unfinished uploads that were aborted. */
    readonly uploads: number;
  }
  /** Nothing was left. */
  | { readonly kind: "empty" }
  /** All that is left is locked. */
  | ({ readonly kind: "locked" } & LockedObjects);

/** What keeps objects from being deleted. */
export interface LockedObjects {
  readonly versions: number;
  /** There may be more than were counted. */
  readonly more: boolean;
  /** End of the first one's retention, as ISO time; undefined with a legal hold alone. */
  readonly until: string | undefined;
}

/** What a bucket holds, counted up to 1,000 of each. */
export interface BucketContents {
  readonly versions: number;
  readonly deleteMarkers: number;
  readonly uploads: number;
  /** There is more than was counted. */
  readonly more: boolean;
}

const BATCH_SIZE = 1000;
/** Uploads have no batch call, so fewer of them fit a batch. */
const UPLOAD_BATCH_SIZE = 100;
/** Pages of nothing but locked versions that one call looks through. */
const MAX_LOCKED_PAGES = 50;

/**
 * Deletes up to 1,000 versions and 100 unfinished uploads of a bucket.
 *
 * It keeps no place: what is left is at the beginning, apart from what is locked, so it may be
 * called again after a crash, until `empty` or `locked`.
 *
 * @throws ProviderError, also when the service refuses an object for another reason than a lock
 */
export async function emptyOneBatch(s3: S3, name: string): Promise<EmptyingBatch> {
  const { deleted, refused, more } = await deleteVersions(s3, name);
  const uploads = deleted === BATCH_SIZE ? 0 : await abortUploads(s3, name);
  if (deleted + uploads > 0) return { kind: "progress", versions: deleted, uploads };
  const [first] = refused;
  if (first === undefined) return { kind: "empty" };
  const until = await lockOf(s3, name, { refused: first, count: refused.length });
  return { kind: "locked", versions: refused.length, more, until };
}

/** Counts what a bucket holds, for a message: two calls. */
export async function countContents(s3: S3, name: string): Promise<BucketContents> {
  const page = await listVersions(s3, name, {});
  const uploads = await listUploads(s3, name, { limit: BATCH_SIZE });
  return {
    versions: page.Versions?.length ?? 0,
    deleteMarkers: page.DeleteMarkers?.length ?? 0,
    uploads: uploads.length,
    more: page.IsTruncated === true || uploads.length === BATCH_SIZE,
  };
}

interface RefusedVersion {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly Code?: string | undefined;
}

interface DeletedVersions {
  readonly deleted: number;
  readonly refused: readonly RefusedVersion[];
  readonly more: boolean;
}

/** Goes on past pages on which every version is refused: they would stay in front for ever. */
async function deleteVersions(s3: S3, name: string): Promise<DeletedVersions> {
  const refused: RefusedVersion[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let page = 0; page < MAX_LOCKED_PAGES; page++) {
    // deno-lint-ignore no-await-in-loop
    const answer = await listVersions(s3, name, markers);
    const versions = [...answer.Versions ?? [], ...answer.DeleteMarkers ?? []];
    // deno-lint-ignore no-await-in-loop
    const errors = versions.length === 0 ? [] : await deletePage(s3, name, versions);
    refused.push(...errors);
    const deleted = versions.length - errors.length;
    const last = answer.IsTruncated !== true;
    if (deleted > 0 || last) return { deleted, refused, more: false };
    markers = {
      ...(answer.NextKeyMarker === undefined ? {} : { KeyMarker: answer.NextKeyMarker }),
      ...(answer.NextVersionIdMarker === undefined
        ? {}
        : { VersionIdMarker: answer.NextVersionIdMarker }),
    };
  }
  return { deleted: 0, refused, more: true };
}

function listVersions(
  s3: S3,
  name: string,
  markers: { readonly KeyMarker?: string; readonly VersionIdMarker?: string },
): Promise<ListObjectVersionsCommandOutput> {
  return call(s3, {
    operation: "ListObjectVersions",
    send: (client, options) =>
      client.send(
        new ListObjectVersionsCommand({ Bucket: name, MaxKeys: BATCH_SIZE, ...markers }),
        options,
      ),
  });
}

/** Deletes the versions of one page, and returns those that the service refused to delete. */
async function deletePage(
  s3: S3,
  name: string,
  versions: readonly {
    readonly Key?: string | undefined;
    readonly VersionId?: string | undefined;
  }[],
): Promise<readonly RefusedVersion[]> {
  const Objects = versions.map(({ Key, VersionId }): ObjectIdentifier => ({
    Key: Key!,
    ...(VersionId === undefined ? {} : { VersionId }),
  }));
  const answer = await call(s3, {
    operation: "DeleteObjects",
    send: (client, options) =>
      client.send(
        new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }),
        options,
      ),
  });
  return answer.Errors ?? [];
}

/**
 * When the first refused version may be deleted; undefined with a legal hold alone.
 *
 * A refusal names no reason that all services share, so the version itself is asked.
 *
 * @throws ProviderError of the refusal when the version is not locked
 */
async function lockOf(
  s3: S3,
  name: string,
  { refused, count }: { readonly refused: RefusedVersion; readonly count: number },
): Promise<string | undefined> {
  const { Key = "", VersionId } = refused;
  const version = VersionId === undefined ? {} : { VersionId };
  const answer = await call(s3, {
    operation: "HeadObject",
    send: (client, options) =>
      client.send(new HeadObjectCommand({ Bucket: name, Key, ...version }), options),
  });
  if (answer.ObjectLockRetainUntilDate !== undefined) {
    return answer.ObjectLockRetainUntilDate.toISOString();
  }
  if (answer.ObjectLockLegalHoldStatus === "ON") return undefined;
  const code = refused.Code ?? "Unknown";
  throw new ProviderError(`Cannot delete ${count} objects: ${code}`, {
    kind: code === "AccessDenied" ? "AccessDenied" : "Invalid",
    operation: "DeleteObjects",
    code,
    httpStatus: 200,
  });
}

async function listUploads(
  s3: S3,
  name: string,
  { limit }: { readonly limit: number },
): Promise<readonly MultipartUpload[]> {
  const page = await call(s3, {
    operation: "ListMultipartUploads",
    send: (client, options) =>
      client.send(new ListMultipartUploadsCommand({ Bucket: name, MaxUploads: limit }), options),
  });
  return page.Uploads ?? [];
}

async function abortUploads(s3: S3, name: string): Promise<number> {
  const uploads = await listUploads(s3, name, { limit: UPLOAD_BATCH_SIZE });
  await Promise.all(
    uploads.map(({ Key, UploadId }) =>
      call(s3, {
        operation: "AbortMultipartUpload",
        send: (client, options) =>
          client.send(new AbortMultipartUploadCommand({ Bucket: name, Key, UploadId }), options),
      })
    ),
  );
  return uploads.length;
}
