/**
 * The life of an AccessKey: resolve, then observe, plan and act until nothing is left to do now.
 *
 * create → verify → publish → overlap → switch off → delete. What must not be forgotten is in the
 * status before it is done (memory.ts), so that a pass goes on where a dead process stopped.
 */
import { type AccessKey, type AccessKeySpec, accessKeySpecSchema } from "../../api/access_key.ts";
import { GROUP } from "../../api/common.ts";
import { keyOf } from "../../api/key.ts";
import type { Notice, Outcome } from "../../control/outcome.ts";
import type { Pass, Reconciler } from "../../control/reconciler.ts";
import type { KeyPair } from "../../wasabi/try_key.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { bearsPredecessorMarks } from "../predecessor_marks.ts";
import { parseSpec } from "../spec.ts";
import { type Applied, apply, type ApplyContext } from "./apply.ts";
import type { AccessKeyContext } from "./context.ts";
import { finalizeAccessKey } from "./delete.ts";
import { failed } from "./failed.ts";
import { fieldsOf, Journal, type Memory, memoryOf, type PreviousKey } from "./memory.ts";
import { pendingSecretName, previousSecretName, secretNameOf } from "./names.ts";
import { observe, type Observed, pairOf } from "./observe.ts";
import { keysOfOthers } from "./others.ts";
import { type Action, type Obstacle, planKey, type Requests } from "./plan.ts";
import { reportProblem, reportReady } from "./report.ts";
import { resolve, type Resolved } from "./resolve.ts";
import { nextRotationMs, staggeredStartMs } from "./schedule.ts";
import { checksumOf, contentOf } from "./secret_content.ts";
import { CHECKSUM_ANNOTATION, type SecretState, SecretStore } from "./secret_store.ts";

/** Only the safety net: the change of what is waited for wakes the AccessKey. */
const WAIT_MS = 300_000;
/** A key of the same user is made in moments, or its AccessKey says why not. */
const TURN_MS = 1_000;
/** Far more actions than any state needs. */
const MAX_ROUNDS = 16;
const ROTATE_ANNOTATION = `${GROUP}/rotate-requested-at`;
const ROLLBACK_ANNOTATION = `${GROUP}/rollback-requested-at`;
const REPLACED_ANNOTATION = `${GROUP}/previous-keys`;
const MAX_REQUEST_LENGTH = 256;

/** Makes the reconciler of AccessKeys. */
export function accessKeyReconciler(context: AccessKeyContext): Reconciler<AccessKey> {
  return {
    reconcile: (key, pass) => reconcile(key, pass, context),
    finalize: (key, pass) => finalizeAccessKey(key, pass, context),
    failed: (key, error) => failed(key, error, context),
  };
}

type Usable = Extract<Resolved, { kind: "resolved" }>;

/** One pass: everything that its rounds share. */
interface Work {
  readonly key: AccessKey;
  readonly spec: AccessKeySpec;
  readonly resolved: Usable;
  readonly journal: Journal;
  readonly requests: () => Requests;
  readonly target: Omit<ApplyContext, "observed" | "requests">;
  readonly context: AccessKeyContext;
}

async function reconcile(
  key: AccessKey,
  pass: Pass,
  context: AccessKeyContext,
): Promise<Outcome> {
  const spec = parseSpec(accessKeySpecSchema, key);
  const resolved = await resolve(key, context, { spec });
  if (resolved.kind === "blocked") return unresolved(key, resolved);
  resolved.session.iam.admit();
  const work = workOn(key, { spec, resolved, pass, context });
  const turn = `${resolved.session.iam.endpoint} ${resolved.userName}`;
  let owner = false;
  try {
    const notices: Notice[] = [];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      // Each round starts from what the one before it did.
      // deno-lint-ignore no-await-in-loop
      const observed = await look(work);
      const action = plan(work, observed);
      if (action.kind === "rest") return rested(work, { action, observed, notices });
      if (action.kind === "blocked") return blocked(work, action);
      if (action.kind === "create" && !owner) {
        if (!takeTurn(work, turn)) return waitForTurn(work);
        owner = true;
      }
      // deno-lint-ignore no-await-in-loop
      const applied = await apply(action, { ...work.target, observed, requests: work.requests() });
      if (applied.kind !== "next") return ended(work, applied);
      if (applied.event !== undefined) notices.push({ type: "Normal", ...applied.event });
    }
    return ended(work, {
      kind: "wait",
      ms: TURN_MS,
      reason: "NotConverged",
      message: "The key's state did not come to rest within a pass",
    });
  } finally {
    if (owner) context.creating.delete(turn);
  }
}

