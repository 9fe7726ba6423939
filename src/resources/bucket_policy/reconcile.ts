/**
 * The life of a BucketPolicy: resolve, observe, plan, apply, read back, report.
 *
 * Called only with our finalizer stored (control/finalizer.ts).
 * Guarantees: Ready=True is reported only from what was read after the last write; of one bucket's
 * policies only one pass reads and writes at a time, so that none undoes what another just did.
 */
import {
  type BucketPolicy,
  type BucketPolicySpec,
  bucketPolicySpecSchema,
} from "../../api/bucket_policy.ts";
import { keyOf } from "../../api/key.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass, Reconciler } from "../../control/reconciler.ts";
import { getBucketPolicy } from "../../wasabi/bucket_policy.ts";
import type { S3 } from "../../wasabi/s3.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { parseSpec } from "../spec.ts";
import { applyPolicy } from "./apply.ts";
import type { BucketPolicyContext } from "./context.ts";
import { finalizeBucketPolicy } from "./delete.ts";
import { failed } from "./failed.ts";
import { awaitsProof, foreignPolicyOf, observePlace, othersOf } from "./observe.ts";
import { nextMark, type Plan, planPolicy, type Refusal, unsettledMark } from "./plan.ts";
import { reportProblem, reportReady } from "./report.ts";
import {
  type Blocked,
  providerRefOf,
  resolveBucket,
  type ResolvedBucket,
  resolveSession,
} from "./resolve.ts";
import { isTakenOver } from "./taken_over.ts";
import { waitForTurn } from "./turns.ts";
import { inheritedOf, recordedOf, type Wanted, wantedDocument } from "./wanted.ts";

/** Only the safety net: the change of what is waited for wakes the object. */
const WAIT_MS = 300_000;

/** Makes the reconciler of BucketPolicies. */
export function bucketPolicyReconciler(context: BucketPolicyContext): Reconciler<BucketPolicy> {
  return {
    reconcile: (policy, pass) => reconcile(policy, pass, context),
    finalize: (policy, pass) => finalizeBucketPolicy(policy, pass, context),
    failed: (policy, error) => failed(policy, error, context),
  };
}

async function reconcile(
  policy: BucketPolicy,
  pass: Pass,
  context: BucketPolicyContext,
): Promise<Outcome> {
  const spec = parseSpec(bucketPolicySpecSchema, policy);
  const resolved = resolveBucket(policy, spec, context);
  if (resolved.kind === "blocked") return blocked(policy, resolved);
  const found = await resolveSession(resolved.bucket, context, { needsReady: true });
  if (found.kind === "blocked") return blocked(policy, found);
  found.session.admit();
  const s3: S3 = { session: found.session, signal: pass.signal };
  const bucket = keyOf(resolved.bucket);
  if (!context.turns.take(bucket, keyOf(policy))) return waitForTurn(bucket);
  try {
    return await bringInLine({ policy, spec, resolved, s3, pass }, context);
  } finally {
    context.turns.release(bucket);
  }
}

interface Task {
  readonly policy: BucketPolicy;
  readonly spec: BucketPolicySpec;
  readonly resolved: Extract<ResolvedBucket, { kind: "resolved" }>;
  readonly s3: S3;
  readonly pass: Pass;
}

type WantedPolicy = Extract<Wanted, { kind: "wanted" }>;

