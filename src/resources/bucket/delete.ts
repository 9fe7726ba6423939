/**
 * The end of a Bucket, one stage per pass: empty it if asked to, delete it, confirm.
 *
 * Guarantees: nothing is deleted that this object did not create or adopt; the object is
 * released only after the service confirmed that the bucket is gone, or when it is to stay.
 * What is deleted is the name in the status, not the one in a spec that may have been edited.
 */
import { type Bucket, type BucketSpec, bucketSpecSchema } from "../../api/bucket.ts";
import { GROUP } from "../../api/common.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass } from "../../control/reconciler.ts";
import { countContents, emptyOneBatch } from "../../wasabi/empty_bucket.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { deleteBucket, lookUpBucket, type S3 } from "../../wasabi/s3.ts";
import { parseSpec } from "../spec.ts";
import type { BucketContext } from "./context.ts";
import {
  confirming,
  emptying,
  locked,
  notEmpty,
  protectedFromDeletion,
  refilled,
  unreachable,
} from "./deletion_report.ts";
import { resolve } from "./resolve.ts";
import { isTakenOver } from "./taken_over.ts";

/** Releases an object without touching the cloud. */
const SKIP_CLEANUP_ANNOTATION = `${GROUP}/skip-provider-cleanup`;

/** Decides and does the next stage of the deletion. */
export async function finalizeBucket(
  bucket: Bucket,
  pass: Pass,
  context: BucketContext,
): Promise<Outcome> {
  if (bucket.metadata.annotations?.[SKIP_CLEANUP_ANNOTATION] === "true") return abandoned(bucket);
  const spec = parseSpec(bucketSpecSchema, bucket);
  const name = bucket.status?.bucketName ?? spec.name;
  if (!isOurs(bucket)) return { kind: "released" };
  const keeper = keeperOf(spec);
  if (keeper !== undefined) return retained(name, keeper);
  if (spec.deletionProtection) return protectedFromDeletion(bucket, name, context);
  const resolved = await resolve(bucket, context, { spec, needsReady: false });
  if (resolved.kind === "blocked") return unreachable(name, resolved);
  resolved.session.admit();
  const s3: S3 = { session: resolved.session, signal: pass.signal };
  return await deleteInCloud(bucket, { s3, name, spec, context });
}

async function deleteInCloud(
  bucket: Bucket,
  task: {
    readonly s3: S3;
    readonly name: string;
    readonly spec: BucketSpec;
    readonly context: BucketContext;
  },
): Promise<Outcome> {
  const { s3, name, spec, context } = task;
  const presence = await lookUpBucket(s3, name);
  if (presence.kind === "absent") return released(name);
  if (spec.forceDelete) {
    const batch = await emptyOneBatch(s3, name);
    if (batch.kind === "progress") return emptying(bucket, batch, { name, context });
    if (batch.kind === "locked") return locked(bucket, batch, { name, context });
  }
  try {
    await deleteBucket(s3, name);
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "NotEmpty")) throw error;
    if (spec.forceDelete) return refilled(name);
    return notEmpty(bucket, await countContents(s3, name), { name, context });
  }
  context.observer.operation("delete", "success");
  const after = await lookUpBucket(s3, name);
  return after.kind === "absent" ? released(name) : confirming(name);
}

/** Created or adopted by this object, or handled by the predecessor for it. */
function isOurs(bucket: Bucket): boolean {
  return bucket.status?.ownership !== undefined || isTakenOver(bucket);
}

/** The field that keeps the bucket, if one does. */
function keeperOf(spec: BucketSpec): string | undefined {
  if (spec.deletionPolicy === "Retain") return "spec.deletionPolicy: Retain";
  return spec.drift?.mode === "Detect" ? "spec.drift.mode: Detect" : undefined;
}

function retained(name: string, keeper: string): Outcome {
  const note = `Bucket ${name} is retained, as ${keeper} says`;
  return { kind: "released", notices: [{ type: "Normal", reason: "BucketRetained", note }] };
}

function released(name: string): Outcome {
  const note = `Bucket ${name} deleted`;
  return { kind: "released", notices: [{ type: "Normal", reason: "BucketDeleted", note }] };
}

function abandoned({ status }: Bucket): Outcome {
  const name = status?.bucketName ?? "of unknown name";
  const place = status?.endpoint === undefined ? "" : ` at ${status.endpoint}`;
  const note =
    `Released without clean-up, as ${SKIP_CLEANUP_ANNOTATION} asks: bucket ${name}${place} may stay behind with all its objects`;
  return { kind: "released", notices: [{ type: "Warning", reason: "CleanupSkipped", note }] };
}
