/**
 * Keys to work on: each at most once, in order of priority, not before their time, and never
 * two workers on one key.
 *
 * Guarantees, each with a property test of its own:
 *   1. A key is never handed out twice at the same time.
 *   2. An add while the key is being worked on hands it out once more after `done`.
 *   3. Adds of a waiting key are one hand-out, with the highest priority and the earliest time.
 *   4. Nothing is handed out before its time, nothing is lost, first in first out per priority.
 *   5. A delayed key never blocks one that is due.
 *   6. After `drain` nothing is handed out; work in hand may end.
 *   7. The failure counts are empty once all keys have succeeded or were forgotten.
 *   8. A key that waited too long is raised, so that routine work cannot starve.
 */
import type { Clock, Random, Timer } from "../ops/clock.ts";
import { Heap } from "./heap.ts";
import { RETRY } from "./priority.ts";

/** How to add a key. */
export interface AddOptions {
  /** @default {0} */
  readonly priority?: number;
  /** Not before this many milliseconds. @default {0} */
  readonly afterMs?: number;
}

/** One key in a worker's hand. */
export interface Ticket {
  readonly key: string;
  /** How long the key was due before it was taken. */
  readonly queuedMs: number;
  /** Must be called once, when the work has ended in whatever way. */
  done(): void;
}

/** Told what happens, for the metrics. */
export interface QueueObserver {
  added(): void;
  retried(): void;
  taken(queuedMs: number): void;
  finished(workedMs: number): void;
}

/** Options of {@link WorkQueue}. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** First delay after a failure. @default {5} */
  readonly firstBackoffMs?: number;
  /** Longest delay after failures. @default {900_000} */
  readonly longestBackoffMs?: number;
  /** A due key that waited this long is raised to the priority of a retry. @default {60_000} */
  readonly starvationMs?: number;
  readonly observer?: QueueObserver;
}

interface Waiting {
  readonly key: string;
  priority: number;
  readyAt: number;
  order: number;
  /** A heap entry is only valid while it carries the same version as the key. */
  version: number;
}

/** When and how urgently a key is wanted; the time is absolute, so that it may wait for `done`. */
type Wanted = Pick<Waiting, "priority" | "readyAt">;

interface HeapEntry {
  readonly item: Waiting;
  readonly version: number;
  readonly priority: number;
  readonly readyAt: number;
  readonly order: number;
}

