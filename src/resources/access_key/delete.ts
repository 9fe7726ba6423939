/**
 * The end of an AccessKey: every key that it made is deleted. Its Secrets go with it, by their
 * owner references.
 *
 * Guarantees: no key is deleted that this object did not make; the object is released only after
 * the service confirmed that its keys are gone.
 */
import { type AccessKey, accessKeySpecSchema } from "../../api/access_key.ts";
import { GROUP } from "../../api/common.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass } from "../../control/reconciler.ts";
import { deleteAccessKey, listAccessKeys, type ListedKey } from "../../wasabi/iam_access_keys.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import { referenceKey } from "../granted_reference.ts";
import { parseSpec } from "../spec.ts";
import type { AccessKeyContext } from "./context.ts";
import { memoryOf } from "./memory.ts";
import { keysOfOthers } from "./others.ts";
import { reportProblem } from "./report.ts";
import { accountOf } from "./resolve.ts";
import { timeOf } from "./schedule.ts";

/** Releases an object without touching the cloud. */
const SKIP_CLEANUP_ANNOTATION = `${GROUP}/skip-provider-cleanup`;

/** Only the safety net: the change of what is waited for wakes the AccessKey. */
const WAIT_MS = 60_000;

/** Decides and does the deletion. */
export async function finalizeAccessKey(
  key: AccessKey,
  pass: Pass,
  context: AccessKeyContext,
): Promise<Outcome> {
  const memory = memoryOf(key);
  if (key.metadata.annotations?.[SKIP_CLEANUP_ANNOTATION] === "true") {
    const note =
      `Released without clean-up, as ${SKIP_CLEANUP_ANNOTATION} asks: access key ${memory.accessKeyId} may stay behind`;
    return { kind: "released", notices: [{ type: "Warning", reason: "CleanupSkipped", note }] };
  }
  if (memory.accessKeyId === undefined && memory.creation === undefined) {
    return { kind: "released" };
  }
  const spec = parseSpec(accessKeySpecSchema, key);
  const account = await accountOf(key, context, { spec, needsReady: false });
  if (account.kind === "blocked") {
    const report = reportProblem({
      reason: account.reason,
      message:
        `Cannot delete access key "${memory.accessKeyId}": ${account.message}; restore what is missing, or set the annotation ${SKIP_CLEANUP_ANNOTATION}: "true" to leave the key`,
      stalled: true,
      raises: "ProviderNotReady",
    });
    return { kind: "wait", report, ms: WAIT_MS, on: account.on };
  }
  const userName = memory.userName ?? userNameOf(key, context);
  if (userName === undefined) {
    const message =
      `Cannot delete access key "${memory.accessKeyId}": its User is gone, so that the IAM user is not known; delete the key by hand and set the annotation ${SKIP_CLEANUP_ANNOTATION}: "true"`;
    const report = reportProblem({ reason: "UserNotFound", message, stalled: true });
    return { kind: "wait", report, ms: WAIT_MS, on: "User" };
  }
  const { session } = account;
  session.iam.admit();
  return await deleteInCloud(key, { session, signal: pass.signal }, { userName, context });
}

async function deleteInCloud(
  key: AccessKey,
  iam: Iam,
  { userName, context }: { readonly userName: string; readonly context: AccessKeyContext },
): Promise<Outcome> {
  const ours = oursAmong(await listAccessKeys(iam, userName) ?? [], { key, context });
  for (const accessKeyId of ours) {
    // One after the other: the account's budget is shared.
    // deno-lint-ignore no-await-in-loop
    await deleteAccessKey(iam, userName, { accessKeyId });
  }
  const left = ours.length === 0
    ? []
    : oursAmong(await listAccessKeys(iam, userName) ?? [], { key, context });
  if (left.length === 0) {
    const note = `Access key ${key.status?.accessKeyId ?? "of an unfinished creation"} deleted`;
    return { kind: "released", notices: [{ type: "Normal", reason: "AccessKeyDeleted", note }] };
  }
  const message = "Waiting for the service to confirm that the key is gone";
  const report = reportProblem({ reason: "Deleting", message, stalled: false });
  return { kind: "retry", report, error: new Error(message), atLeastMs: 1_000 };
}

/** Keys that the status names, and the one that an interrupted creation must have made. */
function oursAmong(
  listed: readonly ListedKey[],
  { key, context }: { readonly key: AccessKey; readonly context: AccessKeyContext },
): readonly string[] {
  const { accessKeyId, creation, previousKeys } = memoryOf(key);
  const user = userKeyOf(key);
  const others = keysOfOthers(key, user === undefined ? [] : context.keysOf(user)).ids;
  const known = new Set([
    accessKeyId,
    creation?.accessKeyId,
    ...previousKeys.map((previous) => previous.accessKeyId),
  ]);
  const startMs = timeOf(creation?.startTime) ?? 0;
  const unfinished = creation === undefined || creation.accessKeyId !== undefined
    ? []
    : listed.filter((entry) =>
      !creation.knownKeys.includes(entry.accessKeyId) && !known.has(entry.accessKeyId) &&
      !others.has(entry.accessKeyId) &&
      (entry.createdAtMs === 0 ||
        Math.abs(entry.createdAtMs - startMs) <= context.timing.creationWindowMs)
    );
  // With two of them nobody can tell which one is ours.
  if (unfinished.length === 1) known.add(unfinished[0]!.accessKeyId);
  return listed.map((entry) => entry.accessKeyId)
    .filter((id) => known.has(id) && !others.has(id));
}

function userKeyOf(key: AccessKey) {
  const name = key.spec?.userRef?.name;
  return name === undefined ? undefined : referenceKey(key, { ...key.spec?.userRef, name });
}

function userNameOf(key: AccessKey, context: AccessKeyContext): string | undefined {
  const user = userKeyOf(key);
  const found = user === undefined ? undefined : context.user(user);
  return found?.spec?.name ?? undefined;
}
