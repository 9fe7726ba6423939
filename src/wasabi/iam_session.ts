/**
 * The IAM half of a session. Its SDK is loaded at the first call: without an IAM endpoint, or
 * without a User, it costs no memory.
 */
import type { IAMClient } from "@aws-sdk/client-iam";
import type { TokenBucket } from "../ops/token_bucket.ts";
import { type CallEnvironment, type CallOptions, Calls } from "./calls.ts";
import { ProviderError } from "./error.ts";
import type { ConnectionSettings } from "./connection_settings.ts";
import { createHttpHandler, type HttpLimits } from "./http_handler.ts";

/** The loaded SDK. */
export type IamSdk = typeof import("./iam_sdk.ts");

/** The Provider names no IAM endpoint; the message says so. */
export class NoIamEndpointError extends Error {
  override readonly name = "NoIamEndpointError";

  constructor() {
    super("The Provider names no IAM endpoint: set spec.iamEndpoint");
  }
}

/** Settings of an account that has an IAM endpoint. */
export type IamSettings = ConnectionSettings & {
  readonly iam: NonNullable<ConnectionSettings["iam"]>;
};

/** One account at one IAM endpoint. */
export class IamSession {
  readonly endpoint: string;
  readonly #settings: IamSettings;
  readonly #environment: CallEnvironment & HttpLimits;
  readonly #calls: Calls;
  /** Operations that the service does not have: it is asked for each once in a session's life. */
  readonly #lacking = new Map<string, ProviderError>();
  #loading: Promise<{ readonly sdk: IamSdk; readonly client: IAMClient }> | undefined;
  /** Without kept connections. */
  #unkept: IAMClient | undefined;
  #caller: Promise<string> | undefined;
  #closed = false;

  constructor(
    settings: IamSettings,
    budget: TokenBucket,
    environment: CallEnvironment & HttpLimits,
  ) {
    const { iam: { endpoint }, retry } = settings;
    this.endpoint = endpoint;
    this.#settings = settings;
    this.#environment = environment;
    this.#calls = new Calls({ api: "iam", endpoint, retry, budget }, environment);
  }

  /**
   * Asks whether a pass may begin.
   *
   * @throws BudgetExhaustedError that says when to come back
   */
  admit(): void {
    this.#calls.admit();
  }

  /**
   * Makes one call, and repeats it while its error is transient.
   *
   * @throws ProviderError of the last attempt, or the reason of the signal
   */
  async call<T>(
    options: CallOptions,
    send: (loaded: { readonly sdk: IamSdk; readonly client: IAMClient }) => Promise<T>,
  ): Promise<T> {
    const known = this.#lacking.get(options.operation);
    if (known !== undefined) throw known;
    try {
      return await this.#send(options, send);
    } catch (error) {
      const lacking = error instanceof ProviderError && error.kind === "Unsupported";
      if (lacking) this.#lacking.set(options.operation, error);
      throw error;
    }
  }

  /** What `learn` found out about the key's own identity; asked once, unless it failed. */
  rememberCaller(learn: () => Promise<string>): Promise<string> {
    this.#caller ??= learn().catch((error: unknown) => {
      this.#caller = undefined;
      throw error;
    });
    return this.#caller;
  }

  /** Frees the connections; calls in flight fail. */
  close(): void {
    this.#closed = true;
    this.#loading?.then(({ client }) => client.destroy());
    this.#unkept?.destroy();
  }

  /** What must not be repeated goes over a new connection, on which nobody repeats it. */
  async #send<T>(
    options: CallOptions,
    send: (loaded: { readonly sdk: IamSdk; readonly client: IAMClient }) => Promise<T>,
  ): Promise<T> {
    const { sdk, client: kept } = await (this.#loading ??= this.#load());
    const client = options.repeatable
      ? kept
      : this.#unkept ??= this.#createClient(sdk, { keepAlive: false });
    return await this.#calls.call(options, () => send({ sdk, client }));
  }

  async #load() {
    const sdk = await import("./iam_sdk.ts");
    const client = this.#createClient(sdk, { keepAlive: true });
    if (this.#closed) client.destroy();
    return { sdk, client };
  }

  #createClient(sdk: IamSdk, { keepAlive }: { readonly keepAlive: boolean }): IAMClient {
    return new sdk.IAMClient({
      credentials: this.#settings.credentials,
      endpoint: this.#settings.iam.endpoint,
      region: this.#settings.iam.region,
      maxAttempts: 1,
      requestHandler: createHttpHandler(this.#settings, { ...this.#environment, keepAlive }),
    });
  }
}