/** The work queue of one controller. */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #working = new Map<string, number>();
  /** Adds that came while the key was being worked on. */
  readonly #again = new Map<string, Wanted>();
  readonly #failures = new Map<string, number>();
  readonly #due = new Heap<HeapEntry>((left, right) =>
    left.priority !== right.priority ? left.priority > right.priority : left.order < right.order
  );
  readonly #delayed = new Heap<HeapEntry>((left, right) => left.readyAt < right.readyAt);
  /** Due keys by age; entries of keys that were taken fall out when they come to the top. */
  readonly #byAge = new Heap<HeapEntry>((left, right) => left.readyAt < right.readyAt);
  readonly #takers: ((ticket: Ticket | undefined) => void)[] = [];
  #drained = Promise.withResolvers<void>();
  #order = 0;
  #closed = false;
  #timer: { readonly at: number; readonly timer: Timer } | undefined;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Number of keys that are due. */
  get depth(): number {
    const now = this.#options.clock.monotonic();
    let depth = 0;
    for (const item of this.#waiting.values()) if (item.readyAt <= now) depth++;
    return depth;
  }

  /** Number of keys in workers' hands. */
  get working(): number {
    return this.#working.size;
  }

  /** Milliseconds for which the longest running work has been in hand. */
  get longestWorkMs(): number {
    const now = this.#options.clock.monotonic();
    return Math.max(0, ...[...this.#working.values()].map((startedAt) => now - startedAt));
  }

  /** Milliseconds of all work in hand, added up: grows without end while a worker is stuck. */
  get unfinishedWorkMs(): number {
    const now = this.#options.clock.monotonic();
    return [...this.#working.values()].reduce((sum, startedAt) => sum + now - startedAt, 0);
  }

  /** Number of keys whose last attempt failed. */
  get failing(): number {
    return this.#failures.size;
  }

  /** Adds a key, or brings a waiting one forward. */
  add(key: string, options: AddOptions = {}): void {
    if (this.#closed) return;
    this.#options.observer?.added();
    const readyAt = this.#options.clock.monotonic() + (options.afterMs ?? 0);
    const wanted = { priority: options.priority ?? RETRY, readyAt };
    if (this.#working.has(key)) this.#remember(key, wanted);
    else this.#enqueue(key, wanted);
    this.#serve();
  }

  /** Adds a key after a failure: 5 ms doubled up to 15 minutes, give or take a fifth. */
  addAfterFailure(key: string, options: { readonly atLeastMs?: number } = {}): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.#options.observer?.retried();
    const firstMs = this.#options.firstBackoffMs ?? 5;
    const baseMs = Math.min(
      firstMs * 2 ** Math.min(failures, 40),
      this.#options.longestBackoffMs ?? 900_000,
    );
    const jitteredMs = baseMs * (0.8 + 0.4 * this.#options.random());
    this.add(key, { priority: RETRY, afterMs: Math.max(jitteredMs, options.atLeastMs ?? 0) });
  }

  /** Number of failures in a row of one key. */
  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Ends the count of failures of a key. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** Waits for a key that is due; undefined once the queue is drained. */
  take(): Promise<Ticket | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  /**
   * Hands out nothing more, and waits for the work in hand.
   *
   * @returns "deadline" when work was still in hand after `deadlineMs`
   */
  async drain(deadlineMs: number): Promise<"drained" | "deadline"> {
    this.#closed = true;
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    this.#waiting.clear();
    this.#again.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
    if (this.#working.size === 0) return "drained";
    return await new Promise((resolve) => {
      const timer = this.#options.clock.after(deadlineMs, () => resolve("deadline"));
      this.#drained.promise.then(() => {
        timer.cancel();
        resolve("drained");
      });
    });
  }

  #remember(key: string, wanted: Wanted): void {
    const before = this.#again.get(key);
    this.#again.set(key, {
      priority: Math.max(before?.priority ?? -Infinity, wanted.priority),
      readyAt: Math.min(before?.readyAt ?? Infinity, wanted.readyAt),
    });
  }

  #enqueue(key: string, { priority, readyAt }: Wanted): void {
    const item = this.#waiting.get(key);
    if (item === undefined) {
      const added: Waiting = { key, priority, readyAt, order: 0, version: 0 };
      this.#waiting.set(key, added);
      return this.#place(added);
    }
    const raised = priority > item.priority;
    const sooner = readyAt < item.readyAt;
    if (!raised && !sooner) return;
    item.priority = Math.max(item.priority, priority);
    item.readyAt = Math.min(item.readyAt, readyAt);
    this.#place(item);
  }

  #place(item: Waiting): void {
    item.version++;
    item.order = ++this.#order;
    const entry = { item, ...item };
    if (item.readyAt <= this.#options.clock.monotonic()) this.#becomeDue(entry);
    else this.#delayed.push(entry);
  }

  #becomeDue(entry: HeapEntry): void {
    this.#due.push(entry);
    if (entry.priority < RETRY) this.#byAge.push(entry);
  }

  #isCurrent(entry: HeapEntry): boolean {
    return entry.version === entry.item.version &&
      this.#waiting.get(entry.item.key) === entry.item;
  }

  /** Moves what has become due, hands out while there are takers, and sets the next timer. */
  #serve(): void {
    this.#moveDue();
    while (this.#takers.length > 0) {
      const item = this.#popDue();
      if (item === undefined) break;
      this.#waiting.delete(item.key);
      this.#takers.shift()!(this.#ticketFor(item));
    }
    this.#armTimer();
  }

  #moveDue(): void {
    const now = this.#options.clock.monotonic();
    for (let next = this.#delayed.peek(); next !== undefined; next = this.#delayed.peek()) {
      const current = this.#isCurrent(next);
      if (current && next.readyAt > now) return;
      this.#delayed.pop();
      if (current) this.#becomeDue(next);
    }
  }

  #popDue(): Waiting | undefined {
    this.#raiseStarved();
    for (let entry = this.#due.pop(); entry !== undefined; entry = this.#due.pop()) {
      if (this.#isCurrent(entry)) return entry.item;
    }
    return undefined;
  }

  #raiseStarved(): void {
    const limit = this.#options.clock.monotonic() - (this.#options.starvationMs ?? 60_000);
    for (let oldest = this.#byAge.peek(); oldest !== undefined; oldest = this.#byAge.peek()) {
      const current = this.#isCurrent(oldest);
      if (current && oldest.readyAt > limit) return;
      this.#byAge.pop();
      if (!current) continue;
      oldest.item.priority = RETRY;
      this.#place(oldest.item);
    }
  }

  #ticketFor(item: Waiting): Ticket {
    const startedAt = this.#options.clock.monotonic();
    this.#working.set(item.key, startedAt);
    const queuedMs = startedAt - item.readyAt;
    this.#options.observer?.taken(queuedMs);
    let done = false;
    return {
      key: item.key,
      queuedMs,
      done: () => {
        if (done) return;
        done = true;
        this.#finish(item.key, startedAt);
      },
    };
  }

  #finish(key: string, startedAt: number): void {
    this.#options.observer?.finished(this.#options.clock.monotonic() - startedAt);
    this.#working.delete(key);
    const again = this.#again.get(key);
    this.#again.delete(key);
    if (again !== undefined && !this.#closed) this.#enqueue(key, again);
    if (this.#closed && this.#working.size === 0) this.#drained.resolve();
    if (!this.#closed) this.#serve();
  }

  #armTimer(): void {
    const next = this.#delayed.peek();
    if (next === undefined || this.#closed) return;
    if (this.#timer !== undefined && this.#timer.at <= next.readyAt) return;
    this.#timer?.timer.cancel();
    const waitMs = Math.max(0, next.readyAt - this.#options.clock.monotonic());
    const timer = this.#options.clock.after(waitMs, () => {
      this.#timer = undefined;
      this.#serve();
    });
    this.#timer = { at: next.readyAt, timer };
  }
}
