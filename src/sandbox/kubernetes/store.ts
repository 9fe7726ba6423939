/**
 * The stored objects, one counter of resourceVersions for all of them, and the history that watches
 * resume from.
 *
 * Stored objects are never changed: every write stores a new one, so watchers, lists and history
 * may share them.
 */

import type { JsonObject } from "./json.ts";
import { metadataOf } from "./object_meta.ts";

/** One committed change. */
export interface StoreEvent {
  readonly rv: number;
  readonly storage: string;
  readonly key: string;
  readonly change: "created" | "updated" | "deleted";
  /** The new object; for deletions the last state, with the deletion's resourceVersion. */
  readonly object: JsonObject;
  /** The object before the change; absent for creations. */
  readonly previous?: JsonObject;
}

interface Collection {
  readonly objects: Map<string, JsonObject>;
  /** Keys in the order that lists use; dropped when a key comes or goes. */
  sortedKeys: readonly string[] | undefined;
}

/** In-memory storage of all collections. */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #historySize: number;
  #history: StoreEvent[] = [];
  /** Above 1, so that resourceVersion 1 is too old, as on a real server. */
  #rv = 100;
  #oldestResumable = 100;

  constructor(options: { readonly historySize: number }) {
    this.#historySize = options.historySize;
  }

  /** The resourceVersion of the newest change. */
  get rv(): number {
    return this.#rv;
  }

  /** The object, or undefined. */
  get(storage: string, key: string): JsonObject | undefined {
    return this.#collections.get(storage)?.objects.get(key);
  }

  /** Number of objects in a collection. */
  size(storage: string): number {
    return this.#collections.get(storage)?.objects.size ?? 0;
  }

  /** Keys and objects of a collection, ordered by key. */
  list(storage: string): [string, JsonObject][] {
    const collection = this.#collections.get(storage);
    if (collection === undefined) return [];
    collection.sortedKeys ??= [...collection.objects.keys()].sort(compareKeys);
    return collection.sortedKeys.map((key) => [key, collection.objects.get(key) as JsonObject]);
  }

  /**
   * The collection as it was at `rv`, ordered by key.
   *
   * @returns undefined when the history no longer reaches that far.
   */
  listAt(storage: string, rv: number): [string, JsonObject][] | undefined {
    const later = this.eventsAfter(rv);
    if (later === undefined) return undefined;
    const undone = new Map<string, JsonObject | undefined>();
    for (const event of later) {
      if (event.storage === storage && !undone.has(event.key)) {
        undone.set(event.key, event.previous);
      }
    }
    if (undone.size === 0) return this.list(storage);
    const objects = new Map(this.list(storage));
    for (const [key, object] of undone) {
      if (object === undefined) objects.delete(key);
      else objects.set(key, object);
    }
    return [...objects].sort(([left], [right]) => compareKeys(left, right));
  }

  /**
   * The changes after `rv`, oldest first.
   *
   * @returns undefined when the history no longer reaches that far.
   */
  eventsAfter(rv: number): readonly StoreEvent[] | undefined {
    if (rv < this.#oldestResumable) return undefined;
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#history[middle] as StoreEvent).rv <= rv) low = middle + 1;
      else high = middle;
    }
    return this.#history.slice(low);
  }

  /** Stores a new state; sets its resourceVersion. The object must not be changed afterwards. */
  put(storage: string, key: string, object: JsonObject): JsonObject {
    let collection = this.#collections.get(storage);
    if (collection === undefined) {
      collection = { objects: new Map(), sortedKeys: undefined };
      this.#collections.set(storage, collection);
    }
    const previous = collection.objects.get(key);
    const rv = ++this.#rv;
    metadataOf(object)["resourceVersion"] = String(rv);
    collection.objects.set(key, object);
    if (previous === undefined) {
      collection.sortedKeys = undefined;
      this.#record({ rv, storage, key, change: "created", object });
    } else {
      this.#record({ rv, storage, key, change: "updated", object, previous });
    }
    return object;
  }

  /** Removes an object; its last state gets the resourceVersion of the removal. */
  remove(storage: string, key: string): JsonObject | undefined {
    const collection = this.#collections.get(storage);
    const previous = collection?.objects.get(key);
    if (collection === undefined || previous === undefined) return undefined;
    const rv = ++this.#rv;
    const object = {
      ...previous,
      metadata: { ...metadataOf(previous), resourceVersion: String(rv) },
    };
    collection.objects.delete(key);
    collection.sortedKeys = undefined;
    this.#record({ rv, storage, key, change: "deleted", object, previous });
    return object;
  }

  /** Calls `listener` after each change, in order, until the returned function is called. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the history: only the current resourceVersion can be resumed from. */
  compact(): void {
    this.#history = [];
    this.#oldestResumable = this.#rv;
  }

  /**
   * Goes back to the state at `rv`, as a server that was restored from a backup. Listeners are
   * not told.
   *
   * @throws RangeError when the history does not reach that far
   */
  restore(rv: number): void {
    const stored = new Map<string, Map<string, JsonObject>>();
    for (const storage of this.#collections.keys()) {
      const objects = this.listAt(storage, rv);
      if (objects === undefined || rv > this.#rv) {
        throw new RangeError(`Cannot restore resourceVersion: received "${rv}"`);
      }
      stored.set(storage, new Map(objects));
    }
    for (const [storage, objects] of stored) {
      this.#collections.set(storage, { objects, sortedKeys: undefined });
    }
    this.#rv = rv;
    this.compact();
  }

  #record(event: StoreEvent): void {
    this.#history.push(event);
    // Cut in batches: one slice per historySize changes instead of a shift per change.
    if (this.#history.length >= 2 * this.#historySize) {
      this.#history = this.#history.slice(-this.#historySize);
      this.#oldestResumable = (this.#history[0] as StoreEvent).rv - 1;
    }
    for (const listener of this.#listeners) listener(event);
  }
}

function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
