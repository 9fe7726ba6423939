/**
 * The life of a Bucket: resolve, observe, plan, apply, read back, report.
 *
 * Called only with our finalizer stored (control/finalizer.ts).
 * Guarantee: Ready=True is reported only from what was read after the last write.
 */
import { type Bucket, bucketSpecSchema } from "../../api/bucket.ts";
import type { Notice, Outcome } from "../../control/outcome.ts";
import type { Pass, Reconciler } from "../../control/reconciler.ts";
import type { S3 } from "../../wasabi/s3.ts";
import { jittered } from "../jitter.ts";
import { parseSpec } from "../spec.ts";
import { apply } from "./apply.ts";
import type { BucketContext } from "./context.ts";
import { finalizeBucket } from "./delete.ts";
import { failed } from "./failed.ts";
import { observe, type Observed } from "./observe.ts";
import { type Plan, planBucket, type Refusal, type Step } from "./plan.ts";
import { reportProblem, reportReady, type UnsupportedField } from "./report.ts";
import { resolve, type Resolved } from "./resolve.ts";
import { allSettings, unmanagedFields } from "./settings/all.ts";
import { isTakenOver } from "./taken_over.ts";

/** Only the safety net: the change of what is waited for wakes the Bucket. */
const WAIT_MS = 300_000;

/** Makes the reconciler of Buckets. */
export function bucketReconciler(context: BucketContext): Reconciler<Bucket> {
  return {
    reconcile: (bucket, pass) => reconcile(bucket, pass, context),
    finalize: (bucket, pass) => finalizeBucket(bucket, pass, context),
    failed: (bucket, error) => failed(bucket, error, context),
  };
}

async function reconcile(bucket: Bucket, pass: Pass, context: BucketContext): Promise<Outcome> {
  const spec = parseSpec(bucketSpecSchema, bucket);
  const resolved = await resolve(bucket, context, { spec, needsReady: true });
  if (resolved.kind === "blocked") return blocked(bucket, resolved);
  resolved.session.admit();

  const s3: S3 = { session: resolved.session, signal: pass.signal };
  const before = await observe(s3, spec, { settings: allSettings });
  const plan = planFor(bucket, { spec, observed: before, resolved });
  if (plan.kind === "refused") return refused(bucket, plan, context);

  const claim = () =>
    pass.record({
      bucketName: spec.name,
      ownership: "Creating",
      endpoint: resolved.session.endpoint,
    });
  const applied = await applyAll(plan.steps, { s3, bucket: spec.name, claim }, context);
  if (applied.kind === "refused") return refused(bucket, applied, context);

  const after = plan.steps.length > 0 ? await observe(s3, spec, { settings: allSettings }) : before;
  const left = planFor(bucket, { spec, observed: after, resolved, ownership: plan.ownership });
  const pending = pendingSteps(left, applied.unsupported);
  if (pending !== undefined) return notConverged(bucket, pending, context);

  const report = reportReady({
    name: spec.name,
    facts: {
      exists: true,
      ownership: plan.ownership,
      region: regionOf(after) ?? resolved.providerSpec.region,
      endpoint: resolved.session.endpoint,
    },
    unsupported: [...unmanaged(spec), ...unsupportedBy(after), ...applied.unsupported],
    warning: resolved.warning,
    nowMs: context.clock.now(),
  });
  const recheckMs = jittered(driftIntervalOf(spec, context), bucket.metadata.uid);
  return { kind: "done", report, recheckMs, notices: noticesOf(plan.steps, spec.name) };
}

type Spec = ReturnType<typeof parseSpec<typeof bucketSpecSchema>>;
type Usable = Extract<Resolved, { kind: "resolved" }>;

function planFor(
  bucket: Bucket,
  input: {
    readonly spec: Spec;
    readonly observed: Observed;
    readonly resolved: Usable;
    readonly ownership?: "Creating" | "Created" | "Adopted";
  },
): Plan {
  return planBucket({
    spec: input.spec,
    observed: input.observed,
    settings: allSettings,
    ownership: input.ownership ?? bucket.status?.ownership,
    takenOver: isTakenOver(bucket),
    providerRegion: input.resolved.providerSpec.region,
  });
}

type AppliedAll =
  | { readonly kind: "done"; readonly unsupported: readonly UnsupportedField[] }
  | Extract<Awaited<ReturnType<typeof apply>>, { kind: "refused" }>;

