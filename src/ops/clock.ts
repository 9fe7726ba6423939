/**
 * Time and chance as parameters.
 *
 * The only module that touches the process's clocks and its random source, so that every
 * schedule in the operator can be driven by a test.
 */

/** A timer that can be taken back. */
export interface Timer {
  cancel(): void;
}

/** Source of time. */
export interface Clock {
  /** Wall time in milliseconds since 1970, for timestamps that people read. */
  now(): number;
  /** Milliseconds that only grow, for every measurement and deadline. */
  monotonic(): number;
  /** Calls `run` once after `ms`, which may exceed the 2^31-1 ms that `setTimeout` can hold. */
  after(ms: number, run: () => void): Timer;
}

/** Source of chance: a number in [0, 1). */
export type Random = () => number;

/** Longest delay that `setTimeout` honours; a larger one would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

function startTimer(ms: number, run: () => void): Timer {
  let handle: ReturnType<typeof setTimeout> | undefined;
  let remainingMs = ms;
  function arm(): void {
    const stepMs = Math.min(Math.max(remainingMs, 0), LONGEST_TIMEOUT_MS);
    remainingMs -= stepMs;
    handle = setTimeout(() => remainingMs > 0 ? arm() : run(), stepMs);
  }
  arm();
  return { cancel: () => clearTimeout(handle) };
}

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: startTimer,
};

/** The process's own random source; good for jitter, not for secrets. */
export function systemRandom(): number {
  return Math.random();
}

/**
 * Waits `ms` or until `stop` fires, whichever comes first.
 *
 * @returns "elapsed" or "stopped"; it never rejects.
 */
export function delay(
  clock: Clock,
  ms: number,
  options: { readonly stop?: AbortSignal } = {},
): Promise<"elapsed" | "stopped"> {
  const { stop } = options;
  return new Promise((resolve) => {
    if (stop?.aborted) return resolve("stopped");
    const timer = clock.after(ms, () => {
      stop?.removeEventListener("abort", onStop);
      resolve("elapsed");
    });
    function onStop(): void {
      timer.cancel();
      resolve("stopped");
    }
    stop?.addEventListener("abort", onStop, { once: true });
  });
}

/** A signal that fires after a time, by a clock that a test can drive. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Must be called once the limit no longer matters; frees the timer. */
  release(): void;
}

/** Starts a time limit; its signal's reason is a TimeoutError. */
export function limitTime(clock: Clock, ms: number): TimeLimit {
  const controller = new AbortController();
  const timer = clock.after(ms, () => {
    controller.abort(new DOMException(`No answer within ${ms} ms`, "TimeoutError"));
  });
  return { signal: controller.signal, release: () => timer.cancel() };
}
