/** The parts of `metadata` that the server itself reads and writes. */

import type { JsonObject } from "./json.ts";
import { isObject, listOr, objectOr, stringOr } from "./json.ts";

/** The object's own metadata, made when it is missing; changes to it change the object. */
export function metadataOf(object: JsonObject): JsonObject {
  const metadata = object["metadata"];
  if (isObject(metadata)) return metadata;
  const made: JsonObject = {};
  object["metadata"] = made;
  return made;
}

/** `metadata.name`, or "". */
export function nameOf(object: JsonObject): string {
  return stringOr(objectOr(object["metadata"])["name"]);
}

/** `metadata.namespace`, or "". */
export function namespaceOf(object: JsonObject): string {
  return stringOr(objectOr(object["metadata"])["namespace"]);
}

/** `metadata.uid`, or "". */
export function uidOf(object: JsonObject): string {
  return stringOr(objectOr(object["metadata"])["uid"]);
}

/** `metadata.finalizers`. */
export function finalizersOf(object: JsonObject): readonly string[] {
  return listOr(objectOr(object["metadata"])["finalizers"]).map((item) => stringOr(item));
}

/** True once deletion was asked for. */
export function isTerminating(object: JsonObject): boolean {
  return typeof objectOr(object["metadata"])["deletionTimestamp"] === "string";
}

/** The part of a reference to an owner that garbage collection needs. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly blocksDeletion: boolean;
}

/** `metadata.ownerReferences`. */
export function ownersOf(object: JsonObject): readonly Owner[] {
  return listOr(objectOr(object["metadata"])["ownerReferences"]).map((item) => {
    const reference = objectOr(item);
    return {
      apiVersion: stringOr(reference["apiVersion"]),
      kind: stringOr(reference["kind"]),
      name: stringOr(reference["name"]),
      uid: stringOr(reference["uid"]),
      blocksDeletion: reference["blockOwnerDeletion"] === true,
    };
  });
}

/** Key of an object in its collection: `namespace/name`, or `name` for cluster-scoped kinds. */
export function keyOf(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** Time as Kubernetes writes it: RFC 3339 in UTC with whole seconds. */
export function timestamp(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/\.\d+Z$/, "Z");
}
