import type { Clock, Timer } from "../../src/ops/clock.ts";

interface PendingTimer {
  readonly dueAt: number;
  readonly sequence: number;
  readonly run: () => void;
}

/**
 * A clock that only moves when a test says so.
 *
 * Wall time and monotonic time are separate, as they are on a machine: see {@link stepWallClock}.
 */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #sequence = 0;
  readonly #timers = new Set<PendingTimer>();

  /** @param startMs Wall time to begin with. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#wallMs = startMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  after(ms: number, run: () => void): Timer {
    const timer: PendingTimer = {
      dueAt: this.#monotonicMs + Math.max(ms, 0),
      sequence: this.#sequence++,
      run,
    };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Number of timers that have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due, or undefined without a timer. */
  get nextTimerInMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.dueAt - this.#monotonicMs;
  }

  /**
   * Moves both clocks by `ms` and fires what is due, in order of due time, then of creation.
   *
   * Promises get to run before the first timer and after each one, so timers that they set
   * within the span fire too.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    await settle();
    while (true) {
      const next = this.#next();
      if (next === undefined || next.dueAt > end) break;
      this.#moveTo(next.dueAt);
      this.#timers.delete(next);
      next.run();
      await settle();
    }
    this.#moveTo(end);
  }

  /** Moves the wall clock alone, as a time server or an administrator does. */
  stepWallClock(ms: number): void {
    this.#wallMs += ms;
  }

  #next(): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of this.#timers) {
      const isEarlier = next === undefined || timer.dueAt < next.dueAt ||
        (timer.dueAt === next.dueAt && timer.sequence < next.sequence);
      if (isEarlier) next = timer;
    }
    return next;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

/** Lets every promise that can settle without I/O do so: a macrotask runs after all of them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
