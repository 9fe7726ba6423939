/**
 * A token bucket that never sleeps: it answers when to come back.
 */
import type { Clock } from "./clock.ts";

/** Rate of a {@link TokenBucket}. */
export interface Rate {
  /** Tokens that come back each second; more than 0. */
  readonly perSecond: number;
  /** Tokens that may be taken at once; at least 1. */
  readonly burst: number;
}

/** Either a token was taken, or none is there before `waitMs` have passed. */
export type Grant = { readonly kind: "granted" } | {
  readonly kind: "empty";
  readonly waitMs: number;
};

/** Tokens that refill steadily up to a burst. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #tokens: number;
  #refilledAt: number;

  constructor(rate: Rate, clock: Clock) {
    if (!(rate.perSecond > 0) || !(rate.burst >= 1)) {
      throw new RangeError(
        `Cannot create a token bucket: received ${rate.perSecond} per second, burst ${rate.burst}`,
      );
    }
    this.#clock = clock;
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#refilledAt = clock.monotonic();
  }

  /** Takes one token, or says how long it takes until one is there. */
  take(): Grant {
    this.#refill();
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return { kind: "granted" };
    }
    return { kind: "empty", waitMs: Math.ceil((1 - this.#tokens) / this.#rate.perSecond * 1000) };
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    const gained = (now - this.#refilledAt) / 1000 * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#refilledAt = now;
  }
}
