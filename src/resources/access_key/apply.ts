/**
 * Executes one action; the only file of the kind that writes to the cloud, besides delete.ts.
 *
 * The order of writes is what makes a crash harmless: the intention is stored before a key is
 * made, its secret before anything may be lost, the former pair before it is replaced.
 */
import { ProviderError } from "../../wasabi/error.ts";
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  updateAccessKey,
} from "../../wasabi/iam_access_keys.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import { type KeyPair, tryKey } from "../../wasabi/try_key.ts";
import type { AccessKeyContext } from "./context.ts";
import type { Journal, PreviousKey } from "./memory.ts";
import { type Observed, pairOf } from "./observe.ts";
import type { Action, Obstacle, Requests } from "./plan.ts";
import { timeOf } from "./schedule.ts";
import { previousLabels, type SecretStore, type WantedSecret } from "./secret_store.ts";

/** What an action did. */
export type Applied =
  /** Observe and plan again. */
  | { readonly kind: "next"; readonly event?: KeyEvent }
  | ({ readonly kind: "wait"; readonly ms: number } & Obstacle)
  | ({ readonly kind: "blocked" } & Obstacle);

/** Something worth an Event. */
export interface KeyEvent {
  readonly reason: string;
  readonly note: string;
}

/** Where an action is executed. */
export interface ApplyContext {
  readonly iam: Iam;
  readonly userName: string;
  readonly store: SecretStore;
  readonly journal: Journal;
  readonly observed: Observed;
  readonly requests: Requests;
  readonly names: {
    readonly published: string;
    readonly pending: string;
    readonly previous: (rotateTime: string) => string;
  };
  /** Name of the AccessKey, for labels. */
  readonly objectName: string;
  /** The Secret that publishes a pair. */
  readonly secretFor: (pair: KeyPair) => WantedSecret;
  readonly revokeOnlyWhenUnused: boolean;
  /** After a rollback the restored key stays for an interval. */
  readonly intervalMs: number;
  /** Replaced keys found to be in use; added to by `switchOff`. */
  readonly inUse: Set<string>;
  readonly context: AccessKeyContext;
}

type Rest = "blocked" | "rest";

/** A new key is tried this often in a row before it replaces one that works. */
const CONFIRMATIONS = 3;
const SLOWEST_POLL = 10;

/**
 * Executes one action.
 *
 * @throws ProviderError, KubeError
 */
export async function apply(
  action: Exclude<Action, { kind: Rest }>,
  target: ApplyContext,
): Promise<Applied> {
  switch (action.kind) {
    case "create":
      return await create(target);
    case "verify":
      return await verify(action.pair, target);
    case "conclude":
      return await conclude(action.accessKeyId, target);
    case "abandon":
      return await abandon(action.accessKeyId, target);
    case "adopt":
      return adopt(action.accessKeyId, target);
    case "publish":
      return await publish(action.pair, target);
    case "restore":
      return await restore(action, target);
    case "acknowledge":
      target.journal.note({ handledRollbackRequest: target.requests.rollback });
      return next("RollbackImpossible", "There is no replaced key that could be restored");
    case "switchOff":
      return await switchOff(action.previous, target);
    case "remove":
      return await remove(action.previous, target);
    case "forget":
      await target.store.delete(target.names.previous(action.previous.rotateTime));
      target.journal.note({ previousKeys: without(target, action.previous.accessKeyId) });
      return { kind: "next" };
  }
}

async function create(target: ApplyContext): Promise<Applied> {
  const { context, iam, journal, names, observed, store, userName } = target;
  const startTime = new Date(context.clock.now()).toISOString();
  const knownKeys = (observed.listed ?? []).map(({ accessKeyId }) => accessKeyId).slice(0, 16);
  const creation = { startTime, knownKeys };
  await journal.record({ creation });
  const pair = await makeKey(target);
  if (pair === undefined) {
    await journal.record({ creation: undefined });
    return {
      kind: "blocked",
      reason: "KeyLimitReached",
      message:
        `IAM user "${userName}" has as many keys as the service allows: delete what nobody uses`,
    };
  }
  context.redactor.add(pair.secretAccessKey);
  if (await isHonoured(iam, { pair, times: timesFor(target) }).catch(() => false)) {
    return await publishNew(pair, target);
  }
  await store.keep(names.pending, { pair, labels: {} });
  await journal.record({ creation: { ...creation, accessKeyId: pair.accessKeyId } });
  return notHonoured(target, startTime);
}

/** Undefined when the user has too many keys: a limit, and no failure. */
async function makeKey({ iam, userName }: ApplyContext): Promise<KeyPair | undefined> {
  try {
    return await createAccessKey(iam, userName);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === "LimitExceeded") return undefined;
    throw error;
  }
}

