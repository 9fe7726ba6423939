/**
 * The life of an IAMPolicy: resolve, observe, plan, apply, read back, report.
 *
 * Called only with our finalizer stored (control/finalizer.ts).
 * Guarantee: Ready=True is reported only from what was read after the last write.
 */
import { type IAMPolicy, type IAMPolicySpec, iamPolicySpecSchema } from "../../api/iam_policy.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass, Reconciler } from "../../control/reconciler.ts";
import { ProviderError } from "../../wasabi/error.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import { createPolicy } from "../../wasabi/iam_policies.ts";
import type { Account } from "../account.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { policyFingerprint } from "../policy/canonical.ts";
import type { PolicyDocument } from "../policy/document.ts";
import { lintIdentityPolicy } from "../policy/lint.ts";
import { translateIdentityPolicy } from "../policy/translate.ts";
import { parseSpec } from "../spec.ts";
import { updatePolicy } from "./apply.ts";
import type { IAMPolicyContext } from "./context.ts";
import { finalizeIAMPolicy } from "./delete.ts";
import { failed } from "./failed.ts";
import { descriptionOf, inheritedName, predecessorDescriptionOf } from "./names.ts";
import { observe, type Observed } from "./observe.ts";
import { type Plan, planPolicy, type Refusal } from "./plan.ts";
import { reportProblem, reportReady, reportUnsupported } from "./report.ts";
import { accountOf, nameOf } from "./resolve.ts";
import { isTakenOver } from "./taken_over.ts";

/** Only the safety net: the change of what is waited for wakes the object. */
const WAIT_MS = 300_000;
/** How soon a write that cannot be seen yet is looked for again. */
const SETTLING_MS = 5_000;

/** Makes the reconciler of IAMPolicies. */
export function iamPolicyReconciler(context: IAMPolicyContext): Reconciler<IAMPolicy> {
  return {
    reconcile: (policy, pass) => reconcile(policy, pass, context),
    finalize: (policy, pass) => finalizeIAMPolicy(policy, pass, context),
    failed: (policy, error) => failed(policy, error, context),
  };
}

/** What a pass works with. */
interface Task {
  readonly policy: IAMPolicy;
  readonly spec: IAMPolicySpec;
  readonly name: string;
  readonly wanted: PolicyDocument;
  readonly iam: Iam;
  readonly pass: Pass;
  readonly warning: string | undefined;
}

async function reconcile(
  policy: IAMPolicy,
  pass: Pass,
  context: IAMPolicyContext,
): Promise<Outcome> {
  const spec = parseSpec(iamPolicySpecSchema, policy);
  const account = await accountOf(policy, context, { spec, needsReady: true });
  if (account.kind === "blocked") return blocked(policy, account);
  const wanted = translateIdentityPolicy(spec.policy);
  const fault = lintIdentityPolicy(wanted, { kind: "managed" })
    .find(({ kind }) => kind === "refusal");
  if (fault !== undefined) {
    return refused(policy, { reason: "InvalidPolicy", message: fault.message }, context);
  }
  const { session, warning } = account;
  session.iam.admit();
  const iam: Iam = { session, signal: pass.signal };
  const name = nameOf(policy, context);
  return await bringInLine({ policy, spec, name, wanted, iam, pass, warning }, context);
}

async function bringInLine(task: Task, context: IAMPolicyContext): Promise<Outcome> {
  const { policy, name, iam } = task;
  const before = await observe(iam, name);
  const plan = planFor(task, before, context);
  if (plan.kind !== "create" && plan.kind !== "update") {
    return await reportOf(task, { plan, observed: before }, context);
  }
  try {
    await write(task, plan, context);
  } catch (error) {
    const unsupported = error instanceof ProviderError && error.kind === "Unsupported";
    if (!unsupported) throw error;
    const lacks: Plan = { kind: "unsupported", code: error.code };
    return await reportOf(task, { plan: lacks, observed: before }, context);
  }
  const after = await observe(iam, name);
  const ownership = plan.kind === "create" ? "Created" : plan.ownership;
  const left = planFor(task, after, context, { ...policy.status, ownership });
  return await reportOf(task, { plan: left, observed: after, written: plan.kind }, context);
}

