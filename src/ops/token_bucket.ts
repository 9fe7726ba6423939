/**
 * A token bucket that never sleeps: it answers when to come back.
 *
 * Work asks once for admission and then spends what it needs, into debt if need be. Were each
 * call refused on its own, a pass of ten calls could never end within a burst of five.
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
  #rate: Rate;
  #pausedUntil = -Infinity;
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
    const grant = this.admit();
    if (grant.kind === "granted") this.spend();
    return grant;
  }

  /** Says whether work may begin now; takes nothing. */
  admit(): Grant {
    this.#refill();
    const pausedMs = this.#pausedUntil - this.#clock.monotonic();
    const emptyMs = this.#tokens >= 1 ? 0 : (1 - this.#tokens) / this.#rate.perSecond * 1000;
    const waitMs = Math.ceil(Math.max(pausedMs, emptyMs));
    return waitMs > 0 ? { kind: "empty", waitMs } : { kind: "granted" };
  }

  /** Takes one token for work that was admitted, even when none is left. */
  spend(): void {
    this.#refill();
    this.#tokens -= 1;
  }

  /** Admits nothing for a time, because the other side asked for it. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + ms);
  }

  /** Changes the rate; tokens beyond the new burst are lost. */
  setRate(rate: Rate): void {
    this.#refill();
    this.#rate = rate;
    this.#tokens = Math.min(this.#tokens, rate.burst);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    const gained = (now - this.#refilledAt) / 1000 * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#refilledAt = now;
  }
}
