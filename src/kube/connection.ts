/**
 * Sends requests to one API server: three HTTP clients, one identity.
 *
 * Watches, requests and the lease never share a client: one HTTP/2 connection carries 100
 * streams, and a request behind 100 watches waits for ever (runtime A1.4).
 */
import type { Clock } from "../ops/clock.ts";
import type { ServerAccess } from "./access.ts";
import { transportErrorOf } from "./error.ts";
import { type BorrowedClient, HttpClients, type Purpose } from "./http_clients.ts";

/** The network as a parameter; the global `fetch` outside tests. */
export type Fetch = (url: string, init: RequestInit & { client?: Deno.HttpClient }) => Promise<
  Response
>;

/** Called after each answer or failure, for the metrics. */
export type RequestObserver = (observation: {
  readonly method: string;
  readonly host: string;
  /** HTTP status, or "<error>" when no answer came. */
  readonly code: string;
  readonly seconds: number;
}) => void;

/** Options of {@link KubeConnection}. */
export interface KubeConnectionOptions {
  readonly access: ServerAccess;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly fetch?: Fetch;
  readonly onRequest?: RequestObserver;
  readonly onRotation?: (purpose: Purpose, cause: string) => void;
}

/** One request. */
export interface KubeRequest {
  readonly purpose: Purpose;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** Ends the wait for the answer's head, and for its body where that is read at once. */
  readonly signal: AbortSignal;
}

/** An answer whose client is still borrowed until `release`. */
export interface KubeAnswer {
  readonly response: Response;
  readonly release: () => void;
  /** Tells that the connection of this answer went dead. */
  readonly suspect: (cause: string) => void;
}

const TRUST_CHECK_MS = 60_000;

/** The connection to one API server. */
export class KubeConnection {
  readonly #options: KubeConnectionOptions;
  readonly #clients: Readonly<Record<Purpose, HttpClients>>;
  readonly #host: string;
  #trust: string;
  #trustCheckedAt: number;

  constructor(options: KubeConnectionOptions) {
    this.#options = options;
    this.#host = new URL(options.access.baseUrl).host;
    this.#clients = {
      watch: this.#clientsFor("watch", {}),
      request: this.#clientsFor("request", {}),
      // HTTP/1.1 heals by itself after a dead connection, at the next request.
      lease: this.#clientsFor("lease", { http2: false }),
    };
    this.#trust = JSON.stringify(options.access.clientOptions());
    this.#trustCheckedAt = options.clock.monotonic();
  }

  /** Namespace that the process runs in, or that the context names. */
  get namespace(): string {
    return this.#options.access.namespace;
  }

  /** Address of the server. */
  get baseUrl(): string {
    return this.#options.access.baseUrl;
  }

  /**
   * Sends one request; after a 401 the identity is read again, once.
   *
   * @returns the answer, whatever its status; the caller releases it
   * @throws KubeError with code 0 when no answer came
   */
  async send(request: KubeRequest): Promise<KubeAnswer> {
    const answer = await this.#sendOnce(request);
    if (answer.response.status !== 401) return answer;
    await answer.response.body?.cancel();
    answer.release();
    this.#options.access.forget();
    return await this.#sendOnce(request);
  }

  /** Closes all connections that carry no stream any more. */
  close(): void {
    for (const clients of Object.values(this.#clients)) clients.close();
  }

  async #sendOnce(request: KubeRequest): Promise<KubeAnswer> {
    const { authorization, borrowed } = await this.#prepare(request);
    const startedAt = this.#options.clock.monotonic();
    try {
      const response = await this.#fetch(borrowed, request, authorization);
      this.#observe(request.method, String(response.status), startedAt);
      return { response, release: borrowed.release, suspect: borrowed.suspect };
    } catch (error) {
      this.#observe(request.method, "<error>", startedAt);
      const failure = transportErrorOf(`${request.method} ${request.path}`, error);
      if (!isAbort(error)) borrowed.suspect(failure.reason);
      borrowed.release();
      throw failure;
    }
  }

  /** A file or plugin that cannot be read fails the request like a server out of reach. */
  async #prepare(request: KubeRequest) {
    try {
      this.#checkTrust();
      const authorization = await this.#options.access.authorization();
      return { authorization, borrowed: this.#clients[request.purpose].borrow() };
    } catch (error) {
      throw transportErrorOf(`${request.method} ${request.path}`, error);
    }
  }

  #fetch(
    borrowed: BorrowedClient,
    request: KubeRequest,
    authorization: string | undefined,
  ): Promise<Response> {
    const send = this.#options.fetch ?? fetch;
    return send(`${this.#options.access.baseUrl}${request.path}`, {
      method: request.method,
      redirect: "manual",
      headers: {
        accept: request.accept ?? "application/json",
        "user-agent": this.#options.userAgent,
        // Since 1.37 the API server compresses watches, one gzip member a flush, and Deno ends
        // such a body after the first member: the stream closes early and loses events
        // (docs/adr/0001-watch-without-compression.md).
        ...(request.purpose === "watch" ? { "accept-encoding": "identity" } : {}),
        ...(request.contentType === undefined ? {} : { "content-type": request.contentType }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      signal: request.signal,
      client: borrowed.client,
    });
  }

  #clientsFor(purpose: Purpose, extra: Deno.CreateHttpClientOptions): HttpClients {
    return new HttpClients({
      clock: this.#options.clock,
      create: () =>
        Deno.createHttpClient(
          { ...this.#options.access.clientOptions(), ...extra } as
            & Deno.CreateHttpClientOptions
            & Deno.TlsCertifiedKeyPem,
        ),
      onRotation: (cause) => this.#options.onRotation?.(purpose, cause),
    });
  }

  /** A rotated CA or client certificate only reaches new clients. */
  #checkTrust(): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#trustCheckedAt < TRUST_CHECK_MS) return;
    this.#trustCheckedAt = now;
    const trust = JSON.stringify(this.#options.access.clientOptions());
    if (trust === this.#trust) return;
    this.#trust = trust;
    for (const clients of Object.values(this.#clients)) clients.rotate("TrustChanged");
  }

  #observe(method: string, code: string, startedAt: number): void {
    const seconds = (this.#options.clock.monotonic() - startedAt) / 1000;
    this.#options.onRequest?.({ method, host: this.#host, code, seconds });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