function timesFor({ journal }: ApplyContext): number {
  return journal.memory.accessKeyId === undefined ? 1 : CONFIRMATIONS;
}

/** Each try opens a connection of its own, which may end at another machine of the service. */
async function isHonoured(
  iam: Iam,
  { pair, times }: { readonly pair: KeyPair; readonly times: number },
): Promise<boolean> {
  for (let time = 0; time < times; time++) {
    // One that fails ends it.
    // deno-lint-ignore no-await-in-loop
    if (!await tryKey(iam, pair)) return false;
  }
  return true;
}

async function verify(pair: KeyPair, target: ApplyContext): Promise<Applied> {
  if (await isHonoured(target.iam, { pair, times: timesFor(target) })) {
    return await publishNew(pair, target);
  }
  return notHonoured(target, target.journal.memory.creation?.startTime ?? "");
}

function notHonoured({ context }: ApplyContext, startTime: string): Applied {
  const { clock, timing: { verifyPollMs } } = context;
  const elapsedMs = clock.now() - (timeOf(startTime) ?? clock.now());
  return {
    kind: "wait",
    ms: Math.min(Math.max(elapsedMs / 4, verifyPollMs), SLOWEST_POLL * verifyPollMs),
    reason: "KeyNotHonoured",
    message: "The service does not honour the new key yet: it is published once it does",
  };
}

/** Former pair first, then the new one, then the status. */
async function publishNew(pair: KeyPair, target: ApplyContext): Promise<Applied> {
  const { journal, names, observed, store } = target;
  const { creation, accessKeyId: former } = journal.memory;
  const formerPair = pairOf(observed.published);
  if (former !== undefined && formerPair?.accessKeyId === former) {
    const name = names.previous(creation!.startTime);
    const labels = previousLabels(target.objectName, creation!.startTime);
    await store.keep(name, { pair: formerPair, labels });
  }
  if (!await write(pair, target)) return secretTaken(target);
  return await conclude(pair.accessKeyId, target);
}

/** The new key is in the Secret: what is left is to remember it. */
async function conclude(accessKeyId: string, target: ApplyContext): Promise<Applied> {
  const { journal, names, observed, requests, store } = target;
  const { creation, accessKeyId: former, previousKeys } = journal.memory;
  const startTime = creation!.startTime;
  const replaced = former !== undefined && former !== accessKeyId &&
    observed.listed?.some((key) => key.accessKeyId === former);
  if (creation?.accessKeyId !== undefined) await store.delete(names.pending);
  journal.note({
    accessKeyId,
    creation: undefined,
    secretName: names.published,
    lastRotateTime: startTime,
    rotateNotBefore: undefined,
    handledRotateRequest: requests.rotate ?? journal.memory.handledRotateRequest,
    previousKeys: replaced
      ? [...previousKeys, { accessKeyId: former, rotateTime: startTime }]
      : previousKeys,
  });
  return former === undefined
    ? next("AccessKeyCreated", `Access key ${accessKeyId} created`)
    : next("AccessKeyRotated", `Access key ${former} replaced by ${accessKeyId}`);
}

/** Only what the interrupted creation can have left behind. */
async function abandon(accessKeyId: string | undefined, target: ApplyContext): Promise<Applied> {
  const { iam, journal, names, store, userName } = target;
  if (accessKeyId !== undefined) await deleteAccessKey(iam, userName, { accessKeyId });
  await store.delete(names.pending);
  await store.delete(names.previous(journal.memory.creation!.startTime));
  await journal.record({ creation: undefined });
  if (accessKeyId === undefined) return { kind: "next" };
  return next(
    "UnfinishedKeyRemoved",
    `Key ${accessKeyId} of an interrupted creation removed: nobody has its secret`,
  );
}

function adopt(accessKeyId: string, { journal, names, observed, requests, ...rest }: ApplyContext) {
  const { memory } = journal;
  const listed = observed.listed?.find((key) => key.accessKeyId === accessKeyId);
  const wasPrevious = memory.previousKeys.some((key) => key.accessKeyId === accessKeyId);
  const now = new Date(rest.context.clock.now()).toISOString();
  const former = memory.accessKeyId;
  const kept = memory.previousKeys.filter((key) => key.accessKeyId !== accessKeyId);
  const isKnown = kept.some((key) => key.accessKeyId === former);
  journal.note({
    accessKeyId,
    secretName: names.published,
    lastRotateTime: listed?.createdAtMs ? new Date(listed.createdAtMs).toISOString() : now,
    // A key that the predecessor lost the secret of stays: whether it is used is not known.
    previousKeys: wasPrevious && former !== undefined && !isKnown
      ? [...kept, { accessKeyId: former, rotateTime: now }]
      : kept,
    handledRollbackRequest: wasPrevious
      ? requests.rollback ?? memory.handledRollbackRequest
      : memory.handledRollbackRequest,
  });
  return next("AccessKeyAdopted", `Access key ${accessKeyId} of the Secret taken on`);
}

