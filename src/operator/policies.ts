/**
 * BucketPolicies and IAMPolicies: what wakes them, and what drives them.
 */
import type { Bucket } from "../api/bucket.ts";
import type { BucketPolicy } from "../api/bucket_policy.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import type { User } from "../api/user.ts";
import { findCondition } from "../control/conditions.ts";
import { wakeByOther } from "../control/source.ts";
import { conditionsOf } from "../control/status.ts";
import { DEPENDENCY_CHANGE } from "../queue/priority.ts";
import type { WorkQueue } from "../queue/work_queue.ts";
import { bucketPolicyReconciler } from "../resources/bucket_policy/reconcile.ts";
import { bucketKeyOf } from "../resources/bucket_policy/resolve.ts";
import { BucketTurns } from "../resources/bucket_policy/turns.ts";
import { iamPolicyReconciler } from "../resources/iam_policy/reconcile.ts";
import type { ProviderSessions } from "../resources/provider_sessions.ts";
import { providerKeyOf, type ReferenceLookup } from "../resources/reference.ts";
import { ProviderError } from "../wasabi/error.ts";
import { callerArn } from "../wasabi/iam.ts";
import { NoIamEndpointError } from "../wasabi/iam_session.ts";
import type { Session } from "../wasabi/session.ts";
import type { Change } from "../watch/store.ts";
import { drive, type Driven } from "./driven.ts";
import type { Parts } from "./options.ts";
import { changesReadiness } from "./wake.ts";

/** What the policies share with the other kinds. */
export interface PolicyParts {
  readonly parts: Parts;
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  readonly providers: WorkQueue;
}

/** Makes the controllers of policies. */
export function drivePolicies(shared: PolicyParts): readonly Driven[] {
  return [driveBucketPolicies(shared), driveIAMPolicies(shared)];
}

function driveBucketPolicies({ parts, lookup, sessions, providers }: PolicyParts): Driven {
  const { cluster, clock, metrics, driftIntervalMs } = parts;
  const { Provider, Bucket, BucketPolicy } = cluster.kinds;
  const policies: Driven = drive(parts, "BucketPolicy", {
    reconciler: bucketPolicyReconciler({
      lookup,
      sessions,
      bucket: (key) => Bucket.get(key),
      policiesOf: (bucket) => BucketPolicy.by("byBucket", bucket),
      policiesOn: (bucketName) => BucketPolicy.by("byBucketName", bucketName),
      callerArn: arnIfTold,
      suspectProvider: (key) => providers.add(key, { priority: DEPENDENCY_CHANGE }),
      clock,
      onDrift: () =>
        metrics.predecessor.driftDetected.inc({ kind: "BucketPolicy", resource_type: "policy" }),
      driftIntervalMs,
      turns: new BucketTurns((key) => policies.queue.add(key, { priority: DEPENDENCY_CHANGE })),
    }),
  });
  function policiesOf(bucket: ObjectKey): readonly ObjectKey[] {
    return BucketPolicy.by("byBucket", bucket).map(keyOf);
  }
  wakeByOther(Bucket, policies.queue, {
    keysOf: (bucket) => policiesOf(keyOf(bucket)),
    matters: changesUse,
  });
  wakeByOther(Provider, policies.queue, {
    keysOf: (provider) => [
      ...Bucket.by("byProvider", keyOf(provider)).map(keyOf).flatMap(policiesOf),
      ...BucketPolicy.by("byProvider", keyOf(provider)).map(keyOf),
    ],
    matters: changesReadiness,
  });
  // Names of statements and the handling of foreign ones are a matter of all policies of a bucket.
  wakeByOther(BucketPolicy, policies.queue, {
    keysOf: (policy) => {
      const bucket = bucketKeyOf(policy);
      return bucket === undefined ? [] : policiesOf(bucket).filter((key) => key !== keyOf(policy));
    },
    matters: changesWish,
  });
  wakeByOther(cluster.namespaces, policies.queue, {
    keysOf: ({ metadata }) =>
      BucketPolicy.list()
        .filter((policy) =>
          policy.metadata.namespace === metadata.name &&
          policy.spec?.bucketRef?.namespace !== undefined
        )
        .map(keyOf),
  });
  return policies;
}

function driveIAMPolicies({ parts, lookup, sessions, providers }: PolicyParts): Driven {
  const { cluster, clock, metrics, driftIntervalMs } = parts;
  const { Provider, User, IAMPolicy } = cluster.kinds;
  const policies = drive(parts, "IAMPolicy", {
    reconciler: iamPolicyReconciler({
      lookup,
      sessions,
      policiesOf: (provider) => IAMPolicy.by("byProvider", provider),
      usersNamed: (name) => User.by("byUserName", name),
      suspectProvider: (key) => providers.add(key, { priority: DEPENDENCY_CHANGE }),
      clock,
      onDrift: () =>
        metrics.predecessor.driftDetected.inc({ kind: "IAMPolicy", resource_type: "policy" }),
      driftIntervalMs,
    }),
  });
  wakeByOther(Provider, policies.queue, {
    keysOf: (provider) => IAMPolicy.by("byProvider", keyOf(provider)).map(keyOf),
    matters: changesReadiness,
  });
  // Whom a policy is attached to is in its status; who is none of ours may hold its deletion up.
  wakeByOther(User, policies.queue, {
    keysOf: (user) => {
      const attached = user.status?.attachedPolicies ?? [];
      return IAMPolicy.by("byProvider", providerKeyOf(user) ?? "")
        .filter(({ status }) => attached.includes(status?.policyArn ?? ""))
        .map(keyOf);
    },
    matters: changesAttachments,
  });
  wakeByOther(cluster.namespaces, policies.queue, {
    keysOf: ({ metadata }) =>
      IAMPolicy.list()
        .filter((policy) =>
          policy.metadata.namespace === metadata.name &&
          policy.spec?.providerRef?.namespace !== undefined
        )
        .map(keyOf),
  });
  return policies;
}

/** False for a User's changes that leave its managed policies as they are. */
function changesAttachments(change: Change<User>): boolean {
  if (change.kind !== "updated") return true;
  const [before, after] = [change.before, change.object].map(({ status }) =>
    status?.attachedPolicies ?? []
  );
  return before!.join(" ") !== after!.join(" ");
}

/** False for a Bucket's changes that do not alter whether, and as what, it can be referred to. */
function changesUse(change: Change<Bucket>): boolean {
  if (change.kind !== "updated") return true;
  const { before, object } = change;
  return before.metadata.generation !== object.metadata.generation ||
    before.metadata.deletionTimestamp !== object.metadata.deletionTimestamp ||
    before.status?.bucketName !== object.status?.bucketName ||
    before.status?.ownership !== object.status?.ownership ||
    readyOf(before) !== readyOf(object);
}

function readyOf(bucket: Bucket): string | undefined {
  return findCondition(conditionsOf(bucket), "Ready")?.status;
}

/** False for changes of nothing but metadata and status. */
function changesWish(change: Change<BucketPolicy>): boolean {
  return change.kind !== "updated" ||
    change.before.metadata.generation !== change.object.metadata.generation;
}

/** Who the key is, where the service tells it to this key. */
async function arnIfTold(session: Session, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await callerArn(session, signal);
  } catch (error) {
    if (error instanceof NoIamEndpointError) return undefined;
    // An IAM service that does not answer now may do so later.
    if (error instanceof ProviderError && !error.transient) return undefined;
    throw error;
  }
}
