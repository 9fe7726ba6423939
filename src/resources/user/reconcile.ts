/**
 * The life of a User: resolve, observe, plan, apply, read back, report.
 *
 * Called only with our finalizer stored (control/finalizer.ts).
 * Guarantee: Ready=True is reported only from what was read after the last write.
 */
import type { Json } from "../../api/common.ts";
import { type User, type UserSpec, userSpecSchema } from "../../api/user.ts";
import type { Notice, Outcome } from "../../control/outcome.ts";
import type { Pass, Reconciler } from "../../control/reconciler.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { parseSpec } from "../spec.ts";
import { type Applied, apply } from "./apply.ts";
import type { UserContext } from "./context.ts";
import { finalizeUser } from "./delete.ts";
import { failed } from "./failed.ts";
import { observe, type Observed } from "./observe.ts";
import { type Plan, planUser, type Refusal, type Step } from "./plan.ts";
import { reportProblem, reportReady } from "./report.ts";
import { conflictOver, resolve, type Resolved } from "./resolve.ts";
import { inlinePolicyName, isPredecessorPolicy, isTakenOver } from "./taken_over.ts";

/** Only the safety net: the change of what is waited for wakes the User. */
const WAIT_MS = 300_000;

/** Makes the reconciler of Users. */
export function userReconciler(context: UserContext): Reconciler<User> {
  return {
    reconcile: (user, pass) => reconcile(user, pass, context),
    finalize: (user, pass) => finalizeUser(user, pass, context),
    failed: (user, error) => failed(user, error, context),
  };
}

async function reconcile(user: User, pass: Pass, context: UserContext): Promise<Outcome> {
  const spec = parseSpec(userSpecSchema, user);
  const resolved = await resolve(user, context, { spec });
  if (resolved.kind === "blocked") return blocked(user, resolved);
  const { session, policy } = resolved;
  session.iam.admit();

  const iam: Iam = { session, signal: pass.signal };
  const attachedBefore = user.status?.attachedPolicies ?? [];
  const before = await observe(iam, spec, { policy, attachedBefore });
  const conflict = before.kind === "absent" ? undefined : conflictOver(user, context, before.user);
  if (conflict !== undefined) return blocked(user, conflict);
  const plan = planFor(user, { spec, observed: before, resolved }, context);
  if (plan.kind === "refused") return refused(user, plan, context);

  const claim = () => pass.record(claimOf(spec, context));
  const applied = await applyAll(plan.steps, { iam, userName: spec.name, claim }, context);
  if (applied.kind === "refused") return refused(user, applied, context);

  const after = plan.steps.length > 0
    ? await observe(iam, spec, { policy, attachedBefore })
    : before;
  const status = statusAfter(user, { spec, plan, after }, context);
  const left = planFor(user, { spec, observed: after, resolved, status }, context);
  const pending = pendingSteps(left, applied);
  if (pending !== undefined) return notConverged(user, pending, context);

  const report = reportReady({
    name: spec.name,
    fields: fieldsOf(status),
    tagsUnsupported: unsupportedTags(after) ?? unsupportedTags(applied),
    warning: resolved.warning,
    nowMs: context.clock.now(),
  });
  const settleMs = left.kind === "steps" ? left.settleMs : undefined;
  const recheckMs = settleMs ?? driftIntervalMs(user, context.driftIntervalMs);
  return { kind: "done", report, recheckMs, notices: noticesOf(plan.steps, spec.name) };
}

type Usable = Extract<Resolved, { kind: "resolved" }>;
type Status = NonNullable<User["status"]>;

function planFor(
  user: User,
  input: {
    readonly spec: UserSpec;
    readonly observed: Observed;
    readonly resolved: Usable;
    readonly status?: Status;
  },
  context: UserContext,
): Plan {
  const { spec, observed, resolved, status = user.status ?? {} } = input;
  return planUser({
    spec,
    observed,
    policy: resolved.policy,
    status,
    takenOver: isTakenOver(user),
    provenByPolicy: observed.kind === "present" && isPredecessorPolicy(user, observed.inline),
    nowMs: context.clock.now(),
    policySettleMs: context.policySettleMs,
  });
}

function claimOf({ name }: UserSpec, context: UserContext): { readonly [field: string]: Json } {
  return {
    userName: name,
    ownership: "Creating",
    claimTime: new Date(context.clock.now()).toISOString(),
    userId: null,
    inlinePolicy: null,
    attachedPolicies: null,
    policyChangeTime: null,
  };
}

type AppliedAll = Exclude<Applied, { kind: "done" }> | { readonly kind: "done" };

async function applyAll(
  steps: readonly Step[],
  target: Parameters<typeof apply>[1],
  context: UserContext,
): Promise<AppliedAll> {
  const creates = steps.some(({ kind }) => kind === "create");
  let unsupported: AppliedAll = { kind: "done" };
  for (const step of steps) {
    if (!creates) context.onDrift(step.kind === "tag" || step.kind === "untag" ? "tags" : "policy");
    // In order: a user must exist before it can be given anything.
    // deno-lint-ignore no-await-in-loop
    const result = await apply(step, target);
    if (result.kind === "refused") return result;
    if (result.kind === "unsupported") unsupported = result;
  }
  return unsupported;
}