async function applyAll(
  steps: readonly Step[],
  target: Parameters<typeof apply>[1],
  context: BucketContext,
): Promise<AppliedAll> {
  const unsupported: UnsupportedField[] = [];
  for (const step of steps) {
    if (step.kind === "setting" && !steps.some(({ kind }) => kind === "create")) {
      context.observer.drift(step.setting.metric);
    }
    // In order: a bucket must exist before it can be given a setting.
    // deno-lint-ignore no-await-in-loop
    const result = await apply(step, target);
    if (result.kind === "refused") return result;
    if (result.kind === "unsupported") {
      unsupported.push({ field: result.field, why: `the service answers ${result.code}` });
    }
    if (step.kind === "create") context.observer.operation("create", "success");
    if (step.kind === "setting") {
      context.observer.operation(`update_${step.setting.metric}`, "success");
    }
  }
  return { kind: "done", unsupported };
}

/** What is still not as it should be, although it was written; undefined when all is well. */
function pendingSteps(plan: Plan, unsupported: readonly UnsupportedField[]): string | undefined {
  if (plan.kind === "refused") return plan.message;
  const fields = plan.steps
    .map((step) => step.kind === "setting" ? step.setting.field : "name")
    .filter((field) => !unsupported.some((entry) => entry.field === field));
  return fields.length === 0 ? undefined : fields.map((field) => `spec.${field}`).join(", ");
}

function blocked(bucket: Bucket, problem: Extract<Resolved, { kind: "blocked" }>): Outcome {
  const { reason, message, on } = problem;
  // A Provider whose spec was edited is tried again at once: no reason to write 1,000 times that
  // its Buckets wait for that, and then 1,000 times that they do no longer.
  const known = bucket.status?.conditions !== undefined;
  if (reason === "Pending" && known) return { kind: "wait", ms: WAIT_MS, on };
  const report = reportProblem({
    reason,
    message,
    stalled: problem.blames === "bucket" || reason === "ReferenceNotAllowed",
    ...(problem.blames === "provider" && reason !== "Pending"
      ? { raises: "ProviderNotReady" }
      : {}),
  });
  return { kind: "wait", report, ms: WAIT_MS, on };
}

function refused(
  bucket: Bucket,
  problem: Refusal,
  context: BucketContext,
): Outcome {
  // An intention that met somebody else's bucket gives no right to it later.
  const lostClaim = problem.reason === "BucketNameTaken" || problem.reason === "AdoptionRefused";
  const report = reportProblem({
    reason: problem.reason,
    message: problem.message,
    stalled: true,
    ...(problem.reason === "BucketNameTaken" ? { raises: "CreationFailed" } : {}),
    ...(lostClaim ? { found: { ownership: null } } : {}),
  });
  return {
    kind: "stuck",
    report,
    recheckMs: jittered(context.driftIntervalMs, bucket.metadata.uid),
  };
}

function notConverged(bucket: Bucket, pending: string, context: BucketContext): Outcome {
  const message = `The service still answers differently after a write: ${pending}`;
  const report = reportProblem({ reason: "NotConverged", message, stalled: false });
  return {
    kind: "stuck",
    report,
    recheckMs: jittered(context.driftIntervalMs, bucket.metadata.uid),
  };
}

function unmanaged(spec: Spec): readonly UnsupportedField[] {
  return unmanagedFields(spec).map((field) => ({ field, why: "not managed by this version" }));
}

function unsupportedBy(observed: Observed): readonly UnsupportedField[] {
  return [...observed.settings].flatMap(([field, state]) =>
    state.kind === "unsupported" ? [{ field, why: `the service answers ${state.code}` }] : []
  );
}

function noticesOf(steps: readonly Step[], name: string): readonly Notice[] {
  if (steps.some(({ kind }) => kind === "create")) {
    return [{ type: "Normal", reason: "BucketCreated", note: `Bucket ${name} created` }];
  }
  if (steps.length === 0) return [];
  return [{ type: "Normal", reason: "BucketUpdated", note: `Bucket ${name} updated` }];
}

function regionOf(observed: Observed): string | undefined {
  return observed.presence.kind === "present" ? observed.presence.region : undefined;
}

function driftIntervalOf(spec: Spec, context: BucketContext): number {
  const seconds = spec.driftCheckIntervalSeconds;
  return seconds === undefined ? context.driftIntervalMs : seconds * 1000;
}
