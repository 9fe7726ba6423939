/**
 * Keys: how queues, stores and indexes name an object.
 */
import type { ObjectMeta } from "./common.ts";

/** `namespace/name`, or `/name` for a cluster-scoped object. */
export type ObjectKey = string;

/** Key of a namespace and a name. */
export function objectKey(namespace: string | undefined, name: string): ObjectKey {
  return `${namespace ?? ""}/${name}`;
}

/** Key of an object. */
export function keyOf(object: { readonly metadata: ObjectMeta }): ObjectKey {
  return objectKey(object.metadata.namespace, object.metadata.name);
}
