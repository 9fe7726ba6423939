/**
 * Create, update and patch of stored objects.
 *
 * Each write runs to its end without waiting, so no two writes of one object interleave.
 */

import type { Clock } from "../../ops/clock.ts";
import { NAMESPACES } from "./builtin_types.ts";
import type { JsonObject } from "./json.ts";
import { cloneJson, equalJson, isObject, listOr, objectOr, stringOr } from "./json.ts";
import type { TrackOptions, Writer } from "./managed_fields.ts";
import { trackUpdate } from "./managed_fields.ts";
import {
  finalizersOf,
  isTerminating,
  keyOf,
  metadataOf,
  nameOf,
  namespaceOf,
  timestamp,
  uidOf,
} from "./object_meta.ts";
import type { FieldValidation } from "./object_rules.ts";
import {
  carryOver,
  checkKind,
  complete,
  countGeneration,
  decode,
  Undecodable,
  validate,
} from "./object_rules.ts";
import type { ResourceType } from "./resource_type.ts";
import { apiVersionOf, present, toStored } from "./resource_type.ts";
import { applyConfiguration } from "./server_side_apply.ts";
import { typedFault } from "./typed_faults.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  invalid,
  invalidValue,
  modified,
  notFound,
  StatusError,
} from "./status_error.ts";
import type { Store } from "./store.ts";

/** One write request, apart from its body. */
export interface WriteRequest {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: "" | "status";
  readonly manager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Receives the texts of `Warning` headers. */
  readonly warnings: string[];
  /** Paths that the body names twice. */
  readonly duplicates?: readonly string[];
}

/** The state after a write, as the request's version serves it. */
export interface WriteResult {
  readonly created: boolean;
  readonly object: JsonObject;
}

const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

function randomSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return [...bytes].map((byte) => SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length]).join("");
}

/** Writes objects of any served resource. */
export class Writes {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(options: { readonly store: Store; readonly clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /**
   * Creates an object.
   *
   * @throws StatusError 400, 403, 404 (namespace), 409 or 422.
   */
  create(request: WriteRequest, body: JsonObject): WriteResult {
    const { type } = request;
    checkKind(type, body);
    const object = this.#decode(request, body);
    const metadata = metadataOf(object);
    this.#place(request, metadata);
    if (stringOr(metadata["resourceVersion"]) !== "") {
      const message = "resourceVersion should not be set on objects to be created";
      throw new StatusError(500, { reason: "", message });
    }
    if (nameOf(object) === "" && stringOr(metadata["generateName"]) !== "") {
      metadata["name"] = stringOr(metadata["generateName"]) + randomSuffix();
    }
    delete metadata["managedFields"];
    return this.#finishCreate(request, object, {
      track: (stored) => trackUpdate(undefined, stored, this.#track(request, "Update")),
    });
  }

  /**
   * Replaces an object.
   *
   * @throws StatusError 400, 404, 409 or 422.
   */
  update(request: WriteRequest, body: JsonObject): WriteResult {
    const { type } = request;
    checkKind(type, body);
    const object = this.#decode(request, body);
    this.#place(request, metadataOf(object));
    const name = nameOf(object);
    if (name !== "" && name !== request.name) {
      throw nameMismatch(request, name);
    }
    const current = this.#current(request);
    if (current === undefined) {
      if (!type.allowsCreateOnUpdate) throw notFound(type, request.name);
      delete metadataOf(object)["resourceVersion"];
      return this.create(request, object);
    }
    const lacksVersion = stringOr(metadataOf(object)["resourceVersion"]) === "" &&
      !type.allowsUnconditionalUpdate;
    if (lacksVersion) {
      const error = invalidValue("metadata.resourceVersion", {
        value: 0,
        detail: "must be specified for an update",
      });
      throw invalid({ ...type, kind: type.plural }, { name: request.name, errors: [error] });
    }
    return this.#finishUpdate(request, current, {
      next: object,
      track: (before, next) => trackUpdate(before, next, this.#track(request, "Update")),
    });
  }

