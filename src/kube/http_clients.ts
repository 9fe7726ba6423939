/**
 * Generations of `Deno.HttpClient`.
 *
 * Deno sends neither TCP keep-alive nor HTTP/2 PING. When the path of an HTTP/2 connection goes
 * dead, every later request on the same client times out, while a new client answers at once
 * (runtime A1.6). So a client that saw a timeout is replaced, and closed when its last stream
 * has ended.
 */
import type { Clock } from "../ops/clock.ts";

/** What a request is for; each purpose has connections of its own. */
export type Purpose = "watch" | "request" | "lease";

/** A borrowed client; give it back with `release`. */
export interface BorrowedClient {
  /** Passed to `fetch`; undefined for a plain server that needs no options. */
  readonly client: Deno.HttpClient;
  /** Must be called once, when the request or stream has ended. */
  release(): void;
  /** Tells that this client's path looks dead; the next borrower gets a new one. */
  suspect(cause: string): void;
}

/** Options of {@link HttpClients}. */
export interface HttpClientsOptions {
  readonly clock: Clock;
  /** Makes one client; called for each generation, so that it may read rotated files. */
  readonly create: () => Deno.HttpClient;
  /** At most one rotation within this time. @default {1000} */
  readonly rotationPauseMs?: number;
  /** Called once for each rotation, for the metric. */
  readonly onRotation?: (cause: string) => void;
}

interface Generation {
  readonly client: Deno.HttpClient;
  borrowed: number;
  retired: boolean;
}

/** The current client of one purpose, and the retired ones that still carry a stream. */
export class HttpClients {
  readonly #options: HttpClientsOptions;
  #current: Generation | undefined;
  #rotatedAt = -Infinity;
  #closed = false;

  constructor(options: HttpClientsOptions) {
    this.#options = options;
  }

  /** Lends the client of the current generation. */
  borrow(): BorrowedClient {
    const generation = this.#current ??= this.#open();
    generation.borrowed++;
    let released = false;
    return {
      client: generation.client,
      release: () => {
        if (released) return;
        released = true;
        generation.borrowed--;
        this.#closeIfUnused(generation);
      },
      suspect: (cause) => this.#rotate(generation, cause),
    };
  }

  /** Makes the next borrower open a new client, for example because a certificate changed. */
  rotate(cause: string): void {
    if (this.#current !== undefined) this.#rotate(this.#current, cause);
  }

  /** Closes everything; a client that still carries a stream is closed when that has ended. */
  close(): void {
    this.#closed = true;
    if (this.#current !== undefined) this.#retire(this.#current);
    this.#current = undefined;
  }

  #open(): Generation {
    return { client: this.#options.create(), borrowed: 0, retired: false };
  }

  #rotate(generation: Generation, cause: string): void {
    const now = this.#options.clock.monotonic();
    if (this.#closed || generation !== this.#current) return;
    if (now - this.#rotatedAt < (this.#options.rotationPauseMs ?? 1000)) return;
    this.#rotatedAt = now;
    this.#current = undefined;
    this.#options.onRotation?.(cause);
    this.#retire(generation);
  }

  #retire(generation: Generation): void {
    generation.retired = true;
    this.#closeIfUnused(generation);
  }

  #closeIfUnused(generation: Generation): void {
    if (generation.retired && generation.borrowed === 0) generation.client.close();
  }
}
