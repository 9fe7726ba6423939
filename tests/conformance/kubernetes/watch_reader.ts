/**
 * Reads a watch event by event.
 */
import type { KubernetesEndpoint } from "../../support/kubernetes_endpoint.ts";

/** How long an event may take: a bookmark comes about once a minute (runtime A1.1). */
const LIMIT_MS = 75_000;

/** One watch. */
export interface WatchReader {
  /** The next event; fails when the stream has ended or nothing comes. */
  // deno-lint-ignore no-explicit-any -- events are read by path in assertions
  next(): Promise<any>;
  /** All events until the stream ends. */
  // deno-lint-ignore no-explicit-any -- events are read by path in assertions
  rest(): Promise<readonly any[]>;
  cancel(): Promise<void>;
}

/** A watch that the server refused before it began. */
export class WatchRefused extends Error {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- a Status object
  readonly body: any;

  constructor(status: number, body: string) {
    super(`Cannot watch: ${status} ${body}`);
    this.status = status;
    this.body = JSON.parse(body);
  }
}

/** Opens a watch. */
export async function openWatch(
  endpoint: KubernetesEndpoint,
  path: string,
  options: { readonly accept?: string },
): Promise<WatchReader> {
  const response = await fetch(endpoint.baseUrl + path, {
    headers: {
      ...endpoint.headers,
      "accept-encoding": "identity",
      ...(options.accept === undefined ? {} : { accept: options.accept }),
    },
    ...(endpoint.client === undefined ? {} : { client: endpoint.client }),
  });
  if (response.status !== 200) throw new WatchRefused(response.status, await response.text());
  return new StreamReader((response.body as ReadableStream<Uint8Array>).getReader());
}

class StreamReader implements WatchReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #buffered = "";

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  async next() {
    const line = await this.#line();
    if (line === undefined) throw new Error(`Watch has ended: left "${this.#buffered}"`);
    return JSON.parse(line);
  }

  async rest() {
    const events = [];
    for (let line = await this.#line(); line !== undefined; line = await this.#line()) {
      events.push(JSON.parse(line));
    }
    return events;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }

  async #line(): Promise<string | undefined> {
    while (!this.#buffered.includes("\n")) {
      const { done, value } = await this.#read();
      if (done) return undefined;
      this.#buffered += this.#decoder.decode(value, { stream: true });
    }
    const end = this.#buffered.indexOf("\n");
    const line = this.#buffered.slice(0, end);
    this.#buffered = this.#buffered.slice(end + 1);
    return line;
  }

  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("Watch is silent")), LIMIT_MS);
    });
    try {
      return await Promise.race([this.#reader.read(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
