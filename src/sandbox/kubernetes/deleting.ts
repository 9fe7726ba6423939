/** DELETE of one object and of collections. */

import { NAMESPACES } from "./builtin_types.ts";
import type { Deletion, PropagationPolicy } from "./deletion.ts";
import type { GarbageCollector } from "./garbage_collector.ts";
import type { JsonObject } from "./json.ts";
import { objectOr, stringOr } from "./json.ts";
import { keyOf, metadataOf, nameOf, namespaceOf, uidOf } from "./object_meta.ts";
import type { ResourceType } from "./resource_type.ts";
import { present } from "./resource_type.ts";
import { conflict, forbidden, notFound } from "./status_error.ts";
import type { Store } from "./store.ts";

/** The parts of the server that deletion needs. */
export interface DeletionParts {
  readonly store: Store;
  readonly deletion: Deletion;
  readonly collector: GarbageCollector;
}

const PERMANENT_NAMESPACES = ["default", "kube-system"];

function policyOf(options: JsonObject, query: URLSearchParams): PropagationPolicy {
  const wanted = stringOr(options["propagationPolicy"]) || query.get("propagationPolicy");
  if (wanted === "Foreground" || wanted === "Orphan") return wanted;
  return options["orphanDependents"] === true ? "Orphan" : "Background";
}

function isDryRun(options: JsonObject, query: URLSearchParams): boolean {
  return query.get("dryRun") === "All" ||
    (Array.isArray(options["dryRun"]) && options["dryRun"].includes("All"));
}

function checkPreconditions(type: ResourceType, object: JsonObject, options: JsonObject): void {
  const preconditions = objectOr(options["preconditions"]);
  const subject = { ...type, plural: type.kind };
  const uid = stringOr(preconditions["uid"]);
  if (uid !== "" && uid !== uidOf(object)) {
    throw conflict(subject, {
      name: nameOf(object),
      detail:
        `the UID in the precondition (${uid}) does not match the UID in record (${
          uidOf(object)
        }). ` +
        "The object might have been deleted and then recreated",
    });
  }
  const wanted = stringOr(preconditions["resourceVersion"]);
  const found = stringOr(metadataOf(object)["resourceVersion"]);
  if (wanted !== "" && wanted !== found) {
    throw conflict(subject, {
      name: nameOf(object),
      detail:
        `the ResourceVersion in the precondition (${wanted}) does not match the ResourceVersion in ` +
        `record (${found}). The object might have been modified`,
    });
  }
}

function success(type: ResourceType, object: JsonObject): JsonObject {
  const details: JsonObject = { name: nameOf(object) };
  if (type.group !== "") details["group"] = type.group;
  details["kind"] = type.plural;
  details["uid"] = uidOf(object);
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

/** What a deletion answers: the object while finalizers hold it, otherwise a Status. */
export interface DeletionAnswer {
  readonly body: JsonObject;
  readonly isObject: boolean;
}

/**
 * Deletes one object.
 *
 * @throws StatusError 403 (permanent namespaces), 404 or 409 (preconditions).
 */
export function deleteObject(
  parts: DeletionParts,
  type: ResourceType,
  { namespace, name, options, query }: {
    readonly namespace: string;
    readonly name: string;
    readonly options: JsonObject;
    readonly query: URLSearchParams;
  },
): DeletionAnswer {
  const key = keyOf(namespace, name);
  const object = parts.store.get(type.storage, key);
  if (object === undefined) throw notFound(type, name);
  checkPreconditions(type, object, options);
  if (type.storage === NAMESPACES && PERMANENT_NAMESPACES.includes(name)) {
    throw forbidden(type, { name, detail: "this namespace may not be deleted" });
  }
  const policy = policyOf(options, query);
  const dryRun = isDryRun(options, query);
  if (policy === "Orphan" && !dryRun) parts.collector.orphan(uidOf(object));
  const outcome = parts.deletion.request(type.storage, key, { policy, dryRun });
  return outcome.kind === "removed"
    ? { body: success(type, outcome.object), isObject: false }
    : { body: present(type, outcome.object), isObject: true };
}

/** Deletes the given objects, which stay in the answer as they were. */
export function deleteAll(
  parts: DeletionParts,
  type: ResourceType,
  { objects, options, query }: {
    readonly objects: readonly JsonObject[];
    readonly options: JsonObject;
    readonly query: URLSearchParams;
  },
): void {
  for (const object of objects) {
    deleteObject(parts, type, {
      options,
      query,
      namespace: namespaceOf(object),
      name: nameOf(object),
    });
  }
}