/** The status once the steps are done, as far as it is about the user. */
function statusAfter(
  user: User,
  { spec, plan, after }: {
    readonly spec: UserSpec;
    readonly plan: Extract<Plan, { kind: "steps" }>;
    readonly after: Observed;
  },
  context: UserContext,
): Status {
  const before = user.status ?? {};
  if (after.kind === "absent") return before;
  const { steps } = plan;
  const changed = steps.some(({ kind }) => kind === "putPolicy" || kind === "attach");
  const wrote = steps.some(({ kind }) => kind === "putPolicy");
  const inline = (wrote || before.inlinePolicy !== undefined) && after.inline !== undefined;
  const attachedByUs = new Set([
    ...before.attachedPolicies ?? [],
    ...steps.flatMap((step) => step.kind === "attach" ? [step.policyArn] : []),
  ]);
  return {
    ...before,
    userId: after.user.userId,
    arn: after.user.arn,
    userName: spec.name,
    ownership: plan.ownership,
    ...(inline ? { inlinePolicy: inlinePolicyName(spec.name) } : { inlinePolicy: "" }),
    attachedPolicies: after.attached.filter((arn) => attachedByUs.has(arn)),
    ...(changed ? { policyChangeTime: new Date(context.clock.now()).toISOString() } : {}),
  };
}

/** Null removes a field. */
function fieldsOf(status: Status): { readonly [field: string]: Json } {
  const { userId, arn, userName, ownership, inlinePolicy, attachedPolicies } = status;
  return {
    userId: userId ?? null,
    arn: arn ?? null,
    userName: userName ?? null,
    ownership: ownership ?? null,
    inlinePolicy: inlinePolicy === "" ? null : inlinePolicy ?? null,
    attachedPolicies: attachedPolicies?.length === 0 ? null : attachedPolicies ?? null,
    policyChangeTime: status.policyChangeTime ?? null,
  };
}

/** What is still not as it should be, although it was written; undefined when all is well. */
function pendingSteps(plan: Plan, applied: AppliedAll): string | undefined {
  if (plan.kind === "refused") return plan.message;
  const tagless = applied.kind === "unsupported";
  const left = plan.steps.map(({ kind }) => kind)
    .filter((kind) => !(tagless && (kind === "tag" || kind === "untag")));
  return left.length === 0 ? undefined : left.join(", ");
}

function unsupportedTags(result: Observed | AppliedAll): string | undefined {
  if (result.kind === "unsupported") return result.code;
  return result.kind === "present" ? result.tagsUnsupported : undefined;
}

function blocked(user: User, problem: Extract<Resolved, { kind: "blocked" }>): Outcome {
  const { reason, message, on } = problem;
  const known = user.status?.conditions !== undefined;
  if (reason === "Pending" && known) return { kind: "wait", ms: WAIT_MS, on };
  const report = reportProblem({
    reason,
    message,
    stalled: reason === "UserConflict" || reason === "ReferenceNotAllowed" ||
      reason === "PolicyConflict" || reason === "NoIamEndpoint",
    ...(problem.blames === "provider" && reason !== "Pending"
      ? { raises: "ProviderNotReady" }
      : {}),
  });
  return { kind: "wait", report, ms: WAIT_MS, on };
}

function refused(user: User, problem: Refusal, context: UserContext): Outcome {
  // An intention that met somebody else's user gives no right to it later.
  const lostClaim = user.status?.ownership === undefined ||
    user.status.ownership === "Creating";
  const report = reportProblem({
    reason: problem.reason,
    message: problem.message,
    stalled: true,
    ...(lostClaim ? { found: { ownership: null, claimTime: null } } : {}),
  });
  const recheckMs = driftIntervalMs(user, context.driftIntervalMs);
  return { kind: "stuck", report, recheckMs };
}

function notConverged(user: User, pending: string, context: UserContext): Outcome {
  const message = `The service still answers differently after a write: ${pending}`;
  const report = reportProblem({ reason: "NotConverged", message, stalled: false });
  const recheckMs = driftIntervalMs(user, context.driftIntervalMs);
  return { kind: "stuck", report, recheckMs };
}

function noticesOf(steps: readonly Step[], name: string): readonly Notice[] {
  if (steps.some(({ kind }) => kind === "create")) {
    return [{ type: "Normal", reason: "UserCreated", note: `IAM user ${name} created` }];
  }
  if (steps.length === 0) return [];
  const what = [...new Set(steps.map(({ kind }) => NOTES[kind]))].join(", ");
  return [{ type: "Normal", reason: "UserUpdated", note: `IAM user ${name} updated: ${what}` }];
}

const NOTES: Readonly<Record<Step["kind"], string>> = {
  claim: "claimed",
  create: "created",
  putPolicy: "inline policy written",
  attach: "policy attached",
  dropInline: "former inline policy removed",
  detach: "former policy detached",
  tag: "tags set",
  untag: "tags removed",
};
