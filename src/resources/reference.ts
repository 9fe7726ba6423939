/**
 * Resolves a reference to a Provider: does it exist, may it be used from here, is it ready.
 */
import type { CustomResource } from "../api/common.ts";
import { type ObjectKey, objectKey } from "../api/key.ts";
import { type Provider, type ProviderSpec, providerSpecSchema } from "../api/provider.ts";
import { findCondition } from "../control/conditions.ts";
import { conditionsOf } from "../control/status.ts";
import { selects } from "./label_selector.ts";

/** A reference as a spec holds it. */
export interface Reference {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** Where references are looked up: the watched state of the cluster. */
export interface ReferenceLookup {
  provider(key: ObjectKey): Provider | undefined;
  /** Labels of a namespace; undefined when it is unknown or may not be read. */
  namespaceLabels(namespace: string): Readonly<Record<string, string>> | undefined;
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
  return objectKey(reference.namespace ?? object.metadata.namespace, reference.name);
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
  const home = object.metadata.namespace ?? "default";
  const namespace = reference.namespace ?? home;
  const provider = lookup.provider(objectKey(namespace, reference.name));
  const spec = provider && providerSpecSchema.safeParse(provider.spec ?? {}).data;
  if (namespace === home) {
    if (provider !== undefined && spec !== undefined) {
      return { kind: "usable", provider, spec, warning: undefined };
    }
    return problem("ProviderNotFound", {
      message: provider === undefined
        ? `Provider "${reference.name}" does not exist in this namespace: create it, or change spec.providerRef`
        : `Provider "${reference.name}" has an invalid spec: see its conditions`,
      on: `Provider ${namespace}/${reference.name}`,
    });
  }
  const allowed = provider !== undefined && spec !== undefined && allows(spec, home, lookup);
  if (allowed) return { kind: "usable", provider, spec, warning: undefined };
  if (provider !== undefined && spec !== undefined && workedBefore) {
    return { kind: "usable", provider, spec, warning: grandfathered(namespace, reference, home) };
  }
  return problem("ReferenceNotAllowed", {
    message:
      `Provider "${namespace}/${reference.name}" does not exist or does not allow references from ` +
      `namespace "${home}": add "${home}" to spec.allowedNamespaces.names of that Provider, or use one of this namespace`,
    on: `Provider ${namespace}/${reference.name}`,
  });
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

function allows(spec: ProviderSpec, namespace: string, lookup: ReferenceLookup): boolean {
  const grant = spec.allowedNamespaces;
  if (grant === undefined) return false;
  if (grant.from === "All" || grant.names?.includes(namespace)) return true;
  if (grant.from !== "Selector" || grant.selector === undefined) return false;
  const labels = lookup.namespaceLabels(namespace);
  return labels !== undefined && selects(grant.selector, labels);
}

function grandfathered(namespace: string, reference: Reference, home: string): string {
  return `Provider "${namespace}/${reference.name}" does not allow references from namespace "${home}"; ` +
    `this one is kept because the predecessor allowed it: add "${home}" to the Provider's spec.allowedNamespaces.names`;
}

function problem(
  reason: ReferenceProblem["reason"],
  detail: { readonly message: string; readonly on: string },
): ProviderReference {
  return { kind: "problem", reason, ...detail };
}
