/**
 * Resolves a reference to a Provider: does it exist, may it be used from here, is it ready.
 */
import type { CustomResource } from "../api/common.ts";
import type { ObjectKey } from "../api/key.ts";
import { type Provider, type ProviderSpec, providerSpecSchema } from "../api/provider.ts";
import { findCondition } from "../control/conditions.ts";
import { conditionsOf } from "../control/status.ts";
import {
  type NamespaceLookup,
  type Reference,
  referenceKey,
  resolveGranted,
} from "./granted_reference.ts";

/** Where references are looked up: the watched state of the cluster. */
export interface ReferenceLookup extends NamespaceLookup {
  provider(key: ObjectKey): Provider | undefined;
}

/** Why a Provider cannot be used now. */
export type ReferenceProblem = {
  readonly reason: "ProviderNotFound" | "ReferenceNotAllowed" | "ProviderNotReady" | "Pending";
  readonly message: string;
  /** What would wake the waiting object. */
  readonly on: string;
};

/** The result of resolving a reference to a Provider. */
export type ProviderReference =
  | {
    readonly kind: "usable";
    readonly provider: Provider;
    readonly spec: ProviderSpec;
    /** Set when the use is not allowed and only kept because it worked before. */
    readonly warning: string | undefined;
  }
  | ({ readonly kind: "problem" } & ReferenceProblem);

/** Key of the Provider that an object refers to. */
export function providerKeyOf(object: CustomResource): ObjectKey | undefined {
  const reference = (object.spec as { readonly providerRef?: Reference } | undefined)?.providerRef;
  if (reference?.name === undefined) return undefined;
  return referenceKey(object, reference);
}

/**
 * Resolves the Provider of an object, whether it is ready or not.
 *
 * A refused reference to another namespace reads the same whether its target exists or not.
 */
export function resolveProvider(
  object: CustomResource,
  reference: Reference,
  { lookup, workedBefore }: {
    readonly lookup: ReferenceLookup;
    /** The reference worked under the predecessor, which asked for no grant. */
    readonly workedBefore: boolean;
  },
): ProviderReference {
  const stored = lookup.provider(referenceKey(object, reference));
  const spec = stored && providerSpecSchema.safeParse(stored.spec ?? {}).data;
  const resolved = resolveGranted(object, reference, {
    kind: "Provider",
    field: "providerRef",
    find: () => stored && spec && { provider: stored, spec },
    namespaces: lookup,
    workedBefore,
  });
  if (resolved.kind === "usable") {
    return { kind: "usable", ...resolved.target, warning: resolved.warning };
  }
  const isInvalid = resolved.reason === "ProviderNotFound" && stored !== undefined;
  if (!isInvalid) return resolved;
  const message = `Provider "${reference.name}" has an invalid spec: see its conditions`;
  return { ...resolved, message };
}

/**
 * The problem of a Provider that is not ready, or undefined when it is; `Pending` while its
 * present spec was not tried yet.
 */
export function readinessProblem(provider: Provider): ReferenceProblem | undefined {
  const ready = findCondition(conditionsOf(provider), "Ready");
  const name = `${provider.metadata.namespace}/${provider.metadata.name}`;
  const on = `Provider ${name} Ready`;
  if (ready === undefined || ready.observedGeneration !== provider.metadata.generation) {
    return { reason: "Pending", message: `Waiting for the first try of Provider "${name}"`, on };
  }
  if (ready.status === "True") return undefined;
  return {
    reason: "ProviderNotReady",
    message: `Provider "${name}" is not ready: ${ready.reason}`,
    on,
  };
}
