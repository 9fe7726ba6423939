/**
 * Users and AccessKeys: what wakes them, and what drives them.
 */
import { type CustomResource } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import type { User } from "../api/user.ts";
import { wakeByOther } from "../control/source.ts";
import { DEPENDENCY_CHANGE } from "../queue/priority.ts";
import type { WorkQueue } from "../queue/work_queue.ts";
import { referenceKey } from "../resources/granted_reference.ts";
import type { ProviderSessions } from "../resources/provider_sessions.ts";
import type { ReferenceLookup } from "../resources/reference.ts";
import { userReconciler } from "../resources/user/reconcile.ts";
import type { Informer } from "../watch/informer.ts";
import type { Change } from "../watch/store.ts";
import { drive, type Driven } from "./driven.ts";
import type { Parts } from "./options.ts";
import { changesReadiness } from "./wake.ts";

/** What the identities share with the other kinds. */
export interface IdentityParts {
  readonly parts: Parts;
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  readonly providers: WorkQueue;
}

/** IAM changes hold after at most this time (wasabi §4.5: polled up to 90 s). */
const POLICY_SETTLE_MS = 90_000;

/** Makes the controllers of Users and AccessKeys. */
export function driveIdentities(shared: IdentityParts): readonly Driven[] {
  return [driveUsers(shared)];
}

function driveUsers({ parts, lookup, sessions, providers }: IdentityParts): Driven {
  const { cluster, clock, metrics } = parts;
  const { Provider, User, IAMPolicy, AccessKey } = cluster.kinds;
  const users = drive(parts, "User", {
    reconciler: userReconciler({
      lookup,
      sessions,
      policy: (key) => IAMPolicy.get(key),
      usersNamed: (name) => User.by("byUserName", name),
      keysOf: (user) => AccessKey.by("byUser", user),
      suspectProvider: (key) => providers.add(key, { priority: DEPENDENCY_CHANGE }),
      clock,
      onDrift: (what) =>
        metrics.predecessor.driftDetected.inc({ kind: "User", resource_type: what }),
      driftIntervalMs: parts.driftIntervalMs,
      policySettleMs: parts.policySettleMs ?? POLICY_SETTLE_MS,
    }),
  });
  wakeByOther(Provider, users.queue, {
    keysOf: (provider) => User.by("byProvider", keyOf(provider)).map(keyOf),
    matters: changesReadiness,
  });
  wakeByOther(IAMPolicy, users.queue, {
    keysOf: (policy) => User.by("byPolicy", keyOf(policy)).map(keyOf),
  });
  wakeByOther(cluster.namespaces, users.queue, {
    keysOf: ({ metadata }) => refersElsewhere(metadata.name, User),
  });
  // A User that goes away frees its name for its rivals.
  wakeByOther(User, users.queue, {
    keysOf: ({ spec }) => spec === undefined ? [] : User.by("byUserName", spec.name).map(keyOf),
    matters: ({ kind }: Change<User>) => kind === "deleted",
  });
  // A User that is being deleted waits for its keys.
  wakeByOther(AccessKey, users.queue, {
    keysOf: (key) => {
      const name = key.spec?.userRef?.name;
      if (name === undefined) return [];
      const user = User.get(referenceKey(key, { ...key.spec?.userRef, name }));
      return user?.metadata.deletionTimestamp === undefined ? [] : [keyOf(user)];
    },
    matters: ({ kind }) => kind !== "added",
  });
  return users;
}

/** Objects of a namespace that refer to another one, whose grant may go by label. */
function refersElsewhere<T extends CustomResource>(
  namespace: string,
  informer: Informer<T>,
): readonly ObjectKey[] {
  return informer.list()
    .filter(({ metadata, spec }) =>
      metadata.namespace === namespace && JSON.stringify(spec ?? {}).includes('"namespace"')
    )
    .map(keyOf);
}
