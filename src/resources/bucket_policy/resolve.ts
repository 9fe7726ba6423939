/**
 * Everything a pass over a BucketPolicy needs before it may speak to the cloud.
 */
import type { Bucket } from "../../api/bucket.ts";
import type { BucketPolicy, BucketPolicySpec } from "../../api/bucket_policy.ts";
import type { CustomResource } from "../../api/common.ts";
import { keyOf, type ObjectKey, objectKey } from "../../api/key.ts";
import { findCondition } from "../../control/conditions.ts";
import { conditionsOf } from "../../control/status.ts";
import type { Session } from "../../wasabi/session.ts";
import { type Reference, referenceKey, resolveGranted } from "../granted_reference.ts";
import { CredentialsError } from "../provider_sessions.ts";
import { readinessProblem, resolveProvider } from "../reference.ts";
import type { BucketPolicyContext } from "./context.ts";
import type { BucketPolicyReason } from "./reasons.ts";
import { isTakenOver } from "./taken_over.ts";

/** What is in the way. */
export interface Blocked {
  readonly kind: "blocked";
  readonly reason: BucketPolicyReason;
  readonly message: string;
  /** What would wake the waiting object. */
  readonly on: string;
}

/** A bucket that a BucketPolicy may be put on, or what is in the way. */
export type ResolvedBucket =
  | {
    readonly kind: "resolved";
    readonly bucket: Bucket;
    readonly name: string;
    readonly warning: string | undefined;
  }
  | Blocked;

/** Key of the Bucket that an object refers to. */
export function bucketKeyOf(policy: BucketPolicy): ObjectKey | undefined {
  const reference = policy.spec?.bucketRef as Reference | undefined;
  return reference?.name === undefined ? undefined : referenceKey(policy, reference);
}

/** As much of a Bucket as leads to its bucket. */
export type BucketPlace = CustomResource<{ readonly providerRef?: Reference }>;

/** The Provider of a Bucket, as it is recorded. */
export function providerRefOf({ metadata, spec }: Bucket): { name: string; namespace: string } {
  const { name = "", namespace } = spec?.providerRef ?? {};
  return { name, namespace: namespace ?? metadata.namespace ?? "default" };
}

/**
 * The Bucket of an object that has outlived it, from what was recorded; undefined when nothing was.
 */
export function formerBucketOf(policy: BucketPolicy): BucketPlace | undefined {
  const { spec, status, metadata, apiVersion } = policy;
  if (spec === undefined || status?.providerRef === undefined) return undefined;
  const { name, namespace = metadata.namespace ?? "default" } = spec.bucketRef;
  return {
    apiVersion,
    kind: "Bucket",
    metadata: { name, namespace, uid: "", resourceVersion: "" },
    spec: { providerRef: status.providerRef },
  };
}

/** The Provider by which an object takes off what it put on, also without its Bucket. */
export function cleanupProviderOf({ status }: BucketPolicy): ObjectKey | undefined {
  const { providerRef, appliedStatements = [] } = status ?? {};
  if (providerRef === undefined || appliedStatements.length === 0) return undefined;
  return objectKey(providerRef.namespace, providerRef.name);
}

/** Resolves the Bucket of an object: it is there, may be referred to, and has its bucket. */
export function resolveBucket(
  policy: BucketPolicy,
  spec: BucketPolicySpec,
  context: BucketPolicyContext,
): ResolvedBucket {
  const reference = resolveGranted(policy, spec.bucketRef, {
    kind: "Bucket",
    field: "bucketRef",
    find: context.bucket,
    namespaces: context.lookup,
    workedBefore: isTakenOver(policy),
  });
  if (reference.kind === "problem") return { ...reference, kind: "blocked" };
  const { target: bucket, warning } = reference;
  const name = bucket.status?.bucketName;
  const problem = problemOf(bucket);
  if (problem === undefined && name !== undefined) {
    return { kind: "resolved", bucket, name, warning };
  }
  return {
    kind: "blocked",
    reason: isUntried(bucket) ? "Pending" : "BucketNotReady",
    message: `Bucket "${bucket.metadata.name}" ${problem ?? "has no bucket yet"}`,
    on: `Bucket ${keyOf(bucket)} Ready`,
  };
}

/** True for a Bucket that created or adopted its bucket, and is Ready; else why not. */
function problemOf(bucket: Bucket): string | undefined {
  if (bucket.metadata.deletionTimestamp !== undefined) return "is being deleted";
  if (!ownsBucket(bucket)) return "has no bucket yet";
  const ready = findCondition(conditionsOf(bucket), "Ready");
  return ready?.status === "True" ? undefined : `is not ready: ${ready?.reason ?? "Pending"}`;
}

/** True when the Bucket has a right to its bucket. */
export function ownsBucket({ status }: Bucket): boolean {
  return status?.ownership === "Created" || status?.ownership === "Adopted";
}

/**
 * True while it is not known whether the Bucket has a right to its bucket: after a start, or while
 * its Provider cannot be used.
 */
export function isUndecided(bucket: Bucket): boolean {
  if (ownsBucket(bucket) || bucket.metadata.deletionTimestamp !== undefined) return false;
  return isUntried(bucket) ||
    findCondition(conditionsOf(bucket), "ProviderNotReady")?.status === "True";
}

/** True for a Bucket that no pass of ours has looked at as it is now. */
function isUntried(bucket: Bucket): boolean {
  const ready = findCondition(conditionsOf(bucket), "Ready");
  return ready?.observedGeneration !== bucket.metadata.generation || ready?.status === "Unknown";
}

/** A session of the Bucket's account, or what is in the way. */
export type ResolvedSession = { readonly kind: "session"; readonly session: Session } | Blocked;

/**
 * Resolves the session of a Bucket's Provider.
 *
 * @param options.needsReady false for clean-up, which may try with a Provider that is not Ready
 * @throws KubeError when a Secret cannot be read
 */
export async function resolveSession(
  bucket: BucketPlace,
  context: BucketPolicyContext,
  { needsReady }: { readonly needsReady: boolean },
): Promise<ResolvedSession> {
  const reference = bucket.spec?.providerRef;
  const on = `Provider of Bucket ${keyOf(bucket)}`;
  if (reference === undefined) {
    const message = `Bucket "${bucket.metadata.name}" names no Provider`;
    return { kind: "blocked", reason: "ProviderNotFound", message, on };
  }
  const resolved = resolveProvider(bucket, reference, {
    lookup: context.lookup,
    // The Bucket's own pass judges that; it says so for as long as it holds.
    workedBefore: findCondition(conditionsOf(bucket), "ReferenceWarning")?.status === "True",
  });
  if (resolved.kind === "problem") return { ...resolved, kind: "blocked" };
  const problem = needsReady ? readinessProblem(resolved.provider) : undefined;
  if (problem !== undefined) return { kind: "blocked", ...problem };
  try {
    const session = needsReady
      ? await context.sessions.get(resolved.provider, resolved.spec)
      : await context.sessions.getForCleanup(resolved.provider, resolved.spec);
    return { kind: "session", session };
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const message =
      `Provider "${resolved.provider.metadata.name}" has no credentials: ${error.message}`;
    return { kind: "blocked", reason: error.reason, message, on };
  }
}
