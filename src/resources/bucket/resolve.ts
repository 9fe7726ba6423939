/**
 * Everything a pass over a Bucket needs before it may speak to the cloud.
 */
import type { Bucket, BucketSpec } from "../../api/bucket.ts";
import { keyOf } from "../../api/key.ts";
import type { Provider, ProviderSpec } from "../../api/provider.ts";
import { hostOf, serviceOf } from "../../wasabi/endpoint.ts";
import type { Session } from "../../wasabi/session.ts";
import { CredentialsError } from "../provider_sessions.ts";
import { readinessProblem, resolveProvider } from "../reference.ts";
import { findConflict } from "./conflict.ts";
import type { BucketContext } from "./context.ts";
import type { BucketReason } from "./reasons.ts";
import type { ServiceProfile } from "./settings/setting.ts";
import { isTakenOver } from "./taken_over.ts";

/** A session to work with, or what is in the way. */
export type Resolved =
  | {
    readonly kind: "resolved";
    readonly provider: Provider;
    readonly providerSpec: ProviderSpec;
    readonly session: Session;
    /** What the service can do. */
    readonly service: ServiceProfile;
    readonly warning: string | undefined;
  }
  | {
    readonly kind: "blocked";
    /** What the condition ProviderNotReady says; a conflict is not the Provider's fault. */
    readonly blames: "provider" | "bucket";
    readonly reason: BucketReason;
    readonly message: string;
    readonly on: string;
  };

/**
 * Resolves Provider and session of a Bucket.
 *
 * @param options.needsReady false for clean-up, which may try with a Provider that is not Ready
 * @throws KubeError when a Secret cannot be read
 */
export async function resolve(
  bucket: Bucket,
  context: BucketContext,
  options: { readonly spec: BucketSpec; readonly needsReady: boolean },
): Promise<Resolved> {
  const { spec } = options;
  const reference = resolveProvider(bucket, spec.providerRef, {
    lookup: context.lookup,
    workedBefore: isTakenOver(bucket),
  });
  if (reference.kind === "problem") return { ...reference, kind: "blocked", blames: "provider" };
  const conflict = findConflict(bucket, {
    rivals: context.bucketsNamed(spec.name),
    lookup: context.lookup,
  });
  if (conflict !== undefined) return inConflict(bucket, spec, conflict);
  const problem = options.needsReady ? readinessProblem(reference.provider) : undefined;
  if (problem !== undefined) return { kind: "blocked", blames: "provider", ...problem };
  try {
    const session = options.needsReady
      ? await context.sessions.get(reference.provider, reference.spec)
      : await context.sessions.getForCleanup(reference.provider, reference.spec);
    const moved = movedFrom(bucket, session);
    if (moved !== undefined && spec.adoptionPolicy !== "Adopt") {
      return providerMoved(spec.name, { from: moved, to: session.endpoint });
    }
    return {
      kind: "resolved",
      provider: reference.provider,
      providerSpec: reference.spec,
      session,
      service: {
        type: reference.spec.type,
        supports: (feature) =>
          context.refusals.support(reference.provider, reference.spec, feature),
      },
      warning: reference.warning,
    };
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const on = `Provider ${keyOf(reference.provider)}`;
    return {
      kind: "blocked",
      blames: "provider",
      reason: error.reason,
      message:
        `Provider "${reference.provider.metadata.name}" has no credentials: ${error.message}`,
      on,
    };
  }
}

/** Where the bucket was made, if the Provider speaks to another service now. */
function movedFrom({ status }: Bucket, session: Session): string | undefined {
  if (status?.ownership === undefined || status.endpoint === undefined) return undefined;
  return serviceOf(status.endpoint) === serviceOf(session.endpoint) ? undefined : status.endpoint;
}

/** A bucket of that name at another service is not the one that this object has a right to. */
function providerMoved(
  name: string,
  { from, to }: { readonly from: string; readonly to: string },
): Resolved {
  return {
    kind: "blocked",
    blames: "bucket",
    reason: "ProviderMoved",
    message: `Bucket "${name}" is at ${hostOf(from)}, and the Provider speaks to ${
      hostOf(to)
    } now: point it back, or set spec.adoptionPolicy: Adopt to go on there`,
    on: "Provider",
  };
}

/** An object of another namespace is not named: that it exists is none of this one's business. */
function inConflict(bucket: Bucket, spec: BucketSpec, other: Bucket): Resolved {
  const near = other.metadata.namespace === bucket.metadata.namespace;
  const who = near ? `Bucket "${other.metadata.name}"` : "A Bucket of another namespace";
  return {
    kind: "blocked",
    blames: "bucket",
    reason: "BucketConflict",
    message:
      `${who} manages bucket "${spec.name}" already: choose another spec.name, or delete one of the two objects`,
    on: `Bucket ${keyOf(other)}`,
  };
}
