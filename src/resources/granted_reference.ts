/**
 * References to objects that may be in another namespace: free within a namespace, and across
 * namespaces only by the grant of the object that is referred to.
 */
import { allowedNamespacesSchema } from "../api/allowed_namespaces.ts";
import type { CustomResource } from "../api/common.ts";
import { type ObjectKey, objectKey } from "../api/key.ts";
import type { SpecOf } from "../api/schema.ts";
import { selects } from "./label_selector.ts";

/** A reference as a spec holds it. */
export interface Reference {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** Reads the labels of namespaces, which a grant may go by. */
export interface NamespaceLookup {
  /** Labels of a namespace; undefined when it is unknown or may not be read. */
  namespaceLabels(namespace: string): Readonly<Record<string, string>> | undefined;
}

/** What is referred to; its spec holds the grant. */
interface Granting {
  readonly spec?: unknown;
}

/** What is needed to resolve a reference. */
export interface GrantedReferenceOptions<Kind extends string, T> {
  /** Kind of the object that is referred to. */
  readonly kind: Kind;
  /** Field that holds the reference, such as `bucketRef`. */
  readonly field: string;
  /** Looks the referred object up; undefined when it does not exist or cannot be used at all. */
  readonly find: (key: ObjectKey) => T | undefined;
  readonly namespaces: NamespaceLookup;
  /** The reference worked under the predecessor, which asked for no grant. */
  readonly workedBefore: boolean;
}

/** The result of resolving a reference. */
export type GrantedReference<Kind extends string, T> =
  | {
    readonly kind: "usable";
    readonly target: T;
    /** Set when the use is not allowed and only kept because it worked before. */
    readonly warning: string | undefined;
  }
  | {
    readonly kind: "problem";
    readonly reason: `${Kind}NotFound` | "ReferenceNotAllowed";
    readonly message: string;
    /** What would wake the waiting object. */
    readonly on: string;
  };

/** Key of the object that a reference of `object` names. */
export function referenceKey(object: CustomResource, reference: Reference): ObjectKey {
  return objectKey(reference.namespace ?? object.metadata.namespace, reference.name);
}

/**
 * Resolves a reference, whether its target is ready or not.
 *
 * A refused reference to another namespace reads the same whether its target exists or not.
 */
export function resolveGranted<Kind extends string, T extends Granting>(
  object: CustomResource,
  reference: Reference,
  options: GrantedReferenceOptions<Kind, T>,
): GrantedReference<Kind, T> {
  const { kind, field } = options;
  const home = object.metadata.namespace ?? "default";
  const namespace = reference.namespace ?? home;
  const target = options.find(objectKey(namespace, reference.name));
  const on = `${kind} ${namespace}/${reference.name}`;
  if (namespace === home) {
    if (target !== undefined) return { kind: "usable", target, warning: undefined };
    return {
      kind: "problem",
      reason: `${kind}NotFound`,
      message:
        `${kind} "${reference.name}" does not exist in this namespace: create it, or change spec.${field}`,
      on,
    };
  }
  if (target !== undefined && grants(target, home, options.namespaces)) {
    return { kind: "usable", target, warning: undefined };
  }
  if (target !== undefined && options.workedBefore) {
    const warning =
      `${kind} "${namespace}/${reference.name}" does not allow references from namespace "${home}"; ` +
      `this one is kept because the predecessor allowed it: add "${home}" to the ${kind}'s spec.allowedNamespaces.names`;
    return { kind: "usable", target, warning };
  }
  return {
    kind: "problem",
    reason: "ReferenceNotAllowed",
    message:
      `${kind} "${namespace}/${reference.name}" does not exist or does not allow references from ` +
      `namespace "${home}": add "${home}" to spec.allowedNamespaces.names of that ${kind}, or use one of this namespace`,
    on,
  };
}

/** A grant that does not fit the schema grants nothing. */
function grants(target: Granting, namespace: string, lookup: NamespaceLookup): boolean {
  const grant = grantOf(target);
  if (grant === undefined) return false;
  if (grant.from === "All" || grant.names?.includes(namespace)) return true;
  if (grant.from !== "Selector" || grant.selector === undefined) return false;
  const labels = lookup.namespaceLabels(namespace);
  return labels !== undefined && selects(grant.selector, labels);
}

function grantOf(target: Granting): SpecOf<typeof allowedNamespacesSchema> | undefined {
  const spec = target.spec as { readonly allowedNamespaces?: unknown } | undefined;
  return allowedNamespacesSchema.safeParse(spec?.allowedNamespaces).data;
}