async function bringInLine(task: Task, context: BucketPolicyContext): Promise<Outcome> {
  const { policy, spec, resolved: { bucket, name }, s3, pass } = task;
  const place = await observePlace(s3, { bucket: keyOf(bucket), name }, context);
  const wanted = wantedDocument(spec, place);
  if (wanted.kind === "refused") return refused(task, wanted, context);

  const input = {
    own: {
      owner: keyOf(policy),
      wanted: wanted.document,
      recorded: [...recordedOf(policy, name), ...inheritedOf(policy, place)],
    },
    others: othersOf(policy, { bucket: keyOf(bucket), place }, context),
    foreign: foreignPolicyOf(policy, { bucket: keyOf(bucket) }, context),
    isUnproven: awaitsProof(policy, spec),
    unsettled: policy.status?.unsettled,
  };
  const before = await getBucketPolicy(s3, name);
  const plan = planPolicy({ ...input, observed: before });
  if (plan.kind === "refused") return refused(task, plan, context);
  if (plan.kind === "settled") return ready(task, { plan, wanted }, context);

  if (plan.isDrift) context.onDrift();
  const recorded = [...new Set([...input.own.recorded, ...plan.own])];
  const providerRef = providerRefOf(bucket);
  await pass.record({ bucketName: name, providerRef, appliedStatements: recorded });
  await applyPolicy(s3, name, { document: plan.document });
  const after = await getBucketPolicy(s3, name);
  const left = planPolicy({ ...input, observed: after, own: { ...input.own, recorded } });
  if (left.kind === "settled") return ready(task, { plan: left, wanted, isWritten: true }, context);
  return notConverged(task, { plan, before, after }, context);
}

function ready(
  { policy, resolved }: Task,
  { plan, wanted, isWritten = false }: {
    readonly plan: Extract<Plan, { kind: "settled" }>;
    readonly wanted: WantedPolicy;
    readonly isWritten?: boolean;
  },
  context: BucketPolicyContext,
): Outcome {
  const report = reportReady({
    bucket: resolved.name,
    provider: providerRefOf(resolved.bucket),
    own: plan.own,
    takenOver: isTakenOver(policy),
    warnings: [...wanted.warnings, ...plan.conflicts],
    referenceWarning: resolved.warning,
    nowMs: context.clock.now(),
  });
  const note = `Policy applied to bucket ${resolved.name}`;
  return {
    kind: "done",
    report,
    recheckMs: driftIntervalMs(policy, context.driftIntervalMs),
    notices: isWritten ? [{ type: "Normal", reason: "PolicyApplied", note }] : [],
  };
}

function blocked(policy: BucketPolicy, problem: Blocked): Outcome {
  const { reason, message, on } = problem;
  const known = policy.status?.conditions !== undefined;
  if (reason === "Pending" && known) return { kind: "wait", ms: WAIT_MS, on };
  const report = reportProblem({
    reason,
    message,
    stalled: reason === "ReferenceNotAllowed",
    ...(reason === "Pending" ? {} : { raises: "BucketNotReady" }),
    found: takenOverField(policy),
  });
  return { kind: "wait", report, ms: WAIT_MS, on };
}

function refused(
  { policy, resolved }: Task,
  { reason, message }: Pick<Refusal, "reason" | "message">,
  context: BucketPolicyContext,
): Outcome {
  const isApplied = recordedOf(policy, resolved.name).length > 0;
  const report = reportProblem({
    reason,
    message: isApplied ? `${message}; what was applied before stays` : message,
    stalled: true,
    found: { ...takenOverField(policy), applied: false },
  });
  return { kind: "stuck", report, recheckMs: driftIntervalMs(policy, context.driftIntervalMs) };
}

/** Remembered from the first pass on: later statuses are ours and prove nothing. */
function takenOverField(policy: BucketPolicy): { readonly takenOver?: true } {
  return isTakenOver(policy) ? { takenOver: true } : {};
}

/** Either the write cannot be seen yet, or the service made something else of it. */
function notConverged(
  { policy, resolved }: Task,
  { plan, before, after }: {
    readonly plan: Extract<Plan, { kind: "write" }>;
    readonly before: string | undefined;
    readonly after: string | undefined;
  },
  context: BucketPolicyContext,
): Outcome {
  const message = `Bucket "${resolved.name}" still has another policy after the write`;
  const next = nextMark(unsettledMark(plan.own, after), policy.status?.unsettled);
  const report = reportProblem({
    reason: "NotConverged",
    message,
    stalled: false,
    found: {
      ...takenOverField(policy),
      applied: false,
      ...(before === after ? {} : { unsettled: next.mark }),
    },
  });
  if (before === after || !next.isSure) return { kind: "retry", report, error: new Error(message) };
  return { kind: "stuck", report, recheckMs: driftIntervalMs(policy, context.driftIntervalMs) };
}
