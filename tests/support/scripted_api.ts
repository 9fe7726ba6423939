/**
 * An API server whose every answer a test gives by hand, in place of the network.
 *
 * Each request waits until the test takes it with {@link ScriptedApi.next} and answers it. With a
 * FakeClock nothing but the test decides what happens when.
 */
import type { Fetch } from "../../src/kube/connection.ts";
import type { FakeClock } from "./fake_clock.ts";

/** A watch stream in the test's hand. */
export interface ScriptedStream {
  /** Sends one event line. */
  event(type: string, object: unknown): void;
  /** Sends a bookmark; `initialEnd` marks the end of the initial set. */
  bookmark(resourceVersion: string, options?: { readonly initialEnd: boolean }): void;
  /** Sends bytes as they are. */
  raw(text: string): void;
  /** Ends the stream as the server's timeout does. */
  close(): void;
  /** Breaks the connection. */
  reset(): void;
  /** True once the reader has given up. */
  readonly cancelled: boolean;
}

/** One request that waits for its answer. */
export interface ScriptedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** True when the client gave the request up. */
  readonly aborted: boolean;
  json(body: unknown, options?: AnswerOptions): void;
  text(body: string, options?: AnswerOptions): void;
  stream(): ScriptedStream;
  /** Answers with a head, and a body that never comes. */
  hang(options: AnswerOptions): void;
  fail(error: Error): void;
}

/** Status and headers of an answer. */
export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests in the order in which they came. */
export class ScriptedApi {
  readonly #waiting: ScriptedCall[] = [];
  #count = 0;

  /** Number of requests so far. */
  get count(): number {
    return this.#count;
  }

  /** Requests that nobody has taken yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  readonly fetch: Fetch = (url, init) => {
    this.#count++;
    const answer = Promise.withResolvers<Response>();
    this.#waiting.push(callOf(new URL(url), init, answer));
    const { signal } = init;
    const onAbort = () => answer.reject(signal!.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    return answer.promise.finally(() => signal?.removeEventListener("abort", onAbort));
  };

  /** The next request; lets due timers fire until one comes. */
  async next(clock: FakeClock): Promise<ScriptedCall> {
    for (let turn = 0; turn < 100; turn++) {
      const call = this.#waiting.shift();
      if (call !== undefined) return call;
      // deno-lint-ignore no-await-in-loop
      await clock.advance(0);
    }
    throw new Error(`No request came; the next timer is due in ${clock.nextTimerInMs} ms`);
  }
}

function callOf(
  url: URL,
  init: RequestInit,
  answer: PromiseWithResolvers<Response>,
): ScriptedCall {
  function respond(body: BodyInit, options: AnswerOptions = {}): void {
    answer.resolve(
      new Response(body, { status: options.status ?? 200, headers: { ...options.headers } }),
    );
  }
  return {
    method: init.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: init.headers as Record<string, string>,
    body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
    get aborted() {
      return init.signal?.aborted ?? false;
    },
    json: (body, options) => respond(JSON.stringify(body), options),
    text: respond,
    stream() {
      const { stream, body } = makeStream();
      respond(body);
      return stream;
    },
    hang: (options) => respond(new ReadableStream(), options),
    fail: (error) => answer.reject(error),
  };
}

function makeStream(): { readonly stream: ScriptedStream; readonly body: ReadableStream } {
  const encoder = new TextEncoder();
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (own) => void (controller = own),
    cancel: () => void (cancelled = true),
  });
  const raw = (text: string) => controller.enqueue(encoder.encode(text));
  const event = (type: string, object: unknown) => raw(`${JSON.stringify({ type, object })}\n`);
  return {
    body,
    stream: {
      raw,
      event,
      bookmark: (resourceVersion, options) =>
        event("BOOKMARK", {
          kind: "ConfigMap",
          metadata: {
            resourceVersion,
            ...(options?.initialEnd
              ? { annotations: { "k8s.io/initial-events-end": "true" } }
              : {}),
          },
        }),
      close: () => controller.close(),
      reset: () => controller.error(new TypeError("connection reset")),
      get cancelled() {
        return cancelled;
      },
    },
  };
}

/** A `Status` object as the API server answers it. */
export function statusOf(code: number, reason: string): Readonly<Record<string, unknown>> {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message: reason };
}
