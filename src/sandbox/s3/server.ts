/**
 * An S3 service in memory, with the answers that Wasabi gives.
 *
 * It serves one region on 127.0.0.1, checks every signature, and refuses what it does not
 * know. The path of a request: address, operation, fault, signature, right, digests, handler.
 */
import { delay } from "../../ops/clock.ts";
import type { Clock } from "../../ops/clock.ts";
import { type Relay, startRelay } from "../relay.ts";
import { orderedRefusal, refusalOf, type Result, toResponse } from "./answer.ts";
import { checkDigests } from "./checksum.ts";
import { S3Error } from "./error.ts";
import { type FaultEffect, S3Faults } from "./faults.ts";
import { generateAccount, type SandboxAccount } from "./keys.ts";
import { route, type Routing } from "./operations.ts";
import { parseAddress, readBody, type S3Address, type S3Request } from "./request.ts";
import { RequestLog } from "./request_log.ts";
import { authenticate } from "./signature.ts";
import { S3State } from "./state.ts";

/** Options of {@link startSandboxS3}. */
export interface SandboxS3Options {
  readonly clock: Clock;
  /** Where to listen on 127.0.0.1. @default a free port */
  readonly port?: number;
  /** The region that this endpoint serves and signatures have to name. @default "us-east-1" */
  readonly region?: string;
  /** Keys that work from the start. @default one new key */
  readonly accounts?: readonly SandboxAccount[];
}

/** A running service. */
export interface SandboxS3 {
  /** Such as http://127.0.0.1:4566, without a slash at the end. */
  readonly url: string;
  readonly region: string;
  /** Of the first account. */
  readonly accessKeyId: string;
  /** Of the first account. */
  readonly secretAccessKey: string;
  readonly faults: S3Faults;
  readonly requests: RequestLog;
  readonly state: S3State;
  /** Ends every connection; resolves when nothing is left open. */
  stop(): Promise<void>;
}

/** Starts the service. */
export function startSandboxS3(options: SandboxS3Options): Promise<SandboxS3> {
  const { clock, region = "us-east-1" } = options;
  const [first = generateAccount(), ...others] = options.accounts ?? [];
  const state = new S3State({ clock, region, accounts: [first, ...others] });
  const service = new Service(state);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => service.handle(request, info.remoteAddr.port),
  );
  const relay = startRelay({ port: options.port ?? 0, innerPort: server.addr.port });
  service.relay = relay;
  return Promise.resolve({
    url: `http://127.0.0.1:${relay.port}`,
    region,
    accessKeyId: first.accessKeyId,
    secretAccessKey: first.secretAccessKey,
    faults: service.faults,
    requests: service.requests,
    state,
    async stop() {
      service.stop();
      await relay.stop();
      await server.shutdown();
    },
  });
}

/** What happened to a request: a response, or the end of its connection. */
type Outcome = { readonly kind: "respond"; readonly result: Result } | { readonly kind: "hangUp" };

class Service {
  /**
   * HTTP clients, Deno's own among them, send a request again when a connection that they used
   * before dies without an answer. For a fault to meet the call, and not the client's second
   * try, every connection that it may meet has to be a new one.
   */
  readonly faults = new S3Faults(() => this.relay?.endOthers(this.#busy));
  readonly requests = new RequestLog();
  relay: Relay | undefined;
  readonly #state: S3State;
  readonly #stopped = new AbortController();
  readonly #busy = new Set<number>();
  #requestCount = 0;

  constructor(state: S3State) {
    this.#state = state;
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
    const address = parseAddress(request);
    const routing = route(address);
    const operation = routing.kind === "operation" ? routing.operation.name : routing.name;
    const outcome = await this.#outcomeOf(request, { address, routing, operation, connection });
    this.#log(address, operation, outcome);
    if (outcome.kind === "hangUp") {
      this.relay?.end(connection);
      return new Response(null, { status: 500 });
    }
    this.#requestCount += 1;
    return toResponse(outcome.result, {
      method: address.method,
      path: address.rawPath,
      requestId: this.#requestCount.toString(16).toUpperCase().padStart(16, "0"),
      now: this.#state.clock.now(),
      isLast: this.faults.willHangUp,
      bucketRegion: this.#state.buckets.get(address.bucket ?? "")?.region,
    });
  }

  async #outcomeOf(request: Request, target: Target): Promise<Outcome> {
    const { address, routing, operation, connection } = target;
    const effect = this.faults.take(operation, address.bucket);
    if (effect?.kind === "silence") return await this.#stayAwayFrom(connection);
    let body: Uint8Array<ArrayBuffer>;
    try {
      body = await readBody(request);
    } catch (error) {
      return { kind: "respond", result: { kind: "refusal", refusal: refusalOf(error) } };
    }
    const ordered = await this.#beforehand(effect);
    if (ordered !== undefined) return ordered;
    const result = await this.#carryOut({ ...address, body }, routing);
    return effect?.kind === "lostAnswer" ? { kind: "hangUp" } : { kind: "respond", result };
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
    const end = await delay(this.#state.clock, effect.ms, { stop: this.#stopped.signal });
    return end === "stopped" ? { kind: "hangUp" } : undefined;
  }

  async #carryOut(request: S3Request, routing: Routing): Promise<Result> {
    const state = this.#state;
    try {
      const key = await authenticate(request, state);
      if (routing.kind === "refused") throw routing.error;
      if (key.denied?.includes(routing.operation.name)) throw new S3Error("AccessDenied");
      checkDigests(request);
      return { kind: "answer", answer: routing.operation.run({ state, request, key }) };
    } catch (error) {
      return { kind: "refusal", refusal: refusalOf(error) };
    }
  }

  #log(address: S3Address, operation: string, outcome: Outcome): void {
    const query = new URLSearchParams(address.query);
    for (const name of ["X-Amz-Signature", "X-Amz-Security-Token"]) query.delete(name);
    const shown = query.size === 0 ? "" : `?${query}`;
    const refusal = outcome.kind === "respond" && outcome.result.kind === "refusal"
      ? outcome.result.refusal
      : undefined;
    const answer = outcome.kind === "respond" && outcome.result.kind === "answer"
      ? outcome.result.answer
      : undefined;
    this.requests.add({
      operation,
      method: address.method,
      path: `${address.rawPath}${shown}`,
      ...(address.bucket !== undefined && { bucket: address.bucket }),
      status: refusal?.status ?? (answer === undefined ? 0 : answer.status ?? 200),
      ...(refusal !== undefined && { code: refusal.code }),
    });
  }
}

interface Target {
  readonly address: S3Address;
  readonly routing: Routing;
  readonly operation: string;
  /** Port of the inner end, by which the relay knows the connection. */
  readonly connection: number;
}
