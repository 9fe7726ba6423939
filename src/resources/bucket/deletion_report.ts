/**
 * What a Bucket that is being deleted says, and when it is looked at again.
 */
import type { Bucket } from "../../api/bucket.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { BucketContents, EmptyingBatch, LockedObjects } from "../../wasabi/empty_bucket.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import type { BucketContext } from "./context.ts";
import type { BucketReason } from "./reasons.ts";
import { reportProblem } from "./report.ts";
import type { Resolved } from "./resolve.ts";

/** Only the safety net: the change of what is waited for wakes the Bucket. */
const WAIT_MS = 60_000;
const CONFIRM_MS = 1_000;

interface Place {
  readonly name: string;
  readonly context: BucketContext;
}

/** The worker is given back between batches; others may be waiting for it. */
export function emptying(
  bucket: Bucket,
  batch: Extract<EmptyingBatch, { kind: "progress" }>,
  { name, context }: Place,
): Outcome {
  const before = bucket.status?.deletion;
  const deletion = {
    startedAt: before?.startedAt ?? new Date(context.clock.now()).toISOString(),
    versionsDeleted: (before?.versionsDeleted ?? 0) + batch.versions,
    uploadsAborted: (before?.uploadsAborted ?? 0) + batch.uploads,
  };
  const report = reportProblem({
    reason: "Emptying",
    message: `Deleting the objects of bucket "${name}": status.deletion shows how far it has come`,
    stalled: false,
    found: { deletion },
  });
  return { kind: "wait", report, ms: 0, on: "next batch" };
}

/** Something came into the bucket after the last batch. */
export function refilled(name: string): Outcome {
  const message = `Bucket "${name}" is written to while it is emptied: it is emptied again`;
  const report = reportProblem({ reason: "Emptying", message, stalled: false });
  return { kind: "retry", report, error: new Error(message), atLeastMs: CONFIRM_MS };
}

/** All that is left is locked; time, or a person with the right, must unlock it. */
export function locked(
  bucket: Bucket,
  left: LockedObjects,
  { name, context }: Place,
): Outcome {
  const count = left.more ? `at least ${left.versions}` : `${left.versions}`;
  const until = left.until === undefined
    ? "the first by a legal hold"
    : `the first until ${left.until}`;
  const message =
    `Bucket "${name}" cannot be emptied: object lock holds ${count} of its versions, ${until}: ` +
    "wait for that, release them, or set spec.deletionPolicy: Retain to keep the bucket";
  return stuck(bucket, { reason: "ObjectsLocked", message }, context);
}

/** There is something in the bucket, and nobody said that it may be deleted. */
export function notEmpty(
  bucket: Bucket,
  contents: BucketContents,
  { name, context }: Place,
): Outcome {
  const { versions, deleteMarkers, uploads, more } = contents;
  const message = `Bucket "${name}" is not empty: it holds ${more ? "at least " : ""}` +
    `${versions} objects and versions, ${deleteMarkers} delete markers and ` +
    `${uploads} unfinished uploads; delete them, set spec.forceDelete: true to have them ` +
    "deleted, or spec.deletionPolicy: Retain to keep the bucket";
  return stuck(bucket, { reason: "BucketNotEmpty", message }, context);
}

/** The object stays until the protection is taken away. */
export function protectedFromDeletion(
  bucket: Bucket,
  name: string,
  context: BucketContext,
): Outcome {
  const message = `spec.deletionProtection keeps bucket "${name}": set it to false to have the ` +
    "bucket deleted, or set spec.deletionPolicy: Retain to keep it";
  return stuck(bucket, { reason: "DeletionProtected", message }, context);
}

/** The service that has the bucket cannot be spoken to. */
export function unreachable(
  name: string,
  problem: Extract<Resolved, { kind: "blocked" }>,
): Outcome {
  const remedy =
    `restore what is missing, or set spec.deletionPolicy: Retain to keep bucket "${name}"`;
  const report = reportProblem({
    reason: problem.reason,
    message: `Cannot delete bucket "${name}": ${problem.message}; ${remedy}`,
    stalled: true,
    ...(problem.blames === "provider" ? { raises: "ProviderNotReady" } : {}),
  });
  return { kind: "wait", report, ms: WAIT_MS, on: problem.on };
}

/** The service has accepted the deletion and still shows the bucket. */
export function confirming(name: string): Outcome {
  const message = `Waiting for the service to confirm that bucket "${name}" is gone`;
  const report = reportProblem({ reason: "Deleting", message, stalled: false });
  return { kind: "retry", report, error: new Error(message), atLeastMs: CONFIRM_MS };
}

function stuck(
  bucket: Bucket,
  problem: { readonly reason: BucketReason; readonly message: string },
  context: BucketContext,
): Outcome {
  const report = reportProblem({ ...problem, stalled: true });
  return { kind: "stuck", report, recheckMs: driftIntervalMs(bucket, context.driftIntervalMs) };
}
