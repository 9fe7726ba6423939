/**
 * Deletes objects whose owners are gone, and releases owners that wait for their dependents
 * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).
 */

import type { Background } from "./background.ts";
import type { Deletion } from "./deletion.ts";
import { FOREGROUND_FINALIZER } from "./deletion.ts";
import type { JsonObject } from "./json.ts";
import { cloneJson, listOr, objectOr } from "./json.ts";
import { finalizersOf, isTerminating, metadataOf, ownersOf, uidOf } from "./object_meta.ts";
import type { Store, StoreEvent } from "./store.ts";

interface Location {
  readonly storage: string;
  readonly key: string;
}

/** Follows ownerReferences. */
export class GarbageCollector {
  readonly #store: Store;
  readonly #deletion: Deletion;
  readonly #background: Background;
  readonly #locations = new Map<string, Location>();
  /** UID of an owner to the UIDs of its dependents. */
  readonly #dependents = new Map<string, Set<string>>();

  constructor(
    options: {
      readonly store: Store;
      readonly deletion: Deletion;
      readonly background: Background;
    },
  ) {
    this.#store = options.store;
    this.#deletion = options.deletion;
    this.#background = options.background;
    this.#store.subscribe((event) => this.#observe(event));
  }

  /** Takes the owner's reference away from its dependents, so that they outlive it. */
  orphan(ownerUid: string): void {
    for (const { location, object } of this.#dependentsOf(ownerUid)) {
      this.#dropReferences(location, object, new Set([ownerUid]));
    }
  }

  #observe(event: StoreEvent): void {
    const uid = uidOf(event.object);
    const { storage, key } = event;
    for (const owner of event.previous === undefined ? [] : ownersOf(event.previous)) {
      this.#dependents.get(owner.uid)?.delete(uid);
    }
    if (event.change === "deleted") {
      this.#locations.delete(uid);
      this.#afterDeletion(uid, event.object);
      return;
    }
    this.#locations.set(uid, { storage, key });
    const owners = ownersOf(event.object);
    for (const owner of owners) {
      const known = this.#dependents.get(owner.uid) ?? new Set();
      known.add(uid);
      this.#dependents.set(owner.uid, known);
    }
    if (owners.some((owner) => !this.#locations.has(owner.uid))) this.#scheduleCheck(uid);
    if (waitsForDependents(event.object)) {
      this.#background.schedule(`foreground ${uid}`, () => this.#deleteDependents(uid));
    }
  }

  #afterDeletion(uid: string, object: JsonObject): void {
    for (const dependent of this.#dependents.get(uid) ?? []) this.#scheduleCheck(dependent);
    if ((this.#dependents.get(uid)?.size ?? 0) === 0) this.#dependents.delete(uid);
    for (const owner of ownersOf(object)) {
      this.#background.schedule(`foreground ${owner.uid}`, () => this.#release(owner.uid));
    }
  }

  #scheduleCheck(uid: string): void {
    this.#background.schedule(`owners ${uid}`, () => this.#checkOwners(uid));
  }

  /** Deletes an object without living owners; drops the references to dead ones otherwise. */
  #checkOwners(uid: string): void {
    const location = this.#locations.get(uid);
    const object = location && this.#store.get(location.storage, location.key);
    if (location === undefined || object === undefined) return;
    const owners = ownersOf(object);
    const dead = owners.filter((owner) => !this.#locations.has(owner.uid));
    if (dead.length === 0) return;
    if (dead.length < owners.length) {
      this.#dropReferences(location, object, new Set(dead.map((owner) => owner.uid)));
    } else if (!isTerminating(object)) this.#deletion.request(location.storage, location.key);
    for (const owner of dead) {
      if (this.#dependents.get(owner.uid)?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  #deleteDependents(ownerUid: string): void {
    for (const { location, object } of this.#dependentsOf(ownerUid)) {
      if (isTerminating(object)) continue;
      const isOwner = (this.#dependents.get(uidOf(object))?.size ?? 0) > 0;
      const policy = isOwner ? "Foreground" : "Background";
      this.#deletion.request(location.storage, location.key, { policy });
    }
    this.#release(ownerUid);
  }

  /** Lets an owner go when no dependent blocks it any more. */
  #release(ownerUid: string): void {
    const location = this.#locations.get(ownerUid);
    const owner = location && this.#store.get(location.storage, location.key);
    if (location === undefined || owner === undefined || !waitsForDependents(owner)) return;
    const isBlocked = this.#dependentsOf(ownerUid).some(({ object }) =>
      ownersOf(object).some((reference) => reference.uid === ownerUid && reference.blocksDeletion)
    );
    if (!isBlocked) {
      this.#deletion.dropFinalizer(location.storage, location.key, FOREGROUND_FINALIZER);
    }
  }

  #dependentsOf(ownerUid: string): { location: Location; object: JsonObject }[] {
    return [...this.#dependents.get(ownerUid) ?? []].flatMap((uid) => {
      const location = this.#locations.get(uid);
      const object = location && this.#store.get(location.storage, location.key);
      return location === undefined || object === undefined ? [] : [{ location, object }];
    });
  }

  #dropReferences(location: Location, object: JsonObject, owners: ReadonlySet<string>): void {
    const next = cloneJson(object);
    const metadata = metadataOf(next);
    const left = listOr(metadata["ownerReferences"])
      .filter((reference) => !owners.has(String(objectOr(reference)["uid"])));
    if (left.length === 0) delete metadata["ownerReferences"];
    else metadata["ownerReferences"] = left;
    this.#store.put(location.storage, location.key, next);
  }
}

function waitsForDependents(object: JsonObject): boolean {
  return isTerminating(object) && finalizersOf(object).includes(FOREGROUND_FINALIZER);
}
