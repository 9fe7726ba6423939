/**
 * The end of an IAMPolicy: detached from our own users, then deleted with all its versions.
 *
 * Guarantees: nothing is deleted that was not made for this object, or by the predecessor for it;
 * nobody else's user, group or role loses the policy; the object is released after the service
 * confirmed that the policy is gone.
 */
import { GROUP } from "../../api/common.ts";
import { type IAMPolicy, iamPolicySpecSchema } from "../../api/iam_policy.ts";
import { findCondition } from "../../control/conditions.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass } from "../../control/reconciler.ts";
import { conditionsOf } from "../../control/status.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import {
  deletePolicy,
  deletePolicyVersion,
  getPolicy,
  listPolicyVersions,
  type PolicyEntities,
} from "../../wasabi/iam_policies.ts";
import { detachUserPolicy } from "../../wasabi/iam_user_policies.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { providerKeyOf } from "../reference.ts";
import { parseSpec } from "../spec.ts";
import type { IAMPolicyContext } from "./context.ts";
import { descriptionOf, inheritedName, predecessorDescriptionOf } from "./names.ts";
import { observe, type Observed } from "./observe.ts";
import { planPolicy } from "./plan.ts";
import { reportProblem } from "./report.ts";
import { accountOf, nameOf } from "./resolve.ts";

/** Releases an object without touching the cloud. */
const SKIP_CLEANUP_ANNOTATION = `${GROUP}/skip-provider-cleanup`;

/** Only the safety net: the change of what is waited for wakes the object. */
const WAIT_MS = 60_000;
const CONFIRM_MS = 1_000;

/** Decides and does the deletion. */
export async function finalizeIAMPolicy(
  policy: IAMPolicy,
  pass: Pass,
  context: IAMPolicyContext,
): Promise<Outcome> {
  if (policy.metadata.annotations?.[SKIP_CLEANUP_ANNOTATION] === "true") {
    const note =
      `Released without clean-up, as ${SKIP_CLEANUP_ANNOTATION} asks: its managed policy may stay behind`;
    return { kind: "released", notices: [{ type: "Warning", reason: "CleanupSkipped", note }] };
  }
  const { ownership } = policy.status ?? {};
  const mayBeOurs = ownership === undefined ? inheritedName(policy) !== undefined : true;
  if (!mayBeOurs || ownership === "Adopted") return { kind: "released" };
  const spec = parseSpec(iamPolicySpecSchema, policy);
  const account = await accountOf(policy, context, { spec, needsReady: false });
  if (account.kind === "blocked") {
    const report = reportProblem({
      reason: account.reason,
      message:
        `Cannot delete the managed policy: ${account.message}; restore what is missing, or set the annotation ${SKIP_CLEANUP_ANNOTATION}: "true" to leave it`,
      stalled: true,
      raises: "ProviderNotReady",
    });
    return { kind: "wait", report, ms: WAIT_MS, on: account.on };
  }
  const ready = findCondition(conditionsOf(policy), "Ready");
  // Users attach a policy that is Ready: it must not come back while it is detached.
  if (ready?.status === "True") return deleting("Detaching and deleting the managed policy", 0);
  account.session.iam.admit();
  const iam: Iam = { session: account.session, signal: pass.signal };
  return await deleteInCloud(policy, iam, context);
}

async function deleteInCloud(
  policy: IAMPolicy,
  iam: Iam,
  context: IAMPolicyContext,
): Promise<Outcome> {
  const name = nameOf(policy, context);
  const observed = await observe(iam, name);
  if (observed.kind !== "present") return { kind: "released" };
  if (!isOurs(policy, { name, observed }, context)) return { kind: "released" };
  const { arn } = observed.policy;
  const strangers = strangersAmong(observed.attached, policy, context);
  if (strangers.length > 0) return attachedElsewhere(policy, strangers, context);
  for (const userName of observed.attached.users) {
    // deno-lint-ignore no-await-in-loop -- one after the other: the account's budget is shared
    await detachUserPolicy(iam, userName, { policyArn: arn });
  }
  const versions = await listPolicyVersions(iam, arn);
  for (const version of versions.filter(({ isDefault }) => !isDefault)) {
    // deno-lint-ignore no-await-in-loop -- as above
    await deletePolicyVersion(iam, arn, version);
  }
  await deletePolicy(iam, arn);
  if (await getPolicy(iam, arn) !== undefined) {
    return deleting(
      "Waiting for the service to confirm that the managed policy is gone",
      CONFIRM_MS,
    );
  }
  const note = `Managed policy ${name} deleted`;
  return { kind: "released", notices: [{ type: "Normal", reason: "PolicyDeleted", note }] };
}

/** An explicit wish to adopt is no proof: what was never adopted is not deleted. */
function isOurs(
  policy: IAMPolicy,
  { name, observed }: { readonly name: string; readonly observed: Observed },
  context: IAMPolicyContext,
): boolean {
  const plan = planPolicy({
    name,
    wanted: { Statement: [] },
    observed,
    status: policy.status ?? {},
    takenOver: inheritedName(policy) === name,
    adopts: false,
    descriptions: { ours: descriptionOf(policy), predecessors: predecessorDescriptionOf(policy) },
    nowMs: context.clock.now(),
  });
  return plan.kind !== "refused" || plan.reason === "TakeoverDiffers";
}

/** Whom the policy is attached to and who is no User of ours. */
function strangersAmong(
  { users, groups, roles }: PolicyEntities,
  policy: IAMPolicy,
  context: IAMPolicyContext,
): readonly string[] {
  const provider = providerKeyOf(policy);
  function isOurUser(name: string): boolean {
    return context.usersNamed(name).some((user) =>
      user.status?.userId !== undefined && providerKeyOf(user) === provider
    );
  }
  return [
    ...users.filter((name) => !isOurUser(name)).map((name) => `user "${name}"`),
    ...groups.map((name) => `group "${name}"`),
    ...roles.map((name) => `role "${name}"`),
  ];
}

function attachedElsewhere(
  policy: IAMPolicy,
  strangers: readonly string[],
  context: IAMPolicyContext,
): Outcome {
  const shown = strangers.slice(0, 5).join(", ");
  const more = strangers.length > 5 ? ` and ${strangers.length - 5} more` : "";
  const message =
    `The managed policy is attached to ${shown}${more}, which no User of this Provider stands for: detach it there, or set the annotation ${SKIP_CLEANUP_ANNOTATION}: "true" to leave it`;
  const report = reportProblem({ reason: "AttachedElsewhere", message, stalled: true });
  return { kind: "stuck", report, recheckMs: driftIntervalMs(policy, context.driftIntervalMs) };
}

function deleting(message: string, ms: number): Outcome {
  const report = reportProblem({ reason: "Deleting", message, stalled: false });
  return { kind: "wait", report, ms, on: "IAM" };
}