async function publish(pair: KeyPair, target: ApplyContext): Promise<Applied> {
  const { journal, names, observed, store } = target;
  const former = journal.memory.secretName;
  if (!await write(pair, target)) return secretTaken(target);
  if (observed.published.kind === "moved" && former !== undefined) await store.delete(former);
  journal.note({ secretName: names.published });
  return next("SecretWritten", `Secret ${names.published} brought in line`);
}

async function restore(
  { previous, pair }: Extract<Action, { kind: "restore" }>,
  target: ApplyContext,
): Promise<Applied> {
  const { iam, journal, names, observed, requests, store, userName, context } = target;
  const { accessKeyId } = previous;
  await updateAccessKey(iam, userName, { accessKeyId, active: true });
  if (!await isHonoured(iam, { pair, times: 1 })) return notHonoured(target, previous.rotateTime);
  const now = context.clock.now();
  const former = journal.memory.accessKeyId!;
  const isThere = observed.listed?.some((key) => key.accessKeyId === former);
  const known = journal.memory.previousKeys.find((key) => key.accessKeyId === former);
  const rotateTime = known?.rotateTime ?? new Date(now).toISOString();
  const others = without(target, former);
  const replaced = isThere ? [...others, { accessKeyId: former, rotateTime }] : others;
  await journal.record({ previousKeys: replaced });
  const formerPair = pairOf(observed.published);
  if (isThere && formerPair?.accessKeyId === former) {
    const labels = previousLabels(target.objectName, rotateTime);
    await store.keep(names.previous(rotateTime), { pair: formerPair, labels });
  }
  if (!await write(pair, target)) return secretTaken(target);
  const createdAtMs = observed.listed?.find((key) => key.accessKeyId === accessKeyId)?.createdAtMs;
  await journal.record({
    accessKeyId,
    secretName: names.published,
    previousKeys: replaced.filter((key) => key.accessKeyId !== accessKeyId),
    lastRotateTime: new Date(createdAtMs || now).toISOString(),
    ...(requests.rollback === undefined ? {} : {
      handledRollbackRequest: requests.rollback,
      rotateNotBefore: new Date(now + target.intervalMs).toISOString(),
    }),
  });
  await store.delete(names.previous(previous.rotateTime));
  return next("AccessKeyRestored", `Access key ${accessKeyId} is the current one again`);
}

async function switchOff(previous: PreviousKey, target: ApplyContext): Promise<Applied> {
  const { iam, journal, userName, context: { clock, timing } } = target;
  const { accessKeyId } = previous;
  if (target.revokeOnlyWhenUnused) {
    const use = await getAccessKeyLastUsed(iam, accessKeyId);
    if (use.kind === "used" && clock.now() - use.atMs < timing.inUseMs) {
      target.inUse.add(accessKeyId);
      return { kind: "next" };
    }
  }
  await updateAccessKey(iam, userName, { accessKeyId, active: false });
  const inactiveTime = new Date(clock.now()).toISOString();
  journal.note({
    previousKeys: journal.memory.previousKeys.map((key) =>
      key.accessKeyId === accessKeyId ? { ...key, inactiveTime } : key
    ),
  });
  return next("AccessKeySwitchedOff", `Replaced key ${accessKeyId} switched off`);
}

async function remove(previous: PreviousKey, target: ApplyContext): Promise<Applied> {
  const { iam, journal, names, store, userName } = target;
  await deleteAccessKey(iam, userName, previous);
  await store.delete(names.previous(previous.rotateTime));
  journal.note({ previousKeys: without(target, previous.accessKeyId) });
  return next("AccessKeyDeleted", `Replaced key ${previous.accessKeyId} deleted`);
}

function without({ journal }: ApplyContext, accessKeyId: string): readonly PreviousKey[] {
  return journal.memory.previousKeys.filter((key) => key.accessKeyId !== accessKeyId);
}

async function write(pair: KeyPair, { observed, secretFor, store }: ApplyContext) {
  const { published } = observed;
  const options = published.kind === "ours" ? { uid: published.uid } : {};
  return await store.write(secretFor(pair), options);
}

function secretTaken({ names }: ApplyContext): Applied {
  return {
    kind: "blocked",
    reason: "SecretConflict",
    message:
      `Secret "${names.published}" belongs to somebody else: delete it, or choose another name in spec.secret.name`,
  };
}

function next(reason: string, note: string): Applied {
  return { kind: "next", event: { reason, note } };
}
