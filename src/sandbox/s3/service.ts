/**
 * The HTTP side that S3 and IAM share: connections, faults, the log of requests.
 *
 * The path of a request: body, address, fault, the protocol's own checks and handler, answer.
 */
import { type Clock, delay } from "../../ops/clock.ts";
import { orderedRefusal, type Result, toResponse } from "./answer.ts";
import { type FaultEffect, S3Faults } from "./faults.ts";
import { type Relay, startRelay } from "../relay.ts";
import { readBody, type S3Answer } from "./request.ts";
import { RequestLog } from "./request_log.ts";
import { type Refusal, refusalOf } from "./service_error.ts";

/** One request, as its protocol understands it. */
export interface Inquiry {
  /** Name of the SDK's command without "Command"; "Unknown" where there is none. */
  readonly operation: string;
  /** For the log: path and query without a signature. */
  readonly path: string;
  readonly bucket?: string;
  readonly userName?: string;
  /** Checks the request and carries it out; throws a ServiceError to refuse. */
  carryOut(requestId: string): Promise<S3Answer>;
  /** Headers that depend on what the request is about. */
  headers(): Readonly<Record<string, string>>;
  errorDocument(refusal: Refusal, requestId: string): string;
}

/** Reads requests; must not throw. */
export type Protocol = (request: Request, body: Uint8Array<ArrayBuffer>) => Inquiry;

/** Options of {@link startService}. */
export interface ServiceOptions {
  readonly clock: Clock;
  /** Where to listen on 127.0.0.1; 0 for a free port. */
  readonly port: number;
  readonly protocol: Protocol;
}

/** A running service. */
export interface RunningService {
  /** Such as http://127.0.0.1:4566, without a slash at the end. */
  readonly url: string;
  readonly faults: S3Faults;
  readonly requests: RequestLog;
  /** Ends every connection; resolves when nothing is left open. */
  stop(): Promise<void>;
}

/** How much of an answer's first half tells its end. */
const MARK_LENGTH = 64;

/** Starts a service. */
export function startService(options: ServiceOptions): RunningService {
  const service = new Service(options);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => service.handle(request, info.remoteAddr.port),
  );
  const relay = startRelay({ port: options.port, innerPort: server.addr.port });
  service.relay = relay;
  return {
    url: `http://127.0.0.1:${relay.port}`,
    faults: service.faults,
    requests: service.requests,
    async stop() {
      service.stop();
      await relay.stop();
      await server.shutdown();
    },
  };
}

/** What happened to a request: a response, or the end of its connection. */
type Outcome =
  | { readonly kind: "respond"; readonly result: Result; readonly isTruncated?: boolean }
  | { readonly kind: "hangUp" };

class Service {
  /**
   * HTTP clients, Deno's own among them, send a request again when a connection that they used
   * before dies without an answer. For a fault to meet the call, and not the client's second
   * try, every connection that it may meet has to be a new one.
   */
  readonly faults = new S3Faults(() => this.relay?.endOthers(this.#busy));
  readonly requests = new RequestLog();
  relay: Relay | undefined;
  readonly #options: ServiceOptions;
  readonly #stopped = new AbortController();
  readonly #busy = new Set<number>();
  #requestCount = 0;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async handle(request: Request, connection: number): Promise<Response> {
    this.#busy.add(connection);
    try {
      return await this.#respond(request, connection);
    } finally {
      this.#busy.delete(connection);
    }
  }

  async #respond(request: Request, connection: number): Promise<Response> {
    const received = await bodyOf(request);
    const inquiry = this.#options.protocol(request, received.body);
    this.#requestCount += 1;
    const requestId = this.#requestCount.toString(16).toUpperCase().padStart(16, "0");
    const outcome = await this.#outcomeOf(inquiry, { ...received, requestId, connection });
    this.#log(request.method, inquiry, outcome);
    if (outcome.kind === "hangUp") {
      this.relay?.end(connection);
      return new Response(null, { status: 500 });
    }
    const response = toResponse(outcome.result, {
      method: request.method,
      requestId,
      now: this.#options.clock.now(),
      isLast: this.faults.willHangUp,
      headers: inquiry.headers(),
      errorDocument: (refusal) => inquiry.errorDocument(refusal, requestId),
    });
    return outcome.isTruncated ? await this.#truncated(response, connection) : response;
  }

  /** The same answer, on a connection that ends in the middle of its body. */
  async #truncated(response: Response, connection: number): Promise<Response> {
    const text = await response.text();
    const middle = Math.floor(text.length / 2);
    this.relay?.endAfter(connection, text.slice(Math.max(0, middle - MARK_LENGTH), middle));
    const headers = new Headers(response.headers);
    // Compressed, the text would not be found.
    headers.set("cache-control", "no-transform");
    return new Response(text, { status: response.status, headers });
  }

  async #outcomeOf(inquiry: Inquiry, reception: Reception): Promise<Outcome> {
    const effect = this.faults.take(inquiry);
    if (effect?.kind === "silence") return await this.#stayAwayFrom(reception.connection);
    const ordered = await this.#beforehand(effect);
    if (ordered !== undefined) return ordered;
    const result = await resultOf(inquiry, reception);
    if (effect?.kind === "lostAnswer") return { kind: "hangUp" };
    return { kind: "respond", result, isTruncated: effect?.kind === "truncated" };
  }

  /** Keeps a request without an answer for as long as its client, the fault and the server last. */
  async #stayAwayFrom(connection: number): Promise<Outcome> {
    const gone = this.relay?.ended(connection) ?? Promise.resolve();
    await Promise.race([gone, this.faults.cleared(this.#stopped.signal)]);
    return { kind: "hangUp" };
  }

  async #beforehand(effect: FaultEffect | undefined): Promise<Outcome | undefined> {
    if (effect?.kind === "reset") return { kind: "hangUp" };
    if (effect?.kind === "error") {
      const refusal = orderedRefusal(effect);
      return { kind: "respond", result: { kind: "refusal", refusal } };
    }
    if (effect?.kind !== "latency") return undefined;
    const end = await delay(this.#options.clock, effect.ms, { stop: this.#stopped.signal });
    return end === "stopped" ? { kind: "hangUp" } : undefined;
  }

  #log(method: string, { operation, path, bucket, userName }: Inquiry, outcome: Outcome): void {
    const result = outcome.kind === "respond" ? outcome.result : undefined;
    const refusal = result?.kind === "refusal" ? result.refusal : undefined;
    const answered = result?.kind === "answer" ? result.answer.status ?? 200 : 0;
    this.requests.add({
      operation,
      method,
      path,
      ...(bucket !== undefined && { bucket }),
      ...(userName !== undefined && { userName }),
      status: refusal?.status ?? answered,
      ...(refusal !== undefined && { code: refusal.code }),
    });
  }
}

interface Reception {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Why the body could not be read. */
  readonly refusal?: Refusal;
  readonly requestId: string;
  /** Port of the inner end, by which the relay knows the connection. */
  readonly connection: number;
}

async function bodyOf(request: Request): Promise<Pick<Reception, "body" | "refusal">> {
  try {
    return { body: await readBody(request) };
  } catch (error) {
    return { body: new Uint8Array(), refusal: refusalOf(error) };
  }
}

async function resultOf(inquiry: Inquiry, { refusal, requestId }: Reception): Promise<Result> {
  if (refusal !== undefined) return { kind: "refusal", refusal };
  try {
    return { kind: "answer", answer: await inquiry.carryOut(requestId) };
  } catch (error) {
    return { kind: "refusal", refusal: refusalOf(error) };
  }
}
