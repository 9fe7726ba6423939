/**
 * From events to keys: which change wakes which object.
 */
import type { CustomResource, KubeObject } from "../api/common.ts";
import { FINALIZER, GROUP } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import { DELETION, DEPENDENCY_CHANGE, ROUTINE, USER_CHANGE } from "../queue/priority.ts";
import type { WorkQueue } from "../queue/work_queue.ts";
import type { Informer } from "../watch/informer.ts";
import type { Change } from "../watch/store.ts";
import { sameJson } from "./json.ts";

/** Where changes of a kind come from. */
export interface ChangeSource<S> {
  onChange(listener: (change: Change<S>) => void): void;
}

/** Wakes an object by its own changes; silent on our own status writes. */
export function wakeByOwnChange<T extends CustomResource>(
  informer: Informer<T>,
  queue: WorkQueue,
  options: { readonly isForeignStatus: (key: ObjectKey) => boolean },
): void {
  informer.onChange((change) => {
    const key = keyOf(change.object);
    const priority = priorityOfChange(change);
    if (priority !== undefined) return queue.add(key, { priority });
    if (options.isForeignStatus(key)) queue.add(key, { priority: USER_CHANGE });
  });
}

/**
 * Wakes objects by a change of something else.
 *
 * @param keysOf asked for the state before and the one after, so that a changed reference wakes
 * both its old and its new target
 */
export function wakeByOther<S extends KubeObject>(
  informer: ChangeSource<S>,
  queue: WorkQueue,
  options: {
    readonly keysOf: (object: S) => readonly ObjectKey[];
    /** False for changes that mean nothing to the woken; all changes count when absent. */
    readonly matters?: (change: Change<S>) => boolean;
  },
): void {
  informer.onChange((change) => {
    if (options.matters !== undefined && !options.matters(change)) return;
    const before = change.kind === "updated" ? options.keysOf(change.before) : [];
    for (const key of new Set([...options.keysOf(change.object), ...before])) {
      queue.add(key, { priority: DEPENDENCY_CHANGE });
    }
  });
}

/** Undefined for a change of nothing but status and foreign metadata. */
function priorityOfChange<T extends CustomResource>(change: Change<T>): number | undefined {
  const { metadata } = change.object;
  // The queue forgets a deleted key when it finds no object.
  if (change.kind === "deleted") return DELETION;
  if (metadata.deletionTimestamp !== undefined) {
    const before = change.kind === "updated" ? change.before.metadata : undefined;
    return sameMeta(before, metadata) ? undefined : DELETION;
  }
  if (change.kind === "added") {
    const observed = (change.object.status as { observedGeneration?: number } | undefined)
      ?.observedGeneration;
    return observed === metadata.generation ? ROUTINE : USER_CHANGE;
  }
  return sameMeta(change.before.metadata, metadata) ? undefined : USER_CHANGE;
}

function sameMeta(
  before: KubeObject["metadata"] | undefined,
  after: KubeObject["metadata"],
): boolean {
  return before !== undefined && before.generation === after.generation &&
    before.deletionTimestamp === after.deletionTimestamp &&
    !lostFinalizer(before, after) &&
    sameJson(ourAnnotations(before), ourAnnotations(after));
}

/** Our own adding of it is no reason to look again; somebody's taking it away is. */
function lostFinalizer(before: KubeObject["metadata"], after: KubeObject["metadata"]): boolean {
  return (before.finalizers ?? []).includes(FINALIZER) &&
    !(after.finalizers ?? []).includes(FINALIZER);
}

function ourAnnotations(metadata: KubeObject["metadata"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => name.startsWith(`${GROUP}/`)),
  );
}
