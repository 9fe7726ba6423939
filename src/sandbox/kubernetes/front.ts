/**
 * The server's front: connections, and the faults that need a hold on them.
 *
 * Everything behind it sees requests and answers only.
 */

import type { Clock } from "../../ops/clock.ts";
import { delay } from "../../ops/clock.ts";
import type { Relay } from "../relay.ts";
import { startRelay } from "../relay.ts";
import type { ServerParts } from "./api_server.ts";
import { handleRequest, logRequest, pathOf } from "./api_server.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { OrderedEffect } from "./faults.ts";
import { expiredByFault, Faults } from "./faults.ts";
import { isWatch } from "./resource_handler.ts";
import type { Watching } from "./watching.ts";

/** What {@link Front} stands before. */
export interface FrontOptions {
  readonly parts: ServerParts;
  readonly watching: Watching;
  readonly clock: Clock;
  /** Port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
}

/** How much of an answer's first half tells its end. */
const MARK_LENGTH = 64;

/** Limit for the last bytes to reach their clients at the end. */
const DRAIN_MS = 1_000;

/** The listening server. */
export class Front {
  readonly faults: Faults;
  readonly #options: FrontOptions;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #relay: Relay;
  readonly #stopped = new AbortController();
  /** Connections with a request or a watch on them, by the port of their inner end. */
  readonly #busy = new Set<number>();

  /** @throws Deno.errors.AddrInUse when the wanted port is taken. */
  constructor(options: FrontOptions) {
    this.#options = options;
    // Clients repeat a request whose reused connection died; only on a new one they tell.
    const onHangUp = () => this.#relay.endOthers(this.#busy);
    this.faults = new Faults({ watching: options.watching, onHangUp });
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request, info) => this.#handle(request, info),
    );
    try {
      this.#relay = startRelay({ port: options.port, innerPort: this.#server.addr.port });
    } catch (error) {
      void this.#server.shutdown();
      throw error;
    }
  }

  /** Port on 127.0.0.1. */
  get port(): number {
    return this.#relay.port;
  }

  /** Ends all requests, watches and connections. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#options.watching.stop();
    await this.#server.shutdown();
    // What the server has sent is still on its way; a client that does not read may lose it.
    const drained = new AbortController();
    const limit = delay(this.#options.clock, DRAIN_MS, { stop: drained.signal });
    await Promise.race([this.#relay.drained(), limit]);
    drained.abort();
    await this.#relay.stop();
  }

  async #handle(
    request: Request,
    info: Deno.ServeHandlerInfo<Deno.NetAddr>,
  ): Promise<Response> {
    const { port } = info.remoteAddr;
    this.#busy.add(port);
    const free = () => this.#busy.delete(port);
    info.completed.then(free, free);

    const response = await this.#respond(request, port);
    if (response === undefined) {
      logRequest(this.#options.parts.requests, { request, status: 0 });
      this.#relay.end(port);
      return new Response(null, { status: 500 });
    }
    if (this.faults.willHangUp) response.headers.set("connection", "close");
    return response;
  }

  /** The answer; undefined where the connection has to end instead. */
  async #respond(request: Request, port: number): Promise<Response | undefined> {
    const url = new URL(request.url);
    const target = { method: request.method, path: pathOf(url), isWatch: isWatch(url) };
    const effect = this.faults.take(target);
    if (effect?.kind === "reset") return undefined;
    if (effect?.kind === "silence") {
      await Promise.race([this.#relay.ended(port), this.faults.cleared(this.#stopped.signal)]);
      return undefined;
    }
    if (effect?.kind === "latency") {
      const { clock } = this.#options;
      const end = await delay(clock, effect.ms, { stop: this.#stopped.signal });
      if (end === "stopped") return undefined;
    }
    if (effect?.kind === "expired" && target.isWatch) return this.#expiredWatch(request);

    const connection = { endAfter: (text: string) => this.#relay.endAfter(port, text) };
    const refusal = refusalOf(effect);
    const response = await handleRequest(this.#options.parts, request, { connection, refusal });
    if (effect?.kind === "lostAnswer") return undefined;
    if (effect?.kind !== "truncated" || target.isWatch) return response;
    return await truncated(response, connection);
  }

  #expiredWatch(request: Request): Response {
    logRequest(this.#options.parts.requests, { request, status: 200 });
    const line = JSON.stringify({ type: "ERROR", object: expiredByFault().toObject() });
    return new Response(`${line}\n`, { headers: { "content-type": "application/json" } });
  }
}

function refusalOf(effect: OrderedEffect | undefined): Error | undefined {
  if (effect?.kind === "refusal") return effect.error;
  return effect?.kind === "expired" ? expiredByFault() : undefined;
}

/** The same answer on a connection that ends in the middle of its body. */
async function truncated(response: Response, connection: ClientConnection): Promise<Response> {
  const text = await response.text();
  const middle = Math.ceil(text.length / 2);
  connection.endAfter(text.slice(Math.max(0, middle - MARK_LENGTH), middle));
  const headers = new Headers(response.headers);
  // Compressed, the text would not be found.
  headers.set("cache-control", "no-transform");
  return new Response(text, { status: response.status, headers });
}
