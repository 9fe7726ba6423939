/**
 * Own writes, until the watch has caught up with them.
 *
 * The event of a write arrives before its answer about as often as after it (runtime A3.2), so
 * the two are ordered by resource version alone.
 */
import type { KubeObject } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import { compareResourceVersions } from "../kube/resource_version.ts";
import type { Clock } from "../ops/clock.ts";

/** An entry that the watch never confirmed is dropped after this time. */
const LONGEST_MS = 300_000;

interface Entry<T> {
  readonly object: T;
  readonly writtenAt: number;
}

/** The newest version that each own write returned, where the store is older. */
export class Overlay<T extends KubeObject> {
  readonly #clock: Clock;
  readonly #entries = new Map<ObjectKey, Entry<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Number of writes that the watch has not confirmed. */
  get size(): number {
    return this.#entries.size;
  }

  /** Records what a write returned, unless this version or a newer one is known already. */
  wrote(object: T, stored: T | undefined): void {
    const newest = this.read(keyOf(object), stored);
    if (newest === undefined || !this.#newer(object, newest)) return;
    this.#entries.set(keyOf(object), { object, writtenAt: this.#clock.monotonic() });
  }

  /** The newer of the stored object and our own write; an object that is gone stays gone. */
  read(key: ObjectKey, stored: T | undefined): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return stored;
    const expired = this.#clock.monotonic() - entry.writtenAt > LONGEST_MS;
    if (stored === undefined || expired || !this.#newer(entry.object, stored)) {
      this.#entries.delete(key);
      return stored;
    }
    return entry.object;
  }

  /** Drops the entry of an object that the watch reported as deleted. */
  drop(key: ObjectKey): void {
    this.#entries.delete(key);
  }

  #newer(written: T, stored: T): boolean {
    if (written.metadata.uid !== stored.metadata.uid) return false;
    const order = compareResourceVersions(
      written.metadata.resourceVersion,
      stored.metadata.resourceVersion,
    );
    // Not comparable (before 1.35): the write is the newer one until an event says otherwise.
    return order === undefined || order > 0;
  }
}
