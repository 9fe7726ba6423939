/**
 * The end of a BucketPolicy: its statements leave the bucket, those of all others stay.
 *
 * Guarantees: only what this object is known to have written is removed; the object is released
 * after the service confirmed that, or when the Bucket is gone or its bucket is none of ours.
 */
import type { BucketPolicy } from "../../api/bucket_policy.ts";
import { GROUP } from "../../api/common.ts";
import { keyOf, type ObjectKey } from "../../api/key.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass } from "../../control/reconciler.ts";
import { getBucketPolicy } from "../../wasabi/bucket_policy.ts";
import { ProviderError } from "../../wasabi/error.ts";
import type { S3 } from "../../wasabi/s3.ts";
import { applyPolicy } from "./apply.ts";
import type { BucketPolicyContext } from "./context.ts";
import { observePlace, othersOf, recordedByOthers } from "./observe.ts";
import { planPolicy } from "./plan.ts";
import { reportProblem } from "./report.ts";
import { bucketKeyOf, formerBucketOf, isUndecided, ownsBucket, resolveSession } from "./resolve.ts";
import { isUnproven } from "./taken_over.ts";
import { waitForTurn } from "./turns.ts";
import { inheritedOf, recordedOf } from "./wanted.ts";

/** Releases an object without touching the cloud. */
const SKIP_CLEANUP_ANNOTATION = `${GROUP}/skip-provider-cleanup`;

/** Only the safety net: the change of what is waited for wakes the object. */
const WAIT_MS = 60_000;
const CONFIRM_MS = 1_000;

/** Takes the object's statements off the bucket, whether the grant still holds or not. */
export async function finalizeBucketPolicy(
  policy: BucketPolicy,
  pass: Pass,
  context: BucketPolicyContext,
): Promise<Outcome> {
  if (policy.metadata.annotations?.[SKIP_CLEANUP_ANNOTATION] === "true") {
    return released(`Released without clean-up, as ${SKIP_CLEANUP_ANNOTATION} asks`);
  }
  const hasNothing = (policy.status?.appliedStatements ?? []).length === 0;
  if (hasNothing && !isUnproven(policy)) return { kind: "released" };
  const key = bucketKeyOf(policy);
  const bucket = key === undefined ? undefined : context.bucket(key);
  if (bucket === undefined) return await leaveFormerBucket(policy, pass, context);
  if (isUndecided(bucket)) return { kind: "wait", ms: WAIT_MS, on: `Bucket ${key} Ready` };
  const name = bucket.status?.bucketName;
  if (name === undefined || !ownsBucket(bucket)) {
    const hasFormer = formerBucketOf(policy) !== undefined;
    return hasFormer ? await leaveFormerBucket(policy, pass, context) : { kind: "released" };
  }
  const found = await resolveSession(bucket, context, { needsReady: false });
  if (found.kind === "blocked") return blocked(name, found);
  const s3: S3 = { session: found.session, signal: pass.signal };
  return await takeOffInTurn(policy, { s3, bucket: keyOf(bucket), name, othersOf }, context);
}

/**
 * A Bucket that went first may have left its bucket there, with statements on it that nobody wants
 * any more; a new object of its name has no right to that bucket. Where the statements cannot be
 * reached, the object is released all the same: nobody else is left to say what should become of
 * the bucket.
 */
async function leaveFormerBucket(
  policy: BucketPolicy,
  pass: Pass,
  context: BucketPolicyContext,
): Promise<Outcome> {
  const former = formerBucketOf(policy);
  const name = policy.status?.bucketName;
  if (former === undefined || name === undefined) {
    return released("Its Bucket is gone: statements may stay behind");
  }
  const found = await resolveSession(former, context, { needsReady: false });
  const stay = `statements may stay on bucket ${name}`;
  if (found.kind === "blocked") {
    const isOver = found.reason === "ProviderNotFound" || found.reason === "ReferenceNotAllowed";
    return isOver
      ? released(`Its Bucket is gone: ${found.message}; ${stay}`)
      : blocked(name, found);
  }
  const s3: S3 = { session: found.session, signal: pass.signal };
  const target = { s3, bucket: keyOf(former), name, othersOf: recordedByOthers };
  try {
    return await takeOffInTurn(policy, target, context);
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "AccessDenied")) throw error;
    return released(`Its Bucket is gone, and the key may not change its policy: ${stay}`);
  }
}

interface Target {
  readonly s3: S3;
  readonly bucket: ObjectKey;
  readonly name: string;
  /** What the other objects have on the bucket. */
  readonly othersOf: typeof othersOf;
}

async function takeOffInTurn(
  policy: BucketPolicy,
  target: Target,
  context: BucketPolicyContext,
): Promise<Outcome> {
  const { s3, bucket } = target;
  s3.session.admit();
  if (!context.turns.take(bucket, keyOf(policy))) return waitForTurn(bucket);
  try {
    return await takeOff(policy, target, context);
  } catch (error) {
    if (!(error instanceof ProviderError && error.code === "NoSuchBucket")) throw error;
    return { kind: "released" };
  } finally {
    context.turns.release(bucket);
  }
}

async function takeOff(
  policy: BucketPolicy,
  target: Target,
  context: BucketPolicyContext,
): Promise<Outcome> {
  const { s3, name, bucket } = target;
  const place = await observePlace(s3, target, context);
  const recorded = [...recordedOf(policy, name), ...inheritedOf(policy, place)];
  const input = {
    own: { owner: keyOf(policy), wanted: { Statement: [] }, recorded },
    others: target.othersOf(policy, { bucket, place }, context),
    foreign: "Adopt" as const,
    isUnproven: false,
    unsettled: policy.status?.unsettled,
  };
  const plan = planPolicy({ ...input, observed: await getBucketPolicy(s3, name) });
  // Nothing of ours is in a policy that cannot be read.
  if (plan.kind !== "write") return { kind: "released" };
  await applyPolicy(s3, name, { document: plan.document });
  const left = planPolicy({ ...input, observed: await getBucketPolicy(s3, name) });
  if (left.kind !== "write") return released(`Its statements left bucket ${name}`, "Normal");
  const message = `Waiting for the service to confirm that the statements left bucket "${name}"`;
  const report = reportProblem({ reason: "Deleting", message, stalled: false });
  return { kind: "retry", report, error: new Error(message), atLeastMs: CONFIRM_MS };
}

function blocked(
  name: string,
  problem: { readonly reason: Parameters<typeof reportProblem>[0]["reason"] } & {
    readonly message: string;
    readonly on: string;
  },
): Outcome {
  const report = reportProblem({
    reason: problem.reason,
    message: `Cannot take the statements off bucket "${name}": ${problem.message}; restore what ` +
      `is missing, or set the annotation ${SKIP_CLEANUP_ANNOTATION}: "true" to leave them`,
    stalled: true,
    raises: "BucketNotReady",
  });
  return { kind: "wait", report, ms: WAIT_MS, on: problem.on };
}

function released(note: string, type: "Normal" | "Warning" = "Warning"): Outcome {
  const reason = type === "Normal" ? "PolicyRemoved" : "CleanupSkipped";
  return { kind: "released", notices: [{ type, reason, note }] };
}
