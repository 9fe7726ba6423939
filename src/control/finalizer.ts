/**
 * The only place that writes finalizers.
 *
 * Guarantee: finalizers of others are never lost. Each change is a JSON patch whose `test`
 * holds only while the list is the one that was read; else it is read and tried again.
 * Expected flow: `ensureFinalizer` before anything is made outside, `releaseFinalizer` once the
 * outside is confirmed to be settled.
 */
import { type CustomResource, FINALIZER, type Json, PREDECESSOR_FINALIZER } from "../api/common.ts";
import type { KubeClient, PatchOperation } from "../kube/client.ts";
import { isNotFound, KubeError } from "../kube/error.ts";
import type { Resource } from "../kube/resource.ts";

const MAX_TRIES = 5;

interface FinalizerContext {
  readonly client: KubeClient;
  readonly resource: Resource;
}

/**
 * Adds our finalizer, and takes the predecessor's marker away: nobody else would.
 *
 * @returns the object as it is now, or undefined when it is gone
 * @throws KubeError when the object cannot be patched
 */
export function ensureFinalizer<T extends CustomResource>(
  object: T,
  context: FinalizerContext,
): Promise<T | undefined> {
  return rewrite(object, context, (finalizers) => {
    const kept = finalizers.filter((name) => name !== PREDECESSOR_FINALIZER);
    return kept.includes(FINALIZER) ? kept : [...kept, FINALIZER];
  });
}

/**
 * Removes our finalizer and the predecessor's marker, all equal entries of them.
 *
 * @returns the object as it is now, or undefined when it is gone
 * @throws KubeError when the object cannot be patched
 */
export function releaseFinalizer<T extends CustomResource>(
  object: T,
  context: FinalizerContext,
): Promise<T | undefined> {
  return rewrite(
    object,
    context,
    (finalizers) => finalizers.filter((n) => n !== FINALIZER && n !== PREDECESSOR_FINALIZER),
  );
}

/** True when the clean-up of this object is ours to do. */
export function hasFinalizer(object: CustomResource): boolean {
  const finalizers = object.metadata.finalizers ?? [];
  return finalizers.includes(FINALIZER) || finalizers.includes(PREDECESSOR_FINALIZER);
}

async function rewrite<T extends CustomResource>(
  object: T,
  context: FinalizerContext,
  change: (finalizers: readonly string[]) => readonly string[],
): Promise<T | undefined> {
  let current = object;
  try {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const before = current.metadata.finalizers ?? [];
      const after = change(before);
      if (before.length === after.length && before.every((name) => after.includes(name))) {
        return current;
      }
      // Each try starts from what the one before it read.
      // deno-lint-ignore no-await-in-loop
      const patched = await tryPatch(current, context, after);
      if (patched !== undefined) return patched;
      // deno-lint-ignore no-await-in-loop
      current = await context.client.get<T>(context.resource, current.metadata);
      if (current.metadata.uid !== object.metadata.uid) return undefined;
    }
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  throw new KubeError(`Cannot change finalizers: ${MAX_TRIES} tries met other writers`, {
    code: 409,
    reason: "Conflict",
    retryAfterMs: 0,
  });
}

/** Undefined when the list is no longer the one that was read. */
async function tryPatch<T extends CustomResource>(
  object: T,
  context: FinalizerContext,
  after: readonly string[],
): Promise<T | undefined> {
  const before = object.metadata.finalizers;
  const value = after as Json;
  const operations: PatchOperation[] = [
    { op: "test", path: "/metadata/uid", value: object.metadata.uid },
    ...(before === undefined || before.length === 0
      ? [
        { op: "test", path: "/metadata/resourceVersion", value: object.metadata.resourceVersion },
        { op: "add", path: "/metadata/finalizers", value },
      ] as const
      : [
        { op: "test", path: "/metadata/finalizers", value: before as Json },
        { op: "replace", path: "/metadata/finalizers", value },
      ] as const),
  ];
  try {
    return await context.client.patchJson<T>(context.resource, object.metadata, operations);
  } catch (error) {
    const raced = error instanceof KubeError && !error.invalid &&
      (error.code === 422 || error.code === 409);
    if (raced) return undefined;
    throw error;
  }
}
