/**
 * From what is and what should be to the next action; pure. Each action leads to a state that the
 * next plan understands, also when the process dies in the middle of it.
 */
import type { AccessKeySpec } from "../../api/access_key.ts";
import type { ListedKey } from "../../wasabi/iam_access_keys.ts";
import type { KeyPair } from "../../wasabi/try_key.ts";
import type { KeyTiming } from "./context.ts";
import type { Memory, PreviousKey } from "./memory.ts";
import { type Observed, pairOf } from "./observe.ts";
import type { AccessKeyReason } from "./reasons.ts";
import { deletionMs, nextRotationMs, switchOffMs, timeOf } from "./schedule.ts";

/** Why a key is made. */
export type Purpose = "first" | "rotation" | "healing";

/** What to do next. */
export type Action =
  | { readonly kind: "create"; readonly purpose: Purpose }
  /** The kept pair of a creation: try it, and publish it once it is honoured. */
  | { readonly kind: "verify"; readonly pair: KeyPair }
  /** A creation ended with its Secret written, and the status did not come to know. */
  | { readonly kind: "conclude"; readonly accessKeyId: string }
  /** A creation left nothing, or a key whose secret nobody has. */
  | { readonly kind: "abandon"; readonly accessKeyId: string | undefined }
  /** The Secret has a key of this user that the status does not know, and it works. */
  | { readonly kind: "adopt"; readonly accessKeyId: string }
  | { readonly kind: "publish"; readonly pair: KeyPair }
  /** A replaced key becomes the current one again. */
  | { readonly kind: "restore"; readonly previous: PreviousKey; readonly pair: KeyPair }
  | { readonly kind: "acknowledge"; readonly request: "rotate" | "rollback" }
  | { readonly kind: "switchOff"; readonly previous: PreviousKey }
  | { readonly kind: "remove"; readonly previous: PreviousKey }
  /** A replaced key that somebody else deleted. */
  | { readonly kind: "forget"; readonly previous: PreviousKey }
  | ({ readonly kind: "blocked" } & Obstacle)
  | { readonly kind: "rest"; readonly obstacle: Obstacle | undefined; readonly dueMs: number };

/** Why something cannot be done now; the message names the remedy. */
export interface Obstacle {
  readonly reason: AccessKeyReason;
  readonly message: string;
}

/** What people ask for by annotation, as far as it is not answered yet. */
export interface Requests {
  readonly rotate: string | undefined;
  readonly rollback: string | undefined;
}

/** What a plan is made from. */
export interface PlanInput {
  readonly spec: AccessKeySpec;
  readonly memory: Memory;
  readonly observed: Observed;
  /** Keys of the same user that other AccessKeys know as theirs. */
  readonly others: ReadonlySet<string>;
  readonly requests: Requests;
  /** The predecessor handled this object: what it left in the Secret is what applications use. */
  readonly takenOver: boolean;
  readonly secretName: string;
  readonly uid: string;
  readonly nowMs: number;
  readonly timing: KeyTiming;
  /** Replaced keys whose revocation waits because they are used. */
  readonly inUse: ReadonlySet<string>;
}

/** Most keys that a user may have (wasabi §4.5: two, as in AWS). */
const MOST_KEYS = 2;

/** Decides what to do next. */
export function planKey(input: PlanInput): Action {
  const { memory, observed } = input;
  const { listed, published } = observed;
  if (listed === undefined) {
    return blocked(
      "IamUserMissing",
      `The account has no IAM user "${memory.userName}": it was deleted, and its User makes it anew`,
    );
  }
  if (published.kind === "foreign") {
    return blocked(
      "SecretConflict",
      `Secret "${input.secretName}" belongs to somebody else: delete it, or choose another name in spec.secret.name`,
    );
  }
  if (memory.creation !== undefined) return planUnfinished(input, listed);
  if (memory.accessKeyId === undefined) return planFirst(input, listed);
  return planCurrent(input, { listed, accessKeyId: memory.accessKeyId });
}

