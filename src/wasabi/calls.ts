/**
 * The way to one API of one account: its budget, its retries, its metrics.
 *
 * The SDK makes one attempt; retries are ours, because each attempt must be paid from the
 * account's budget, and because the SDK does not know Wasabi's throttling code (wasabi §7.4).
 */
import { type Clock, delay, type Random } from "../ops/clock.ts";
import type { TokenBucket } from "../ops/token_bucket.ts";
import { BudgetExhaustedError } from "./budget.ts";
import type { ConnectionSettings } from "./connection_settings.ts";
import { hostOf } from "./endpoint.ts";
import { ProviderError, providerErrorOf } from "./error.ts";

/** The APIs that are spoken to. */
export type Api = "s3" | "iam";

/** Told of each attempt, for the metrics. */
export type AttemptObserver = (attempt: {
  readonly provider: string;
  readonly api: Api;
  readonly operation: string;
  /** "OK" or the code of the error. */
  readonly code: string;
  readonly seconds: number;
}) => void;

/** What calls need besides the account's settings. */
export interface CallEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  /** Throws when nothing may be changed, because another process may lead by now. */
  readonly fence?: () => void;
  readonly onAttempt?: AttemptObserver;
  /** Told when a pass was not admitted. */
  readonly onBudgetWait?: (
    provider: string,
    waitMs: number,
    options: { readonly api: Api },
  ) => void;
}

/** How one call may be made. */
export interface CallOptions {
  readonly operation: string;
  readonly signal: AbortSignal;
  /** False for calls whose repetition would mean something else, such as CreateBucket. */
  readonly repeatable: boolean;
}

/** Where calls go, and what limits them. */
export interface CallRoute {
  readonly api: Api;
  readonly endpoint: string;
  readonly budget: TokenBucket;
  readonly retry: ConnectionSettings["retry"];
}

const READING = /^(Get|Head|List)/;
const THROTTLE_PAUSE_MS = 2_000;
const LONGEST_RETRY_MS = 5_000;

/** Calls of one account to one API. */
export class Calls {
  readonly #route: CallRoute;
  readonly #environment: CallEnvironment;

  constructor(route: CallRoute, environment: CallEnvironment) {
    this.#route = route;
    this.#environment = environment;
  }

  /**
   * Asks whether a pass may begin; its calls are then paid into debt if need be.
   *
   * @throws BudgetExhaustedError that says when to come back
   */
  admit(): void {
    const { api, budget, endpoint } = this.#route;
    const grant = budget.admit();
    if (grant.kind === "granted") return;
    this.#environment.onBudgetWait?.(hostOf(endpoint), grant.waitMs, { api });
    throw new BudgetExhaustedError(grant.waitMs);
  }

  /**
   * Makes one call, and repeats it while its error is transient.
   *
   * @throws ProviderError of the last attempt, or the reason of `signal`
   */
  async call<T>(options: CallOptions, send: () => Promise<T>): Promise<T> {
    const attempts = options.repeatable ? this.#route.retry.maxAttempts : 1;
    for (let attempt = 1;; attempt++) {
      try {
        // deno-lint-ignore no-await-in-loop
        return await this.#attempt(options.operation, send);
      } catch (error) {
        options.signal.throwIfAborted();
        if (!(error instanceof ProviderError)) throw error;
        if (error.kind === "Throttled") this.#route.budget.pause(THROTTLE_PAUSE_MS);
        // A throttled call goes back to the queue: repeating it here would hold a worker.
        const again = error.transient && error.kind !== "Throttled" && attempt < attempts;
        if (!again) throw error;
        // deno-lint-ignore no-await-in-loop
        await delay(this.#environment.clock, this.#pauseMs(attempt), { stop: options.signal });
      }
    }
  }

  async #attempt<T>(operation: string, send: () => Promise<T>): Promise<T> {
    const { api, budget, endpoint } = this.#route;
    if (!READING.test(operation)) this.#environment.fence?.();
    budget.spend();
    const { clock } = this.#environment;
    const startedAt = clock.monotonic();
    const provider = hostOf(endpoint);
    let code = "OK";
    try {
      return await send();
    } catch (error) {
      const mapped = providerErrorOf(error, { operation, host: provider, api });
      code = mapped instanceof ProviderError ? mapped.code : "Aborted";
      throw mapped;
    } finally {
      const seconds = (clock.monotonic() - startedAt) / 1000;
      this.#environment.onAttempt?.({ provider, api, operation, code, seconds });
    }
  }

  #pauseMs(attempt: number): number {
    const { backoffStrategy } = this.#route.retry;
    const baseMs = backoffStrategy === "linear" ? 300 * attempt : 150 * 2 ** attempt;
    return Math.min(baseMs, LONGEST_RETRY_MS) * (0.8 + 0.4 * this.#environment.random());
  }
}
