/**
 * The fence before every call that changes something: it is open only while the lease was renewed
 * lately (runtime R6.2).
 *
 * A call that is on its way when leadership ends cannot be called back; the fence shrinks the
 * window from "until the process is gone" to one request.
 */
import type { Clock } from "../../ops/clock.ts";

/** Another replica may lead by now, so nothing may be changed. */
export class LostLeadershipError extends Error {
  override readonly name = "LostLeadershipError";
}

/** More than this between both clocks means that the machine was suspended or its clock set. */
const CLOCK_STEP_MS = 5_000;

/** Knows when the lease was renewed last. */
export class Fence {
  readonly #clock: Clock;
  readonly #renewDeadlineMs: number;
  #renewed: { readonly atMs: number; readonly wallAheadMs: number } | undefined;

  constructor(clock: Clock, { renewDeadlineMs }: { readonly renewDeadlineMs: number }) {
    this.#clock = clock;
    this.#renewDeadlineMs = renewDeadlineMs;
  }

  /** @param sentAtMs monotonic time at which the request that renewed the lease was sent */
  renewed(sentAtMs: number): void {
    const wallAheadMs = this.#clock.now() - this.#clock.monotonic();
    this.#renewed = { atMs: sentAtMs, wallAheadMs };
  }

  /** Closes for good, or until the next renewal. */
  close(): void {
    this.#renewed = undefined;
  }

  /** Monotonic time since the last renewal; Infinity without one. */
  get sinceRenewalMs(): number {
    return this.#renewed === undefined ? Infinity : this.#clock.monotonic() - this.#renewed.atMs;
  }

  /** @throws LostLeadershipError unless this process leads for certain */
  check(): void {
    if (this.#renewed === undefined) throw new LostLeadershipError("Cannot act: not the leader");
    const wallAheadMs = this.#clock.now() - this.#clock.monotonic();
    const jumpedMs = wallAheadMs - this.#renewed.wallAheadMs;
    if (this.sinceRenewalMs < this.#renewDeadlineMs && jumpedMs <= CLOCK_STEP_MS) return;
    throw new LostLeadershipError("Cannot act: the lease was not renewed in time");
  }
}
