/**
 * Reflectors, store and overlay of one kind, behind one reading interface.
 */
import type { KubeObject } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import type { KubeClient } from "../kube/client.ts";
import type { KubeConnection } from "../kube/connection.ts";
import type { KubeError } from "../kube/error.ts";
import type { Resource } from "../kube/resource.ts";
import type { Clock, Random } from "../ops/clock.ts";
import { Overlay } from "./overlay.ts";
import { Reflector, type ReflectorObservation, type ReflectorSink } from "./reflector.ts";
import { type Change, type IndexFunction, Store } from "./store.ts";

/** Options of {@link Informer}. */
export interface InformerOptions<T extends KubeObject> {
  readonly connection: KubeConnection;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly resource: Resource;
  /** Namespaces to watch; empty means all. */
  readonly namespaces: readonly string[];
  readonly metadataOnly?: boolean;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  readonly onObservation?: (observation: ReflectorObservation) => void;
  /** Told when the server begins or ceases to refuse the collection. */
  readonly onBlocked?: (error: KubeError | undefined) => void;
}

/** Keeps a kind in memory and tells its changes. */
export class Informer<T extends KubeObject> {
  readonly #options: InformerOptions<T>;
  readonly #store: Store<T>;
  readonly #overlay: Overlay<T>;
  readonly #listeners: ((change: Change<T>) => void)[] = [];
  readonly #scopes: readonly (string | undefined)[];
  readonly #synced = new Set<string | undefined>();
  readonly #blocked = new Set<string | undefined>();
  readonly #settled = Promise.withResolvers<void>();
  #lastEventAt: number;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.#store = new Store(options.indexes);
    this.#overlay = new Overlay(options.clock);
    this.#scopes = options.namespaces.length > 0 ? options.namespaces : [undefined];
    this.#lastEventAt = options.clock.monotonic();
  }

  /** Resolves when each stream has delivered its initial set, or was refused. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** True while the whole collection is known; false before, and while the server refuses it. */
  get complete(): boolean {
    return this.#synced.size === this.#scopes.length && this.#blocked.size === 0;
  }

  /** Number of objects in the store. */
  get size(): number {
    return this.#store.size;
  }

  /** Number of own writes that the watch has not confirmed yet. */
  get unconfirmedWrites(): number {
    return this.#overlay.size;
  }

  /** Milliseconds since the last event or bookmark. */
  get silentMs(): number {
    return this.#options.clock.monotonic() - this.#lastEventAt;
  }

  /** The newest known version of an object, frozen. */
  get(key: ObjectKey): T | undefined {
    return this.#overlay.read(key, this.#store.get(key));
  }

  /** All objects. */
  list(): readonly T[] {
    return this.#read(this.#store.keys());
  }

  /** The objects that an index lists under `value`. */
  by(index: string, value: string): readonly T[] {
    return this.#read(this.#store.keysBy(index, value));
  }

  /** Calls `listener` for each change from now on; it must return at once. */
  onChange(listener: (change: Change<T>) => void): void {
    this.#listeners.push(listener);
  }

  /** Records the answer of an own write, so that the next read is not older. */
  wrote(object: T): void {
    this.#overlay.wrote(object, this.#store.get(keyOf(object)));
  }

  /** Watches until `stop` fires. */
  async run(stop: AbortSignal): Promise<void> {
    await Promise.all(this.#scopes.map((namespace) => {
      const { connection, client, clock, random, resource, metadataOnly } = this.#options;
      const sink = this.#sinkFor(namespace);
      return new Reflector({
        connection,
        client,
        clock,
        random,
        resource,
        namespace,
        sink,
        ...(metadataOnly === undefined ? {} : { metadataOnly }),
      }).run(stop);
    }));
  }

  /** The sink is the border between wire objects and this kind's type. */
  #sinkFor(namespace: string | undefined): ReflectorSink {
    return {
      replaced: (objects) => {
        const changes = this.#store.replace(namespace, objects as Iterable<T>);
        this.#synced.add(namespace);
        this.#checkSettled();
        this.#emit(changes);
      },
      changed: (object) => this.#emit(this.#store.put(object as T)),
      removed: (object) => this.#emit(this.#store.remove(keyOf(object))),
      blocked: (error) => {
        const was = this.#blocked.has(namespace);
        if (error === undefined) this.#blocked.delete(namespace);
        else this.#blocked.add(namespace);
        if (was !== (error !== undefined)) this.#options.onBlocked?.(error);
        this.#checkSettled();
      },
      observed: (observation) => {
        if (observation.kind === "event") this.#lastEventAt = this.#options.clock.monotonic();
        this.#options.onObservation?.(observation);
      },
    };
  }

  #checkSettled(): void {
    const known = new Set([...this.#synced, ...this.#blocked]);
    if (known.size === this.#scopes.length) this.#settled.resolve();
  }

  #emit(changes: readonly Change<T>[]): void {
    for (const change of changes) {
      if (change.kind === "deleted") this.#overlay.drop(keyOf(change.object));
      for (const listener of this.#listeners) listener(change);
    }
  }

  #read(keys: Iterable<ObjectKey>): readonly T[] {
    const objects: T[] = [];
    for (const key of keys) {
      const object = this.get(key);
      if (object !== undefined) objects.push(object);
    }
    return objects;
  }
}
