/**
 * Request budgets: one token bucket per account (endpoint and key) and service.
 */
import type { Clock } from "../ops/clock.ts";
import { type Rate, TokenBucket } from "../ops/token_bucket.ts";

/** A pass was not admitted; come back after `waitMs`. No error of anybody. */
export class BudgetExhaustedError extends Error {
  override readonly name = "BudgetExhaustedError";
  readonly waitMs: number;

  constructor(waitMs: number) {
    super(`Cannot begin: the request budget of the account is spent for ${waitMs} ms`);
    this.waitMs = waitMs;
  }
}

interface Account {
  readonly bucket: TokenBucket;
  /** Rates that the Providers of this account ask for; the lowest holds. */
  readonly claims: Map<string, Rate>;
}

/** The budgets of all accounts; as many as there are Providers. */
export class Budgets {
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The bucket of an account, at the lowest rate that any of its Providers asks for.
   *
   * @param claimant uid of the Provider that asks; its earlier claim on the account is replaced
   */
  claim(account: string, claimant: string, rate: Rate): TokenBucket {
    const known = this.#accounts.get(account);
    if (known === undefined) {
      const bucket = new TokenBucket(rate, this.#clock);
      this.#accounts.set(account, { bucket, claims: new Map([[claimant, rate]]) });
      return bucket;
    }
    known.claims.set(claimant, rate);
    known.bucket.setRate(lowest(known.claims.values()));
    return known.bucket;
  }

  /** Ends the claims of a Provider, except those on `kept`. */
  release(claimant: string, kept: readonly string[] = []): void {
    for (const [name, account] of this.#accounts) {
      if (kept.includes(name) || !account.claims.delete(claimant)) continue;
      if (account.claims.size === 0) this.#accounts.delete(name);
      else account.bucket.setRate(lowest(account.claims.values()));
    }
  }
}

function lowest(rates: Iterable<Rate>): Rate {
  return [...rates].reduce((least, rate) => rate.perSecond < least.perSecond ? rate : least);
}
