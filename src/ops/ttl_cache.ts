/**
 * The one cache class: bounded in size and in time.
 *
 * For provider-side look-ups and sessions only. Never on top of a watch store: the store is
 * newer than any copy of it (runtime R3.7).
 */
import type { Clock } from "./clock.ts";

/** What happened to a cache, for its metrics. */
export type CacheEvent = "hit" | "miss" | "eviction";

/** Options of {@link TtlCache}. */
export interface TtlCacheOptions<V> {
  readonly clock: Clock;
  /** How long an entry may be used after it was stored. */
  readonly ttlMs: number;
  /** Entries kept at most; the one unused for longest goes first. */
  readonly maxEntries: number;
  /** Told once for each hit, miss and eviction. */
  readonly onEvent?: (event: CacheEvent) => void;
  /** Called once for each value that leaves the cache, to free what it holds. */
  readonly dispose?: (value: V) => void;
}

interface Entry<V> {
  readonly value: V;
  readonly expiresAt: number;
}

/** A map whose entries expire, and that never grows beyond its bound. */
export class TtlCache<K, V> {
  readonly #options: TtlCacheOptions<V>;
  /** In order of use: the first entry is the one unused for longest. */
  readonly #entries = new Map<K, Entry<V>>();

  constructor(options: TtlCacheOptions<V>) {
    this.#options = options;
  }

  /** Number of entries, expired ones that were not asked for since included. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value stored under `key` less than `ttlMs` ago. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#miss();
    if (entry.expiresAt <= this.#options.clock.monotonic()) {
      this.#evict(key, entry);
      return this.#miss();
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#options.onEvent?.("hit");
    return entry.value;
  }

  /** Stores a value; an older one under the same key is disposed of. */
  set(key: K, value: V): void {
    const previous = this.#entries.get(key);
    if (previous !== undefined) this.#evict(key, previous);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size < this.#options.maxEntries) break;
      this.#evict(oldest, entry);
    }
    const expiresAt = this.#options.clock.monotonic() + this.#options.ttlMs;
    this.#entries.set(key, { value, expiresAt });
  }

  /** Removes the entries whose key fits, and disposes of their values. */
  deleteWhere(fits: (key: K) => boolean): void {
    for (const [key, entry] of [...this.#entries]) {
      if (fits(key)) this.#evict(key, entry);
    }
  }

  /** Removes and disposes of everything. */
  clear(): void {
    this.deleteWhere(() => true);
  }

  #miss(): undefined {
    this.#options.onEvent?.("miss");
  }

  #evict(key: K, entry: Entry<V>): void {
    this.#entries.delete(key);
    this.#options.onEvent?.("eviction");
    this.#options.dispose?.(entry.value);
  }
}