  /**
   * Changes an object by a function of its served state, such as a JSON or merge patch.
   *
   * @throws StatusError 404, 409 or 422, and whatever `change` throws.
   */
  patch(request: WriteRequest, change: (served: JsonObject) => JsonObject): WriteResult {
    const current = this.#current(request);
    if (current === undefined) throw notFound(request.type, request.name);
    const changed = change(present(request.type, current));
    checkKind(request.type, changed);
    if (nameOf(changed) !== request.name) throw nameMismatch(request, nameOf(changed));
    try {
      return this.#finishUpdate(request, current, {
        next: this.#decode(request, changed),
        track: (before, object) => trackUpdate(before, object, this.#track(request, "Update")),
      });
    } catch (error) {
      throw error instanceof Undecodable ? unfitPatch(changed, error.detail) : error;
    }
  }

  /**
   * Server-side apply; creates the object where it is missing (not through a subresource).
   *
   * @throws StatusError 400, 404, 409 or 422.
   */
  apply(
    request: WriteRequest,
    config: JsonObject,
    options: { readonly force: boolean },
  ): WriteResult {
    const { type } = request;
    checkKind(type, config);
    this.#checkApply(request, config);
    const current = this.#current(request);
    const applyOptions = { ...this.#track(request, "Apply"), force: options.force };
    if (current === undefined) {
      if (request.subresource !== "") throw notFound(type, request.name);
      const uid = uidOf(config);
      if (uid !== "") {
        const detail =
          `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
        throw conflict(type, { name: request.name, detail });
      }
      this.#place(request, metadataOf(config));
      const object = applyConfiguration(undefined, config, applyOptions);
      return this.#finishCreate(request, object, { track: () => {}, keepsNulls: true });
    }
    const live = present(type, current);
    const next = applyConfiguration(live, config, applyOptions);
    const wanted = stringOr(objectOr(config["metadata"])["resourceVersion"]);
    const metadata: JsonObject = { ...metadataOf(next) };
    if (wanted === "") delete metadata["resourceVersion"];
    const applied = { next: { ...next, metadata }, track: () => {}, keepsNulls: true };
    return this.#finishUpdate(request, current, applied);
  }

  #checkApply(request: WriteRequest, config: JsonObject): void {
    const metadata = metadataOf(config);
    if (listOr(metadata["managedFields"]).length > 0) {
      throw badRequest("metadata.managedFields must be nil");
    }
    const name = nameOf(config);
    if (name !== "" && name !== request.name) {
      throw nameMismatch(request, name);
    }
    metadata["name"] = request.name;
    const fault = typedFault(request.type, config);
    if (fault === undefined) return;
    const named = `${namespaceOf(config)}/${request.name}`;
    throw new StatusError(500, {
      reason: "",
      message: `failed to create typed patch object (${named}; ${groupVersionOf(request.type)}, ` +
        `Kind=${request.type.kind}): ${fault}`,
    });
  }

  #current(request: WriteRequest): JsonObject | undefined {
    return this.#store.get(request.type.storage, keyOf(request.namespace, request.name));
  }

  #track(request: WriteRequest, operation: Writer["operation"]): TrackOptions {
    const { type, manager, subresource } = request;
    const { schema, hasStatus } = type;
    const writer = { manager, operation, apiVersion: apiVersionOf(type), subresource };
    return {
      schema,
      hasStatus,
      skipStructs: !type.custom,
      writer,
      time: timestamp(this.#clock.now()),
    };
  }

  #decode(request: WriteRequest, body: JsonObject): JsonObject {
    const { object, unknown } = decode(request.type, body);
    const duplicates = (request.duplicates ?? []).map((path) => `duplicate field "${path}"`);
    const faults = [...duplicates, ...unknown];
    if (faults.length > 0 && request.fieldValidation === "Strict") {
      throw new Undecodable(request.type, `strict decoding error: ${faults.join(", ")}`);
    }
    if (request.fieldValidation === "Warn") request.warnings.push(...faults);
    return object;
  }

  #place(request: WriteRequest, metadata: JsonObject): void {
    const { type, namespace } = request;
    const own = stringOr(metadata["namespace"]);
    if (own !== "" && own !== namespace) {
      throw badRequest(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    }
    if (type.namespaced) metadata["namespace"] = namespace;
    else delete metadata["namespace"];
  }

  #checkNamespace(request: WriteRequest, name: string): void {
    const { type, namespace } = request;
    if (!type.namespaced) return;
    const found = this.#store.get(NAMESPACES, namespace);
    if (found === undefined) {
      throw notFound({ group: "", plural: "namespaces", kind: "Namespace" }, namespace);
    }
    if (!isTerminating(found)) return;
    const detail = `unable to create new content in namespace ${namespace} because it is being ` +
      "terminated";
    const error = forbidden(type, { name, detail });
    const details = error.details ?? {};
    details["causes"] = [{
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    }];
    throw error;
  }

  #finishCreate(
    request: WriteRequest,
    object: JsonObject,
    options: { readonly track: (stored: JsonObject) => void; readonly keepsNulls?: boolean },
  ): WriteResult {
    const { type } = request;
    const metadata = metadataOf(object);
    this.#checkNamespace(request, nameOf(object));
    metadata["uid"] = crypto.randomUUID();
    metadata["creationTimestamp"] = timestamp(this.#clock.now());
    delete metadata["deletionTimestamp"];
    delete metadata["deletionGracePeriodSeconds"];
    delete metadata["selfLink"];
    delete metadata["resourceVersion"];
    if (type.hasGeneration) metadata["generation"] = 1;
    else delete metadata["generation"];
    if (type.hasStatus) delete object["status"];
    complete(type, object, options);
    options.track(object);
    type.initialize?.(object);
    const stored = toStored(type, object);
    validate(type, { object: stored, previous: undefined });
    const key = keyOf(namespaceOf(stored), nameOf(stored));
    if (this.#store.get(type.storage, key) !== undefined) throw alreadyExists(type, nameOf(stored));
    if (!request.dryRun) this.#store.put(type.storage, key, stored);
    return { created: true, object: present(type, stored) };
  }

  #finishUpdate(
    request: WriteRequest,
    current: JsonObject,
    options: {
      readonly next: JsonObject;
      readonly track: (before: JsonObject, next: JsonObject) => void;
      readonly keepsNulls?: boolean;
    },
  ): WriteResult {
    const { type } = request;
    this.#checkVersions(request, current, metadataOf(options.next));
    const next = carryOver(type, toStored(type, options.next), {
      current,
      subresource: request.subresource,
    });
    complete(type, next, options);
    countGeneration(type, { next, current });
    validate(type, { object: next, previous: current });
    // Both share their metadata with what is stored, so the owners land there.
    options.track(present(type, current), present(type, next));
    metadataOf(next)["resourceVersion"] = metadataOf(current)["resourceVersion"] ?? "";
    if (isSameState(current, next)) return { created: false, object: present(type, current) };

    if (request.dryRun) return { created: false, object: present(type, next) };
    const key = keyOf(request.namespace, request.name);
    const isReleased = isTerminating(next) && finalizersOf(next).length === 0 &&
      finalizersOf(current).length > 0 && type.storage !== NAMESPACES;
    if (isReleased) {
      const removed = this.#store.remove(type.storage, key) as JsonObject;
      const { resourceVersion = "" } = metadataOf(removed);
      return {
        created: false,
        object: present(type, { ...next, metadata: { ...metadataOf(next), resourceVersion } }),
      };
    }
    this.#store.put(type.storage, key, next);
    return { created: false, object: present(type, next) };
  }

  #checkVersions(request: WriteRequest, current: JsonObject, metadata: JsonObject): void {
    const uid = stringOr(metadata["uid"]);
    if (uid !== "" && uid !== uidOf(current)) {
      const error = invalidValue("metadata.uid", { value: uid, detail: "field is immutable" });
      throw invalid(request.type, { name: request.name, errors: [error] });
    }
    const wanted = stringOr(metadata["resourceVersion"]);
    if (wanted !== "" && wanted !== metadataOf(current)["resourceVersion"]) {
      throw modified(request.type, request.name);
    }
  }
}

function nameMismatch(request: WriteRequest, name: string): StatusError {
  return badRequest(
    `the name of the object (${name}) does not match the name on the URL (${request.name})`,
  );
}

function groupVersionOf(type: ResourceType): string {
  return type.group === "" ? `/${type.version}` : `${type.group}/${type.version}`;
}

function withoutTimes(entries: JsonObject[string] | undefined): JsonObject[string] {
  return cloneJson(listOr(entries)).map((entry) => {
    if (isObject(entry)) delete entry["time"];
    return entry;
  });
}

/** True when only the times in managedFields differ: such a write is no write. */
function isSameState(current: JsonObject, next: JsonObject): boolean {
  const { metadata: oldMetadata, ...oldRest } = current;
  const { metadata: newMetadata, ...newRest } = next;
  const { managedFields: oldFields, ...oldMeta } = objectOr(oldMetadata);
  const { managedFields: newFields, ...newMeta } = objectOr(newMetadata);
  return equalJson(oldRest, newRest) && equalJson(oldMeta, newMeta) &&
    equalJson(withoutTimes(oldFields), withoutTimes(newFields));
}

/** The patched object cannot be read, which is the patch's fault. */
function unfitPatch(patched: JsonObject, detail: string): StatusError {
  const error = invalidValue("patch", { value: JSON.stringify(patched), detail });
  return invalid({ group: "", plural: "", kind: "" }, { name: "", errors: [error] });
}
