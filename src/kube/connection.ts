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

/** What happened to a request to `host`. */
export type RequestObservation =
  & { readonly method: string; readonly host: string }
  & (
    | {
      readonly kind: "answered";
      /** HTTP status, or "<error>" when no answer came. */
      readonly code: string;
      /** Time to the head of the answer. */
      readonly seconds: number;
    }
    /** The size of its body, 0 without one; watches, which have none, are not told of. */
    | { readonly kind: "sent"; readonly bytes: number }
    /** The size of its answer's body, decompressed; watches are measured where they are read. */
    | { readonly kind: "read"; readonly bytes: number }
    /** It is sent again because of this HTTP status. */
    | { readonly kind: "repeated"; readonly code: string }
    /** It waited this long for the client's own limit, where there is one. */
    | { readonly kind: "limited"; readonly seconds: number }
  );

/** Told what happens to requests, for the metrics. */
export type RequestObserver = (observation: RequestObservation) => void;

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
  /** Reads the body to its end; once, and not beside `response`'s own ways to do so. */
  readonly text: () => Promise<string>;
  readonly release: () => void;
  /** Tells that the connection of this answer went dead. */
  readonly suspect: (cause: string) => void;
}

type WithoutTarget<T> = T extends unknown ? Omit<T, "method" | "host"> : never;

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

  /** Host and port of the server, as the metrics name it. */
  get host(): string {
    return this.#host;
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
    this.#observe(request, { kind: "repeated", code: "401" });
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
      this.#observeHead(request, String(response.status), startedAt);
      return {
        response,
        text: () => this.#read(request, response),
        release: borrowed.release,
        suspect: borrowed.suspect,
      };
    } catch (error) {
      this.#observeHead(request, "<error>", startedAt);
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

  async #read(request: KubeRequest, response: Response): Promise<string> {
    const bytes = await response.bytes();
    this.#observe(request, { kind: "read", bytes: bytes.length });
    return new TextDecoder().decode(bytes);
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

  #observeHead(request: KubeRequest, code: string, startedAt: number): void {
    const seconds = (this.#options.clock.monotonic() - startedAt) / 1000;
    this.#observe(request, { kind: "answered", code, seconds });
    if (request.purpose === "watch" || this.#options.onRequest === undefined) return;
    const { length } = new TextEncoder().encode(request.body ?? "");
    this.#observe(request, { kind: "sent", bytes: length });
  }

  #observe({ method }: KubeRequest, what: WithoutTarget<RequestObservation>): void {
    this.#options.onRequest?.({ method, host: this.#host, ...what });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
