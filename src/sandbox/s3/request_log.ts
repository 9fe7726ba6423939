/** Oldest entries are forgotten beyond this. */
const MAX_ENTRIES = 20_000;

/** One request that was answered, or whose connection died. */
export interface LoggedRequest {
  /** Name of the SDK's command without "Command"; "Unknown" where there is none. */
  readonly operation: string;
  readonly method: string;
  /** Path and query as they were sent, without a signature. */
  readonly path: string;
  readonly bucket?: string;
  /** IAM only: the UserName parameter. */
  readonly userName?: string;
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  /** Code of a refusal. */
  readonly code?: string;
}

/** The latest requests, in the order in which they were finished. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  /** All entries, the oldest first. */
  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** Entries of one operation. */
  of(operation: string): readonly LoggedRequest[] {
    return this.#entries.filter((entry) => entry.operation === operation);
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = [];
  }

  /** Adds an entry; called by the server only. */
  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    // Half at a time, so that a long run does not move the whole list for each request.
    if (this.#entries.length > MAX_ENTRIES) this.#entries = this.#entries.slice(MAX_ENTRIES / 2);
  }
}
