/**
 * Which changes of one object mean something to another.
 */
import type { Bucket } from "../api/bucket.ts";
import type { CustomResource } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import type { Provider } from "../api/provider.ts";
import { findCondition } from "../control/conditions.ts";
import { conditionsOf } from "../control/status.ts";
import type { Informer } from "../watch/informer.ts";
import type { Change } from "../watch/store.ts";
import { neededProviderOf } from "./indexes.ts";

/**
 * False for a Provider's changes that do not alter whether it is ready for its present spec. A
 * changed spec itself wakes nobody: the try of it that follows does.
 */
export function changesReadiness(change: Change<Provider>): boolean {
  if (change.kind !== "updated") return true;
  const { before, object } = change;
  const was = findCondition(conditionsOf(before), "Ready");
  const is = findCondition(conditionsOf(object), "Ready");
  return was?.status !== is?.status || was?.observedGeneration !== is?.observedGeneration;
}

/** Other Buckets that ask for the same name. */
export function rivalsOf(bucket: Bucket, buckets: Informer<Bucket>): readonly ObjectKey[] {
  const name = bucket.spec?.name;
  return name === undefined ? [] : buckets.by("byName", name).map(keyOf);
}

/** The Provider of an object, if it is being deleted and so may wait for this one. */
export function dependentProviders(
  object: CustomResource,
  providers: Informer<Provider>,
): readonly ObjectKey[] {
  const key = neededProviderOf(object);
  if (key === undefined) return [];
  const provider = providers.get(key);
  return provider?.metadata.deletionTimestamp === undefined ? [] : [key];
}

/** Buckets of a namespace that refer to a Provider of another one, whose grant may go by label. */
export function refersElsewhere(
  namespace: string,
  buckets: Informer<Bucket>,
): readonly ObjectKey[] {
  return buckets.list()
    .filter(({ metadata, spec }) =>
      metadata.namespace === namespace && spec?.providerRef?.namespace !== undefined
    )
    .map(keyOf);
}
