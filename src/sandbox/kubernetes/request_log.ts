/** What clients asked for, for tests that count requests. */

/** One answered request. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly userAgent?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** 0 where the connection ended without an answer. */
  readonly status: number;
}

/** The newest requests, newest last. */
export interface RequestLog extends Iterable<LoggedRequest> {
  readonly length: number;
  /** A copy of what is kept. */
  all(): readonly LoggedRequest[];
  /** Forgets everything. */
  clear(): void;
}

/** A log of at most `capacity` requests. */
export class BoundedRequestLog implements RequestLog {
  readonly #capacity: number;
  #entries: LoggedRequest[] = [];

  constructor(options: { readonly capacity: number }) {
    this.#capacity = options.capacity;
  }

  get length(): number {
    return Math.min(this.#entries.length, this.#capacity);
  }

  /** Adds a request; drops the oldest ones beyond the capacity. */
  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length >= 2 * this.#capacity) {
      this.#entries = this.#entries.slice(-this.#capacity);
    }
  }

  all(): readonly LoggedRequest[] {
    return this.#entries.slice(-this.#capacity);
  }

  clear(): void {
    this.#entries = [];
  }

  [Symbol.iterator](): Iterator<LoggedRequest> {
    return this.all()[Symbol.iterator]();
  }
}
