/**
 * A session: SDK clients, budgets and retries of one account at its endpoints.
 */
import { S3Client } from "@aws-sdk/client-s3";
import type { TokenBucket } from "../ops/token_bucket.ts";
import { type CallEnvironment, type CallOptions, Calls } from "./calls.ts";
import type { ConnectionSettings } from "./connection_settings.ts";
import { createHttpHandler, type HttpLimits } from "./http_handler.ts";
import { IamSession, NoIamEndpointError } from "./iam_session.ts";

/** What a session needs besides the account's settings. */
export interface SessionEnvironment extends CallEnvironment, HttpLimits {}

/** Budgets of the account. */
export interface SessionBudgets {
  readonly s3: TokenBucket;
  readonly iam: TokenBucket;
}

/** One account at one S3 endpoint, and at an IAM endpoint if the Provider names one. */
export class Session {
  readonly endpoint: string;
  readonly region: string;
  readonly client: S3Client;
  /** Without kept connections. */
  #unkept: S3Client | undefined;
  readonly #settings: ConnectionSettings;
  readonly #environment: SessionEnvironment;
  readonly #calls: Calls;
  readonly #iam: IamSession | undefined;

  constructor(
    settings: ConnectionSettings,
    budgets: SessionBudgets,
    environment: SessionEnvironment,
  ) {
    this.endpoint = settings.endpoint;
    this.region = settings.region;
    this.#settings = settings;
    this.#environment = environment;
    this.client = createClient(settings, environment);
    const { endpoint, retry } = settings;
    this.#calls = new Calls({ api: "s3", endpoint, retry, budget: budgets.s3 }, environment);
    this.#iam = settings.iam &&
      new IamSession({ ...settings, iam: settings.iam }, budgets.iam, environment);
  }

  /**
   * The account at its IAM endpoint.
   *
   * @throws NoIamEndpointError when the Provider names none
   */
  get iam(): IamSession {
    if (this.#iam === undefined) throw new NoIamEndpointError();
    return this.#iam;
  }

  /**
   * Asks whether a pass may begin; its calls are then paid into debt if need be.
   *
   * @throws BudgetExhaustedError that says when to come back
   */
  admit(): void {
    this.#calls.admit();
  }

  /**
   * Makes one call, and repeats it while its error is transient.
   *
   * @throws ProviderError of the last attempt, or the reason of `signal`
   */
  call<T>(options: CallOptions, send: () => Promise<T>): Promise<T> {
    return this.#calls.call(options, send);
  }

  /** A client whose every request goes over a new connection, on which nobody repeats it. */
  get clientForOnce(): S3Client {
    return this.#unkept ??= createClient(this.#settings, {
      ...this.#environment,
      keepAlive: false,
    });
  }

  /** A client for the same endpoint that signs with another key; its user must destroy it. */
  clientWith(credentials: ConnectionSettings["credentials"]): S3Client {
    return createClient({ ...this.#settings, credentials }, this.#environment);
  }

  /** Frees the connections; calls in flight fail. */
  close(): void {
    this.client.destroy();
    this.#unkept?.destroy();
    this.#iam?.close();
  }
}

function createClient(
  settings: ConnectionSettings,
  environment: SessionEnvironment & { readonly keepAlive?: boolean },
): S3Client {
  return new S3Client({
    credentials: settings.credentials,
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: settings.pathStyle,
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: createHttpHandler(settings, environment),
  });
}
