/**
 * The end of a User: its keys, policies, groups and password, then the user itself.
 *
 * Guarantees: nothing is deleted that this object did not make or adopt; no AccessKey loses its
 * user; the object is released only after the service confirmed that the user is gone, or with
 * `Retain`.
 */
import { GROUP } from "../../api/common.ts";
import { keyOf } from "../../api/key.ts";
import { type User, userSpecSchema } from "../../api/user.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass } from "../../control/reconciler.ts";
import {
  deleteLoginProfile,
  deleteUser,
  getUser,
  hasLoginProfile,
  listGroupsForUser,
  removeUserFromGroup,
} from "../../wasabi/iam.ts";
import { deleteAccessKey, listAccessKeys } from "../../wasabi/iam_access_keys.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import { ProviderError } from "../../wasabi/error.ts";
import {
  deleteUserPolicy,
  detachUserPolicy,
  getUserPolicy,
  listAttachedUserPolicies,
  listUserPolicies,
} from "../../wasabi/iam_user_policies.ts";
import { bearsPredecessorMarks } from "../predecessor_marks.ts";
import { parseSpec } from "../spec.ts";
import type { UserContext } from "./context.ts";
import { planUser } from "./plan.ts";
import { reportProblem } from "./report.ts";
import { accountOf } from "./resolve.ts";
import { inlinePolicyName, isPredecessorPolicy, isTakenOver } from "./taken_over.ts";

/** Releases an object without touching the cloud. */
const SKIP_CLEANUP_ANNOTATION = `${GROUP}/skip-provider-cleanup`;

/** Only the safety net: the change of what is waited for wakes the User. */
const WAIT_MS = 60_000;

/** Decides and does the deletion. */
export async function finalizeUser(user: User, pass: Pass, context: UserContext): Promise<Outcome> {
  if (user.metadata.annotations?.[SKIP_CLEANUP_ANNOTATION] === "true") return abandoned(user);
  const spec = parseSpec(userSpecSchema, user);
  const isAdopted = user.status?.ownership === "Adopted";
  if ((spec.deletionPolicy ?? (isAdopted ? "Retain" : "Delete")) === "Retain") {
    const note = `IAM user ${spec.name} is retained, as deletionPolicy says`;
    return { kind: "released", notices: [{ type: "Normal", reason: "UserRetained", note }] };
  }
  const mayBeOurs = user.status?.ownership !== undefined || bearsPredecessorMarks(user);
  if (!mayBeOurs) return { kind: "released" };
  const inUse = context.keysOf(keyOf(user)).filter((key) => key.status?.accessKeyId !== undefined);
  if (inUse.length > 0) return waitForKeys(user, inUse.length);
  const account = await accountOf(user, context, { spec, needsReady: false });
  if (account.kind === "blocked") {
    const report = reportProblem({
      reason: account.reason,
      message:
        `Cannot delete IAM user "${spec.name}": ${account.message}; restore what is missing, or set spec.deletionPolicy: Retain to keep the user`,
      stalled: true,
      raises: "ProviderNotReady",
    });
    return { kind: "wait", report, ms: WAIT_MS, on: account.on };
  }
  const { session } = account;
  session.iam.admit();
  return await deleteInCloud(user, { session, signal: pass.signal }, context);
}

async function deleteInCloud(user: User, iam: Iam, context: UserContext): Promise<Outcome> {
  const spec = parseSpec(userSpecSchema, user);
  const userName = spec.name;
  const found = await getUser(iam, userName);
  if (found === undefined) return released(userName);
  const inline = await getUserPolicy(iam, {
    userName,
    policyName: inlinePolicyName(userName),
  });
  const right = planUser({
    spec,
    observed: {
      kind: "present",
      user: found,
      inline,
      attached: [],
      tags: undefined,
      tagsUnsupported: undefined,
    },
    policy: { kind: "unmanaged" },
    status: user.status ?? {},
    takenOver: isTakenOver(user),
    provenByPolicy: isPredecessorPolicy(user, inline),
    nowMs: context.clock.now(),
    policySettleMs: 0,
  });
  // An explicit wish to adopt is no proof: what was never adopted is not deleted.
  const neverAdopted = right.kind === "steps" && right.ownership === "Adopted" &&
    user.status?.ownership !== "Adopted";
  if (right.kind === "refused" || neverAdopted) return { kind: "released" };
  await stripUser(iam, userName);
  await deleteUser(iam, userName);
  const after = await getUser(iam, userName);
  if (after === undefined) return released(userName);
  const message = `Waiting for the service to confirm that IAM user "${userName}" is gone`;
  const report = reportProblem({ reason: "Deleting", message, stalled: false });
  return { kind: "retry", report, error: new Error(message), atLeastMs: 1_000 };
}

/** Takes away everything that would keep the user from being deleted, in the order of §4.5. */
async function stripUser(iam: Iam, userName: string): Promise<void> {
  await each(
    await listAccessKeys(iam, userName) ?? [],
    (key) => deleteAccessKey(iam, userName, key),
  );
  await each(
    await listUserPolicies(iam, userName),
    (policyName) => deleteUserPolicy(iam, { userName, policyName }),
  );
  await each(
    await listAttachedUserPolicies(iam, userName),
    (policyArn) => detachUserPolicy(iam, userName, { policyArn }),
  );
  await ifSupported(async () => {
    await each(
      await listGroupsForUser(iam, userName),
      (group) => removeUserFromGroup(iam, userName, { group }),
    );
  });
  await ifSupported(async () => {
    if (await hasLoginProfile(iam, userName)) await deleteLoginProfile(iam, userName);
  });
}

async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  // One after the other: the account's budget is shared.
  // deno-lint-ignore no-await-in-loop
  for (const item of items) await act(item);
}

/** A service without groups or passwords has nothing to take away. */
async function ifSupported(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "Unsupported")) throw error;
  }
}

function released(name: string): Outcome {
  const note = `IAM user ${name} deleted`;
  return { kind: "released", notices: [{ type: "Normal", reason: "UserDeleted", note }] };
}

function abandoned(user: User): Outcome {
  const name = user.spec?.name ?? "of unknown name";
  const note =
    `Released without clean-up, as ${SKIP_CLEANUP_ANNOTATION} asks: IAM user ${name} may stay behind`;
  return { kind: "released", notices: [{ type: "Warning", reason: "CleanupSkipped", note }] };
}

function waitForKeys(user: User, count: number): Outcome {
  const message =
    `${count} AccessKey(s) still belong to User "${user.metadata.name}": delete them, ` +
    "which revokes their keys, and the IAM user goes";
  const report = reportProblem({ reason: "InUse", message, stalled: false });
  return { kind: "wait", report, ms: WAIT_MS, on: "AccessKeys" };
}