function workOn(
  key: AccessKey,
  parts: {
    readonly spec: AccessKeySpec;
    readonly resolved: Usable;
    readonly pass: Pass;
    readonly context: AccessKeyContext;
  },
): Work {
  const { spec, resolved, pass, context } = parts;
  const journal = new Journal(pass, memoryOf(key));
  const { userName } = resolved;
  return {
    key,
    spec,
    resolved,
    journal,
    context,
    requests: () => requestsOf(key, journal.memory),
    target: {
      iam: { session: resolved.session, signal: pass.signal },
      userName,
      store: new SecretStore(key, context),
      journal,
      names: {
        published: secretNameOf(key),
        pending: pendingSecretName(key),
        previous: (rotateTime) => previousSecretName(key, rotateTime),
      },
      objectName: key.metadata.name,
      secretFor: (pair) => secretFor(key, { spec, resolved, pair }),
      revokeOnlyWhenUnused: spec.rotate?.revokeOnlyWhenUnused ?? false,
      intervalMs: (spec.rotate?.intervalDays ?? 90) * context.timing.dayMs,
      inUse: new Set(),
      context,
    },
  };
}

function requestsOf({ metadata }: AccessKey, memory: Memory): Requests {
  const rotate = metadata.annotations?.[ROTATE_ANNOTATION]?.slice(0, MAX_REQUEST_LENGTH);
  const rollback = metadata.annotations?.[ROLLBACK_ANNOTATION]?.slice(0, MAX_REQUEST_LENGTH);
  return {
    rotate: rotate === memory.handledRotateRequest ? undefined : rotate,
    rollback: rollback === memory.handledRollbackRequest ? undefined : rollback,
  };
}

function secretFor(
  key: AccessKey,
  { spec, resolved, pair }: {
    readonly spec: AccessKeySpec;
    readonly resolved: Usable;
    readonly pair: KeyPair;
  },
) {
  const { session, bucket, userName } = resolved;
  const { endpoint, region } = session;
  return {
    name: secretNameOf(key),
    entries: contentOf(spec.secret, { ...pair, endpoint, region, bucket, userName }),
    labels: spec.secret?.labels ?? {},
    annotations: spec.secret?.annotations ?? {},
  };
}

async function look({ target, journal, requests }: Work): Promise<Observed> {
  const observed = await observe({
    ...target,
    memory: journal.memory,
    rollbackWanted: requests().rollback !== undefined,
    isIntact: (secret, pair) => isIntact(secret, target.secretFor(pair)),
  });
  return observed;
}

function isIntact(
  secret: Extract<SecretState, { kind: "ours" }>,
  wanted: ReturnType<typeof secretFor>,
): boolean {
  return secret.annotations[CHECKSUM_ANNOTATION] === checksumOf(wanted.entries) &&
    holds(secret.entries, wanted.entries) && holds(secret.labels, wanted.labels) &&
    holds(secret.annotations, wanted.annotations);
}

function holds(
  found: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => found[name] === value);
}

function plan(work: Work, observed: Observed): Action {
  const { key, spec, journal, context, resolved, target } = work;
  const { uid } = key.metadata;
  const nowMs = context.clock.now();
  const before = journal.memory;
  const takenOver = bearsPredecessorMarks(key);
  const created = observed.listed?.find(({ accessKeyId }) => accessKeyId === before.accessKeyId);
  const schedule = { spec, uid, nowMs, timing: context.timing };
  const createdAtMs = created?.createdAtMs || undefined;
  const isNewSchedule = before.userName === undefined || before.nextRotateTime === undefined;
  if (before.accessKeyId !== undefined && isNewSchedule && before.rotateNotBefore === undefined) {
    const startMs = staggeredStartMs({ ...schedule, memory: before, createdAtMs });
    if (startMs !== undefined) {
      journal.note({ rotateNotBefore: new Date(startMs).toISOString() });
    }
  }
  if (before.userName === undefined && takenOver) {
    const previousKeys = keysReplacedBefore(key, { observed, memory: before, nowMs });
    if (previousKeys.length > 0) journal.note({ previousKeys });
  }
  const action = planKey({
    ...schedule,
    memory: journal.memory,
    observed,
    others: keysOfOthers(key, context.keysOf(keyOf(resolved.user))).ids,
    requests: work.requests(),
    takenOver,
    secretName: target.names.published,
    inUse: target.inUse,
  });
  journal.note({ userName: resolved.userName });
  return action;
}

