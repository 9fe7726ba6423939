/**
 * Emptying a bucket: versions, delete markers and unfinished uploads, one batch a call.
 */
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { ProviderError } from "./error.ts";
import { call, type S3 } from "./s3.ts";

/** What one batch did. */
export interface EmptyingBatch {
  /** Versions and delete markers that were deleted. */
  readonly versions: number;
  /** Unfinished uploads that were aborted. */
  readonly uploads: number;
  /** Nothing was left to delete when the batch began. */
  readonly empty: boolean;
}

const BATCH_SIZE = 1000;
/** Uploads have no batch call, so fewer of them fit a batch. */
const UPLOAD_BATCH_SIZE = 100;

/**
 * Deletes up to 1,000 versions and 100 unfinished uploads of a bucket.
 *
 * It keeps no place: what is left is always at the beginning, so it may be called again after
 * a crash, until `empty`.
 *
 * @throws ProviderError, also when the service refuses to delete one of the objects
 */
export async function emptyOneBatch(s3: S3, name: string): Promise<EmptyingBatch> {
  const versions = await deleteVersions(s3, name);
  const uploads = versions === BATCH_SIZE ? 0 : await abortUploads(s3, name);
  return { versions, uploads, empty: versions === 0 && uploads === 0 };
}

async function deleteVersions(s3: S3, name: string): Promise<number> {
  const page = await call(s3, {
    operation: "ListObjectVersions",
    send: (client, options) =>
      client.send(new ListObjectVersionsCommand({ Bucket: name, MaxKeys: BATCH_SIZE }), options),
  });
  const Objects = [...page.Versions ?? [], ...page.DeleteMarkers ?? []]
    .map(({ Key, VersionId }) => ({
      Key: Key!,
      ...(VersionId === undefined ? {} : { VersionId }),
    }));
  if (Objects.length === 0) return 0;
  const answer = await call(s3, {
    operation: "DeleteObjects",
    send: (client, options) =>
      client.send(
        new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }),
        options,
      ),
  });
  const refused = answer.Errors?.[0];
  if (refused === undefined) return Objects.length;
  const count = answer.Errors?.length ?? 0;
  throw new ProviderError(
    `Cannot delete ${count} of ${Objects.length} objects: ${refused.Code ?? "no code"}`,
    {
      kind: refused.Code === "AccessDenied" ? "AccessDenied" : "Invalid",
      operation: "DeleteObjects",
      code: refused.Code ?? "Unknown",
      httpStatus: 200,
    },
  );
}

async function abortUploads(s3: S3, name: string): Promise<number> {
  const page = await call(s3, {
    operation: "ListMultipartUploads",
    send: (client, options) =>
      client.send(
        new ListMultipartUploadsCommand({ Bucket: name, MaxUploads: UPLOAD_BATCH_SIZE }),
        options,
      ),
  });
  const uploads = page.Uploads ?? [];
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
