/**
 * The local copy of a collection: frozen objects, replaced as a whole, with indexes.
 */
import type { KubeObject } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";

/** A difference between two states of the store. */
export type Change<T> =
  | { readonly kind: "added"; readonly object: T }
  | { readonly kind: "updated"; readonly object: T; readonly before: T }
  | { readonly kind: "deleted"; readonly object: T };

/** Values under which an index finds an object. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** Objects by key, kept by one or more reflectors that each own a namespace, or all. */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #functions: Readonly<Record<string, IndexFunction<T>>>;
  readonly #indexes = new Map<string, Map<string, Set<ObjectKey>>>();

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>> = {}) {
    this.#functions = indexes;
    for (const name of Object.keys(indexes)) this.#indexes.set(name, new Map());
  }

  /** Number of objects. */
  get size(): number {
    return this.#objects.size;
  }

  /** The object under a key. */
  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  /** All keys. */
  keys(): Iterable<ObjectKey> {
    return this.#objects.keys();
  }

  /** Keys of the objects that an index lists under `value`. */
  keysBy(index: string, value: string): readonly ObjectKey[] {
    const entries = this.#indexes.get(index);
    if (entries === undefined) throw new RangeError(`Cannot look up index: received "${index}"`);
    return [...entries.get(value) ?? []];
  }

  /**
   * Puts one object; an object of the same name with another uid is a deletion and an addition,
   * because the one that the operator knew is gone.
   */
  put(object: T): readonly Change<T>[] {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before?.metadata.resourceVersion === object.metadata.resourceVersion) return [];
    if (before !== undefined) this.#unindex(key, before);
    this.#objects.set(key, object);
    this.#index(key, object);
    if (before === undefined) return [{ kind: "added", object }];
    if (before.metadata.uid === object.metadata.uid) return [{ kind: "updated", object, before }];
    return [{ kind: "deleted", object: before }, { kind: "added", object }];
  }

  /** Removes one object. */
  remove(key: ObjectKey): readonly Change<T>[] {
    const before = this.#objects.get(key);
    if (before === undefined) return [];
    this.#objects.delete(key);
    this.#unindex(key, before);
    return [{ kind: "deleted", object: before }];
  }

  /**
   * Replaces everything in one namespace (or everything) in one step, and tells the difference.
   * No reader sees a half-filled store.
   */
  replace(namespace: string | undefined, objects: Iterable<T>): readonly Change<T>[] {
    const changes: Change<T>[] = [];
    const seen = new Set<ObjectKey>();
    for (const object of objects) {
      seen.add(keyOf(object));
      changes.push(...this.put(object));
    }
    for (const [key, object] of [...this.#objects]) {
      if (seen.has(key)) continue;
      if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
      changes.push(...this.remove(key));
    }
    return changes;
  }

  #index(key: ObjectKey, object: T): void {
    for (const [name, valuesOf] of Object.entries(this.#functions)) {
      const entries = this.#indexes.get(name)!;
      for (const value of valuesOf(object)) {
        const keys = entries.get(value);
        if (keys === undefined) entries.set(value, new Set([key]));
        else keys.add(key);
      }
    }
  }

  #unindex(key: ObjectKey, object: T): void {
    for (const [name, valuesOf] of Object.entries(this.#functions)) {
      const entries = this.#indexes.get(name)!;
      for (const value of valuesOf(object)) {
        const keys = entries.get(value);
        keys?.delete(key);
        if (keys?.size === 0) entries.delete(value);
      }
    }
  }
}