/** Keys that an early version of the predecessor replaced and only wrote down (seed-spec §11.1). */
function keysReplacedBefore(
  { metadata }: AccessKey,
  { observed, memory, nowMs }: {
    readonly observed: Observed;
    readonly memory: Memory;
    readonly nowMs: number;
  },
): readonly PreviousKey[] {
  const named = metadata.annotations?.[REPLACED_ANNOTATION]?.match(/[A-Z0-9]{16,128}/g) ?? [];
  const rotateTime = new Date(nowMs).toISOString();
  return [...new Set(named)]
    .filter((id) => id !== memory.accessKeyId && id !== pairOf(observed.published)?.accessKeyId)
    .filter((id) => observed.listed?.some(({ accessKeyId }) => accessKeyId === id))
    .map((accessKeyId) => ({ accessKeyId, rotateTime }));
}

/** A key that is being made for another AccessKey of the user could not be told from ours. */
function takeTurn({ key, context, resolved }: Work, turn: string): boolean {
  const others = keysOfOthers(key, context.keysOf(keyOf(resolved.user)));
  if (others.creating || context.creating.has(turn)) return false;
  context.creating.add(turn);
  return true;
}

function waitForTurn(work: Work): Outcome {
  return ended(work, {
    kind: "wait",
    ms: TURN_MS,
    reason: "OtherKeyInCreation",
    message: "A key of the same IAM user is being made for another AccessKey: this one is next",
  });
}

function rested(
  { key, spec, journal, context, resolved, target }: Work,
  result: {
    readonly action: Extract<Action, { kind: "rest" }>;
    readonly observed: Observed;
    readonly notices: readonly Notice[];
  },
): Outcome {
  const { action, observed, notices } = result;
  const { memory } = journal;
  const nowMs = context.clock.now();
  const accessKeyId = memory.accessKeyId!;
  const created = observed.listed?.find((listed) => listed.accessKeyId === accessKeyId);
  const nextMs = nextRotationMs({
    spec,
    memory,
    createdAtMs: created?.createdAtMs || undefined,
    uid: key.metadata.uid,
    nowMs,
    timing: context.timing,
  });
  const lastRotateTime = memory.lastRotateTime ??
    (created?.createdAtMs ? new Date(created.createdAtMs).toISOString() : undefined);
  journal.note({
    secretName: target.names.published,
    lastRotateTime,
    nextRotateTime: nextMs === undefined ? undefined : new Date(nextMs).toISOString(),
  });
  const report = reportReady({
    accessKeyId,
    fields: fieldsOf(journal.memory),
    obstacle: action.obstacle,
    warning: resolved.warning,
  });
  const driftMs = driftIntervalMs(key, context.driftIntervalMs);
  const recheckMs = Math.max(Math.min(driftMs, action.dueMs - nowMs), 1);
  return { kind: "done", report, recheckMs, notices };
}

/** Nothing more can be done in this pass. */
function ended(
  { key, journal, context }: Work,
  end: Extract<Applied, { kind: "wait" | "blocked" }>,
): Outcome {
  const { reason, message } = end;
  const stalled = end.kind === "blocked";
  const found = fieldsOf(journal.memory);
  const report = reportProblem({ reason, message, stalled, found });
  if (end.kind === "wait") return { kind: "wait", report, ms: end.ms, on: reason };
  return { kind: "stuck", report, recheckMs: driftIntervalMs(key, context.driftIntervalMs) };
}

function blocked(work: Work, obstacle: Obstacle): Outcome {
  const { reason, message } = obstacle;
  return ended(work, { kind: "blocked", reason, message });
}

function unresolved(key: AccessKey, problem: Extract<Resolved, { kind: "blocked" }>): Outcome {
  const { reason, message, on } = problem;
  const known = key.status?.conditions !== undefined;
  if (reason === "Pending" && known) return { kind: "wait", ms: WAIT_MS, on };
  const report = reportProblem({
    reason,
    message,
    stalled: reason === "ReferenceNotAllowed" || reason === "NoIamEndpoint",
    // The predecessor raised it for its User too.
    ...(reason === "Pending" ? {} : { raises: "ProviderNotReady" }),
  });
  return { kind: "wait", report, ms: WAIT_MS, on };
}
