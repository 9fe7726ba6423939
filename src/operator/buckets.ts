/**
 * Buckets: what wakes them, and what drives them.
 */
import type { CustomResource } from "../api/common.ts";
import { keyOf } from "../api/key.ts";
import { wakeByOther } from "../control/source.ts";
import { DEPENDENCY_CHANGE } from "../queue/priority.ts";
import type { WorkQueue } from "../queue/work_queue.ts";
import { childKinds } from "../resources/bucket/auto_manage/children.ts";
import { bucketReconciler } from "../resources/bucket/reconcile.ts";
import type { ProviderSessions } from "../resources/provider_sessions.ts";
import type { ReferenceLookup } from "../resources/reference.ts";
import type { Refusals } from "../resources/refusals.ts";
import { changesChild, childStoreIn, owningBucket } from "./children.ts";
import { drive, type Driven } from "./driven.ts";
import { observeBuckets } from "./observers.ts";
import type { Parts } from "./options.ts";
import { changesReadiness, refersElsewhere, rivalsOf } from "./wake.ts";

/** What the Buckets share with the other kinds. */
export interface BucketParts {
  readonly parts: Parts;
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  readonly refusals: Refusals;
  readonly providers: WorkQueue;
}

/** Makes the controller of Buckets. */
export function driveBuckets(shared: BucketParts): Driven {
  const { parts, lookup, sessions, refusals, providers } = shared;
  const { cluster, clock, metrics } = parts;
  const { Provider, Bucket } = cluster.kinds;
  const buckets = drive(parts, "Bucket", {
    reconciler: bucketReconciler({
      lookup,
      sessions,
      refusals,
      children: childStoreIn(parts),
      bucketsNamed: (name) => Bucket.by("byName", name),
      suspectProvider: (key) => providers.add(key, { priority: DEPENDENCY_CHANGE }),
      clock,
      observer: observeBuckets(metrics),
      driftIntervalMs: parts.driftIntervalMs,
    }),
  });
  wakeByOther(Provider, buckets.queue, {
    keysOf: (provider) => Bucket.by("byProvider", keyOf(provider)).map(keyOf),
    matters: changesReadiness,
  });
  wakeByOther(cluster.namespaces, buckets.queue, {
    keysOf: ({ metadata }) => refersElsewhere(metadata.name, Bucket),
  });
  // A Bucket that goes away frees its name for its rivals, and its Provider.
  wakeByOther(Bucket, buckets.queue, {
    keysOf: (bucket) => rivalsOf(bucket, Bucket),
    matters: ({ kind }) => kind === "deleted",
  });
  for (const kind of childKinds) {
    wakeByOther<CustomResource>(cluster.kinds[kind], buckets.queue, {
      keysOf: owningBucket,
      matters: changesChild,
    });
  }
  return buckets;
}
