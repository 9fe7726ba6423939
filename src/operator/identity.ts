/**
 * Users and AccessKeys: what wakes them, and what drives them.
 */
import type { CustomResource, KubeObject } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import type { User } from "../api/user.ts";
import { findCondition } from "../control/conditions.ts";
import { sameJson } from "../control/json.ts";
import { wakeByOther } from "../control/source.ts";
import { DEPENDENCY_CHANGE } from "../queue/priority.ts";
import type { WorkQueue } from "../queue/work_queue.ts";
import { keyTiming } from "../resources/access_key/context.ts";
import { accessKeyReconciler } from "../resources/access_key/reconcile.ts";
import { CHECKSUM_ANNOTATION } from "../resources/access_key/secret_store.ts";
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
  gaugeAccessKeys(shared.parts);
  return [driveUsers(shared), driveAccessKeys(shared)];
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

function driveAccessKeys({ parts, lookup, sessions, providers }: IdentityParts): Driven {
  const { cluster, clock, client, redactor } = parts;
  const { Provider, User, AccessKey } = cluster.kinds;
  const keys = drive(parts, "AccessKey", {
    reconciler: accessKeyReconciler({
      lookup,
      sessions,
      user: (key) => User.get(key),
      keysOf: (user) => AccessKey.by("byUser", user),
      client,
      redactor,
      suspectProvider: (key) => providers.add(key, { priority: DEPENDENCY_CHANGE }),
      clock,
      timing: { ...keyTiming, ...parts.keyTiming },
      creating: new Set(),
      driftIntervalMs: parts.driftIntervalMs,
    }),
  });
  wakeByOther(Provider, keys.queue, {
    keysOf: (provider) => AccessKey.by("byProvider", keyOf(provider)).map(keyOf),
    matters: changesReadiness,
  });
  wakeByOther(User, keys.queue, {
    keysOf: (user) => AccessKey.by("byUser", keyOf(user)).map(keyOf),
    matters: changesUser,
  });
  wakeByOther(cluster.namespaces, keys.queue, {
    keysOf: ({ metadata }) => refersElsewhere(metadata.name, AccessKey),
  });
  wakeByOther(cluster.secrets, keys.queue, {
    keysOf: (secret) => AccessKey.by("bySecretName", keyOf(secret)).map(keyOf),
    matters: changedByOthers,
  });
  return keys;
}

/** True for what an AccessKey goes by: whether the user is there, its grant, its bucket. */
function changesUser(change: Change<User>): boolean {
  if (change.kind !== "updated") return true;
  const { before, object } = change;
  const [was, is] = [before, object].map(({ status, metadata }) => [
    metadata.generation,
    metadata.deletionTimestamp,
    status?.userId,
    status?.ownership,
    findCondition(status?.conditions, "Ready")?.status,
  ]);
  return !sameJson(was, is);
}

/**
 * False for our own writes, which change the checksum with the entries. The first sight of a
 * Secret tells nothing new: its AccessKey is looked at anyway.
 */
function changedByOthers(change: Change<KubeObject>): boolean {
  if (change.kind !== "updated") return change.kind === "deleted";
  const [was, is] = [change.before, change.object]
    .map(({ metadata }) => metadata.annotations?.[CHECKSUM_ANNOTATION]);
  return was === is || is === undefined;
}

/** Age and next rotation of each key, read off the watched state at each scrape. */
function gaugeAccessKeys({ cluster, clock, metrics }: Parts): void {
  metrics.accessKeys.collect((show) => {
    for (const { metadata, status } of cluster.kinds.AccessKey.list()) {
      const labels = { namespace: metadata.namespace ?? "", name: metadata.name };
      const madeMs = Date.parse(status?.lastRotateTime ?? "");
      const nextMs = Date.parse(status?.nextRotateTime ?? "");
      if (!Number.isNaN(madeMs)) show.ageSeconds(labels, (clock.now() - madeMs) / 1000);
      if (!Number.isNaN(nextMs)) show.nextRotation(labels, nextMs / 1000);
    }
  });
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