/** A creation was begun and its end was not recorded. */
function planUnfinished(input: PlanInput, listed: readonly ListedKey[]): Action {
  const { memory, observed, others, timing } = input;
  const creation = memory.creation!;
  const known = new Set([...creation.knownKeys, ...others]);
  const fresh = listed.filter(({ accessKeyId }) => !known.has(accessKeyId));
  const isFresh = (id: string | undefined) => fresh.some(({ accessKeyId }) => accessKeyId === id);
  const publishedId = pairOf(observed.published)?.accessKeyId;
  if (publishedId !== undefined && isFresh(publishedId)) {
    return { kind: "conclude", accessKeyId: publishedId };
  }
  const { pending } = observed;
  if (pending !== undefined && isFresh(pending.accessKeyId)) {
    return { kind: "verify", pair: pending };
  }
  if (creation.accessKeyId !== undefined) {
    const accessKeyId = isFresh(creation.accessKeyId) ? creation.accessKeyId : undefined;
    return { kind: "abandon", accessKeyId };
  }
  const startMs = timeOf(creation.startTime) ?? 0;
  const candidates = fresh.filter(({ createdAtMs }) =>
    createdAtMs === 0 || Math.abs(createdAtMs - startMs) <= timing.creationWindowMs
  );
  if (candidates.length <= 1) {
    return { kind: "abandon", accessKeyId: candidates[0]?.accessKeyId };
  }
  const ids = candidates.map(({ accessKeyId }) => accessKeyId).join(" and ");
  return blocked(
    "AmbiguousKeys",
    `Keys ${ids} appeared while one was made, and only one of them is ours: delete the one that nobody uses`,
  );
}

function planFirst(input: PlanInput, listed: readonly ListedKey[]): Action {
  const { observed: { published } } = input;
  const pair = pairOf(published);
  const works = published.kind === "ours" && published.works === true;
  // The Secret is ours by its owner, so the status was lost, or never written (seed-spec A9).
  if (pair !== undefined && works && !input.others.has(pair.accessKeyId)) {
    return { kind: "adopt", accessKeyId: pair.accessKeyId };
  }
  return createOrBlocked("first", { input, listed });
}

interface Current {
  readonly listed: readonly ListedKey[];
  readonly accessKeyId: string;
}

function planCurrent(input: PlanInput, current: Current): Action {
  const { observed: { published }, requests, memory } = input;
  const pair = pairOf(published);
  const key = current.listed.find(({ accessKeyId }) => accessKeyId === current.accessKeyId);
  if (pair?.accessKeyId !== current.accessKeyId) {
    const pointed = planOtherSecret(input, current);
    if (pointed !== undefined) return pointed;
  }
  if (key === undefined) return planLost(input, current);
  if (published.kind === "moved") return { kind: "publish", pair: published.pair };
  if (published.kind !== "ours" || pair?.accessKeyId !== current.accessKeyId) {
    return planLost(input, current);
  }
  if (!published.intact) {
    // With the key switched off, nobody can tell whether the pair is right: it is left alone.
    if (published.works === true) return { kind: "publish", pair };
    if (published.works === false) return planLost(input, current);
  }
  const wantsRotation = requests.rotate !== undefined;
  if (!key.active && !wantsRotation) {
    return blocked(
      "KeyDisabled",
      `Key ${key.accessKeyId} was switched off: switch it on again, or set the annotation s3.cloud37.dev/rotate-requested-at to get another one`,
    );
  }
  if (requests.rollback !== undefined) {
    const previous = memory.previousKeys.findLast(({ accessKeyId }) =>
      accessKeyId !== current.accessKeyId && input.observed.previous.has(accessKeyId) &&
      isListed(current, accessKeyId)
    );
    const restorable = previous && input.observed.previous.get(previous.accessKeyId);
    return previous !== undefined && restorable !== undefined
      ? { kind: "restore", previous, pair: restorable }
      : { kind: "acknowledge", request: "rollback" };
  }
  return planRoutine(input, current);
}

