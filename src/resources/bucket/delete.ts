/**
 * The end of a Bucket, one stage per pass: empty it if asked to, delete it, confirm.
 *
 * Guarantees: nothing is deleted that this object did not create or adopt; the object is
 * released only after the service confirmed that the bucket is gone, or with `Retain`.
 * What is deleted is the name in the status, not the one in a spec that may have been edited.
 */
import { type Bucket, type BucketSpec, bucketSpecSchema } from "../../api/bucket.ts";
import { GROUP } from "../../api/common.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass } from "../../control/reconciler.ts";
import { emptyOneBatch } from "../../wasabi/empty_bucket.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { deleteBucket, lookUpBucket, type S3 } from "../../wasabi/s3.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { parseSpec } from "../spec.ts";
import type { BucketContext } from "./context.ts";
import { reportProblem } from "./report.ts";
import { resolve } from "./resolve.ts";
import { isTakenOver } from "./taken_over.ts";

/** Releases an object without touching the cloud. */
const SKIP_CLEANUP_ANNOTATION = `${GROUP}/skip-provider-cleanup`;

/** Only the safety net: the change of what is waited for wakes the Bucket. */
const WAIT_MS = 60_000;

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
  if (spec.deletionPolicy === "Retain") {
    const note = `Bucket ${name} is retained, as deletionPolicy says`;
    return { kind: "released", notices: [{ type: "Normal", reason: "BucketRetained", note }] };
  }
  const resolved = await resolve(bucket, context, { spec, needsReady: false });
  if (resolved.kind === "blocked") {
    const remedy =
      `restore what is missing, or set spec.deletionPolicy: Retain to keep bucket "${name}"`;
    const report = reportProblem({
      reason: resolved.reason,
      message: `Cannot delete bucket "${name}": ${resolved.message}; ${remedy}`,
      stalled: true,
      ...(resolved.blames === "provider" ? { raises: "ProviderNotReady" } : {}),
    });
    return { kind: "wait", report, ms: WAIT_MS, on: resolved.on };
  }
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
    if (!batch.empty) return emptying(name);
  }
  try {
    await deleteBucket(s3, name);
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "NotEmpty")) throw error;
    return notEmpty(bucket, name, context);
  }
  context.observer.operation("delete", "success");
  const after = await lookUpBucket(s3, name);
  if (after.kind === "absent") return released(name);
  const message = `Waiting for the service to confirm that bucket "${name}" is gone`;
  const report = reportProblem({ reason: "Deleting", message, stalled: false });
  return { kind: "retry", report, error: new Error(message), atLeastMs: 1_000 };
}

/** Created or adopted by this object, or handled by the predecessor for it. */
function isOurs(bucket: Bucket): boolean {
  return bucket.status?.ownership !== undefined || isTakenOver(bucket);
}

function released(name: string): Outcome {
  const note = `Bucket ${name} deleted`;
  return { kind: "released", notices: [{ type: "Normal", reason: "BucketDeleted", note }] };
}

function abandoned(bucket: Bucket): Outcome {
  const name = bucket.status?.bucketName ?? "of unknown name";
  const note =
    `Released without clean-up, as ${SKIP_CLEANUP_ANNOTATION} asks: bucket ${name} may stay behind`;
  return { kind: "released", notices: [{ type: "Warning", reason: "CleanupSkipped", note }] };
}

/** The worker is given back between batches; others may be waiting for it. */
function emptying(name: string): Outcome {
  const message = `Deleting the objects of bucket "${name}"`;
  const report = reportProblem({ reason: "Emptying", message, stalled: false });
  return { kind: "wait", report, ms: 0, on: "next batch" };
}

function notEmpty(bucket: Bucket, name: string, context: BucketContext): Outcome {
  const message =
    `Bucket "${name}" is not empty: delete its objects, versions and unfinished uploads, ` +
    "set spec.forceDelete: true to have them deleted, or spec.deletionPolicy: Retain to keep it";
  const report = reportProblem({ reason: "BucketNotEmpty", message, stalled: true });
  return {
    kind: "stuck",
    report,
    recheckMs: driftIntervalMs(bucket, context.driftIntervalMs),
  };
}