function planFor(
  { policy, spec, name, wanted }: Task,
  observed: Observed,
  context: IAMPolicyContext,
  status = policy.status ?? {},
): Plan {
  return planPolicy({
    name,
    wanted,
    observed,
    status,
    takenOver: inheritedName(policy) === name,
    adopts: spec.adoptionPolicy === "Adopt",
    descriptions: { ours: descriptionOf(policy), predecessors: predecessorDescriptionOf(policy) },
    nowMs: context.clock.now(),
  });
}

/** Records the intention first, so that a crash after the write is understood. */
async function write(
  { policy, name, wanted, iam, pass }: Task,
  plan: Extract<Plan, { kind: "create" | "update" }>,
  context: IAMPolicyContext,
): Promise<void> {
  const document = JSON.stringify(wanted);
  await pass.record({
    policyName: name,
    ownership: plan.kind === "create" ? "Creating" : plan.ownership,
    ...(isTakenOver(policy) ? { takenOver: true } : {}),
  });
  if (plan.kind === "create") {
    await createPolicy(iam, name, { document, description: descriptionOf(policy) });
  } else {
    if (policy.status?.ownership !== undefined) context.onDrift();
    await updatePolicy(iam, plan.arn, { document });
  }
  await pass.record({
    writtenDocument: policyFingerprint(wanted),
    writeTime: new Date(context.clock.now()).toISOString(),
  });
}

function reportOf(
  task: Task,
  { plan, observed, written }: {
    readonly plan: Plan;
    readonly observed: Observed;
    readonly written?: "create" | "update";
  },
  context: IAMPolicyContext,
): Outcome {
  const { policy, spec, name, warning } = task;
  const recheckMs = driftIntervalMs(policy, context.driftIntervalMs);
  if (plan.kind === "refused") return refused(policy, plan, context);
  if (plan.kind === "unsupported") {
    return { kind: "done", report: reportUnsupported({ code: plan.code, warning }), recheckMs };
  }
  if (plan.kind !== "settled" || observed.kind !== "present") return settling(name);
  const report = reportReady({
    facts: {
      policyArn: plan.arn,
      policyName: name,
      ownership: plan.ownership,
      attachedUsers: observed.attached.users.toSorted(),
      takenOver: isTakenOver(policy) ? true : null,
    },
    ignoresTags: Object.keys(spec.tags ?? {}).length > 0,
    warning,
    nowMs: context.clock.now(),
  });
  if (written === undefined) return { kind: "done", report, recheckMs };
  const reason = written === "create" ? "PolicyCreated" : "PolicyUpdated";
  const note = `Managed policy ${name} ${written}d`;
  return { kind: "done", report, recheckMs, notices: [{ type: "Normal", reason, note }] };
}

/** IAM's changes hold after a while: it is not written again, only looked at. */
function settling(name: string): Outcome {
  const message = `Managed policy "${name}" still has another document after the write`;
  const report = reportProblem({ reason: "NotConverged", message, stalled: false });
  return { kind: "wait", report, ms: SETTLING_MS, on: "IAM" };
}

function blocked(policy: IAMPolicy, problem: Extract<Account, { kind: "blocked" }>): Outcome {
  const { reason, message, on } = problem;
  const known = policy.status?.conditions !== undefined;
  if (reason === "Pending" && known) return { kind: "wait", ms: WAIT_MS, on };
  const report = reportProblem({
    reason,
    message,
    stalled: reason === "ReferenceNotAllowed" || reason === "NoIamEndpoint",
    ...(reason === "Pending" ? {} : { raises: "ProviderNotReady" }),
    found: takenOverField(policy),
  });
  return { kind: "wait", report, ms: WAIT_MS, on };
}

function refused(
  policy: IAMPolicy,
  { reason, message }: Pick<Refusal, "reason" | "message">,
  context: IAMPolicyContext,
): Outcome {
  // An intention that met somebody else's policy gives no right to it later.
  const lostClaim = reason === "AdoptionRefused" ? { ownership: null, policyName: null } : {};
  const report = reportProblem({
    reason,
    message,
    stalled: true,
    found: { ...takenOverField(policy), ...lostClaim, applied: false },
  });
  return { kind: "stuck", report, recheckMs: driftIntervalMs(policy, context.driftIntervalMs) };
}

/** Remembered from the first pass on: later statuses are ours and prove nothing. */
function takenOverField(policy: IAMPolicy): { readonly takenOver?: true } {
  return isTakenOver(policy) ? { takenOver: true } : {};
}