/** The Secret names another key than the status. */
function planOtherSecret(input: PlanInput, { accessKeyId }: Current): Action | undefined {
  const { observed: { published }, memory, takenOver } = input;
  if (published.kind !== "ours" || published.works !== true) return undefined;
  const id = published.pair?.accessKeyId;
  if (id === undefined || id === accessKeyId || input.others.has(id)) return undefined;
  const isPrevious = memory.previousKeys.some((key) => key.accessKeyId === id);
  const firstSight = takenOver && memory.userName === undefined;
  return isPrevious || firstSight ? { kind: "adopt", accessKeyId: id } : undefined;
}

/** The current key is gone, or nobody has its secret any more. */
function planLost(input: PlanInput, current: Current): Action {
  const { memory, observed } = input;
  for (const previous of memory.previousKeys.toReversed()) {
    const pair = observed.previous.get(previous.accessKeyId);
    if (previous.accessKeyId === current.accessKeyId || pair === undefined) continue;
    if (isListed(current, previous.accessKeyId)) return { kind: "restore", previous, pair };
  }
  return createOrBlocked("healing", { input, listed: current.listed });
}

function planRoutine(input: PlanInput, current: Current): Action {
  const { memory, nowMs, requests, timing } = input;
  const gone = memory.previousKeys.find((key) =>
    key.accessKeyId === current.accessKeyId || !isListed(current, key.accessKeyId)
  );
  if (gone !== undefined) return { kind: "forget", previous: gone };
  const created = current.listed.find(({ accessKeyId }) => accessKeyId === current.accessKeyId);
  const rotateMs = nextRotationMs({ ...input, createdAtMs: created?.createdAtMs || undefined });
  const due = requests.rotate !== undefined || (rotateMs !== undefined && rotateMs <= nowMs);
  const dueTimes: number[] = [];
  for (const previous of memory.previousKeys) {
    const removeMs = deletionMs(previous, { timing, soon: due });
    const atMs = removeMs ?? switchOffMs(previous, input);
    if (atMs > nowMs) dueTimes.push(atMs);
    else if (removeMs !== undefined) return { kind: "remove", previous };
    else if (!input.inUse.has(previous.accessKeyId)) return { kind: "switchOff", previous };
  }
  if (due) {
    const action = createOrBlocked("rotation", { input, listed: current.listed });
    if (action.kind === "create") return action;
    if (action.kind === "blocked") {
      const { reason, message } = action;
      return { kind: "rest", obstacle: { reason, message }, dueMs: Math.min(...dueTimes) };
    }
  }
  if (rotateMs !== undefined && !due) dueTimes.push(rotateMs);
  const obstacle = input.inUse.size === 0 ? undefined : stillInUse(input.inUse);
  return { kind: "rest", obstacle, dueMs: Math.min(...dueTimes) };
}

function createOrBlocked(
  purpose: Purpose,
  { input, listed }: { readonly input: PlanInput; readonly listed: readonly ListedKey[] },
): Action {
  if (listed.length < MOST_KEYS) return { kind: "create", purpose };
  const { memory } = input;
  const own = new Set([memory.accessKeyId, ...memory.previousKeys.map((key) => key.accessKeyId)]);
  const foreign = listed.map(({ accessKeyId }) => accessKeyId).filter((id) => !own.has(id));
  if (foreign.length === 0) {
    return blocked(
      "PreviousKeyInOverlap",
      "The key that was replaced last is still valid, and the service allows no third one: " +
        "the rotation follows once it is deleted",
    );
  }
  return blocked(
    "KeyLimitReached",
    `IAM user "${memory.userName}" has ${listed.length} keys already, and ${
      foreign.join(" and ")
    } is not this object's: delete what nobody uses`,
  );
}

function stillInUse(keys: ReadonlySet<string>): Obstacle {
  return {
    reason: "PreviousKeyInUse",
    message: `Key ${
      [...keys].join(" and ")
    } was replaced and is still used: it stays valid until it is not`,
  };
}

function isListed({ listed }: Current, id: string): boolean {
  return listed.some(({ accessKeyId }) => accessKeyId === id);
}

function blocked(reason: AccessKeyReason, message: string): Extract<Action, { kind: "blocked" }> {
  return { kind: "blocked", reason, message };
}
