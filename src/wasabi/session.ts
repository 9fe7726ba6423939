/**
 * A session: SDK client, budget and retries of one account at one S3 endpoint.
 *
 * The SDK makes one attempt; retries are ours, because each attempt must be paid from the
 * account's budget, and because the SDK does not know Wasabi's throttling code (wasabi §7.4).
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type Clock, delay, type Random } from "../ops/clock.ts";
import type { TokenBucket } from "../ops/token_bucket.ts";
import { BudgetExhaustedError } from "./budget.ts";
import type { ConnectionSettings } from "./connection_settings.ts";
import { hostOf } from "./endpoint.ts";
import { ProviderError, providerErrorOf } from "./error.ts";

/** Told of each attempt, for the metrics. */
export type AttemptObserver = (attempt: {
  readonly provider: string;
  readonly operation: string;
  /** "OK" or the code of the error. */
  readonly code: string;
  readonly seconds: number;
}) => void;

/** What a session needs besides the account's settings. */
export interface SessionEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  /** Limit for the connection to open. @default {5_000} */
  readonly connectTimeoutMs?: number;
  /** Limit for one attempt. @default {30_000} */
  readonly requestTimeoutMs?: number;
  readonly onAttempt?: AttemptObserver;
  /** Told when a pass was not admitted. */
  readonly onBudgetWait?: (provider: string, waitMs: number) => void;
}

/** How one call may be made. */
export interface CallOptions {
  readonly operation: string;
  readonly signal: AbortSignal;
  /** False for calls whose repetition would mean something else, such as CreateBucket. */
  readonly repeatable: boolean;
}

const MAX_SOCKETS = 32;
const THROTTLE_PAUSE_MS = 2_000;
const LONGEST_RETRY_MS = 5_000;

/** One account at one endpoint. */
export class Session {
  readonly endpoint: string;
  readonly region: string;
  readonly client: S3Client;
  readonly #settings: ConnectionSettings;
  readonly #budget: TokenBucket;
  readonly #environment: SessionEnvironment;

  constructor(settings: ConnectionSettings, budget: TokenBucket, environment: SessionEnvironment) {
    this.endpoint = settings.endpoint;
    this.region = settings.region;
    this.#settings = settings;
    this.#budget = budget;
    this.#environment = environment;
    this.client = createClient(settings, environment);
  }

  /**
   * Asks whether a pass may begin; its calls are then paid into debt if need be.
   *
   * @throws BudgetExhaustedError that says when to come back
   */
  admit(): void {
    const grant = this.#budget.admit();
    if (grant.kind === "granted") return;
    this.#environment.onBudgetWait?.(hostOf(this.endpoint), grant.waitMs);
    throw new BudgetExhaustedError(grant.waitMs);
  }

  /**
   * Makes one call, and repeats it while its error is transient.
   *
   * @throws ProviderError of the last attempt, or the reason of `signal`
   */
  async call<T>(options: CallOptions, send: () => Promise<T>): Promise<T> {
    const attempts = options.repeatable ? this.#settings.retry.maxAttempts : 1;
    for (let attempt = 1;; attempt++) {
      try {
        // deno-lint-ignore no-await-in-loop
        return await this.#attempt(options.operation, send);
      } catch (error) {
        options.signal.throwIfAborted();
        if (!(error instanceof ProviderError)) throw error;
        if (error.kind === "Throttled") this.#budget.pause(THROTTLE_PAUSE_MS);
        // A throttled call goes back to the queue: repeating it here would hold a worker.
        const again = error.transient && error.kind !== "Throttled" && attempt < attempts;
        if (!again) throw error;
        // deno-lint-ignore no-await-in-loop
        await delay(this.#environment.clock, this.#pauseMs(attempt), { stop: options.signal });
      }
    }
  }

  /** Frees the connections; calls in flight fail. */
  close(): void {
    this.client.destroy();
  }

  async #attempt<T>(operation: string, send: () => Promise<T>): Promise<T> {
    this.#budget.spend();
    const { clock } = this.#environment;
    const startedAt = clock.monotonic();
    const provider = hostOf(this.endpoint);
    let code = "OK";
    try {
      return await send();
    } catch (error) {
      const mapped = providerErrorOf(error, { operation, host: provider });
      code = mapped instanceof ProviderError ? mapped.code : "Aborted";
      throw mapped;
    } finally {
      const seconds = (clock.monotonic() - startedAt) / 1000;
      this.#environment.onAttempt?.({ provider, operation, code, seconds });
    }
  }

  #pauseMs(attempt: number): number {
    const { backoffStrategy } = this.#settings.retry;
    const baseMs = backoffStrategy === "linear" ? 300 * attempt : 150 * 2 ** attempt;
    return Math.min(baseMs, LONGEST_RETRY_MS) * (0.8 + 0.4 * this.#environment.random());
  }
}

function createClient(settings: ConnectionSettings, environment: SessionEnvironment): S3Client {
  const { caCertificate, insecureSkipVerify } = settings.tls;
  return new S3Client({
    credentials: settings.credentials,
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: settings.pathStyle,
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: new NodeHttpHandler({
      connectionTimeout: environment.connectTimeoutMs ?? 5_000,
      requestTimeout: environment.requestTimeoutMs ?? 30_000,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
      httpsAgent: new HttpsAgent({
        keepAlive: true,
        maxSockets: MAX_SOCKETS,
        rejectUnauthorized: !insecureSkipVerify,
        ...(caCertificate === undefined ? {} : { ca: caCertificate }),
      }),
    }),
  });
}
