/**
 * One watch request: bytes → lines → events.
 *
 * A read is ended by `reader.cancel()` and never by fetch's own signal: after a garbage
 * collection `abort()` no longer reaches a body that is being read (runtime A9.2).
 */
import type { Json, KubeObject } from "../api/common.ts";
import type { Clock } from "../ops/clock.ts";
import { METADATA_ONLY } from "./client.ts";
import type { KubeAnswer, KubeConnection } from "./connection.ts";
import { KubeError, kubeErrorOf, type KubeStatus } from "./error.ts";
import { LineSplitter } from "./line_splitter.ts";
import { collectionPath, type Resource } from "./resource.ts";

/** What one line of a watch says. */
export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: KubeObject }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string; readonly initialEnd: boolean };

/** Why a stream ended. */
export type StreamEnd =
  | { readonly cause: "closed" | "idle" | "stopped" }
  | { readonly cause: "failed"; readonly error: unknown };

/** Options of {@link watch}. */
export interface WatchOptions {
  readonly connection: KubeConnection;
  readonly clock: Clock;
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly metadataOnly?: boolean;
  /** Where to go on; undefined asks for the initial events first (KEP-3157 WatchList). */
  readonly resourceVersion?: string | undefined;
  /** The server ends the stream after this time. */
  readonly timeoutSeconds: number;
  /** Silence after which the stream counts as dead; asked anew after each chunk. */
  readonly idleMs: () => number;
  readonly stop: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
  /** Told the size of each chunk. */
  readonly onBytes?: (bytes: number) => void;
}

const HEAD_TIMEOUT_MS = 30_000;
/** A refusal is one short object; what does not come within this time is done without. */
const REFUSAL_IDLE_MS = 5_000;

/**
 * Runs one watch until it ends, and says why.
 *
 * Guarantee: settles within one turn of the event loop after `stop`. A line that cannot be
 * understood ends the stream with `failed`, so that nothing is skipped; the caller resumes.
 */
export async function watch(options: WatchOptions): Promise<StreamEnd> {
  const path = `${collectionPath(options.resource, options.namespace)}?${queryOf(options)}`;
  const head = limitHead(options);
  let answer: KubeAnswer;
  try {
    answer = await options.connection.send({
      purpose: "watch",
      method: "GET",
      path,
      signal: head.signal,
      ...(options.metadataOnly ? { accept: METADATA_ONLY } : {}),
    });
  } catch (error) {
    return options.stop.aborted ? { cause: "stopped" } : { cause: "failed", error };
  } finally {
    head.release();
  }
  try {
    if (!answer.response.ok) {
      return { cause: "failed", error: await refusal(path, answer.response, options) };
    }
    const lines = new LineSplitter((line) => options.onEvent(parseEvent(line)));
    const end = await readChunks(answer.response, (chunk) => {
      options.onBytes?.(chunk.length);
      pushWithinBounds(lines, chunk);
    }, options);
    if (end.cause === "idle") answer.suspect("Idle");
    if (end.cause === "failed" && !(end.error instanceof KubeError)) answer.suspect("Reset");
    return end;
  } finally {
    answer.release();
  }
}

/** A line that never ends counts as one that cannot be understood: it leads to a new list. */
function pushWithinBounds(lines: LineSplitter, chunk: Uint8Array): void {
  try {
    lines.push(chunk);
  } catch (error) {
    if (error instanceof RangeError) throw invalidEvent("a line beyond its bound", error);
    throw error;
  }
}

/**
 * Reads a response body until it closes, stays silent for `idleMs()`, or `stop` fires.
 *
 * Promise.race with the stop signal would keep one reaction per chunk for the life of the
 * signal; cancelling the reader does not.
 */
export async function readChunks(
  response: Response,
  onChunk: (chunk: Uint8Array) => void,
  options: {
    readonly clock: Clock;
    readonly idleMs: () => number;
    readonly stop: AbortSignal;
  },
): Promise<StreamEnd> {
  if (response.body === null) return { cause: "closed" };
  const reader = response.body.getReader();
  let interrupted: "idle" | "stopped" | undefined;
  let lastSeen = options.clock.monotonic();

  function interrupt(cause: "idle" | "stopped"): void {
    interrupted ??= cause;
    reader.cancel().catch(() => {});
  }
  function checkIdle(): void {
    const leftMs = options.idleMs() - (options.clock.monotonic() - lastSeen);
    if (leftMs <= 0) return interrupt("idle");
    timer = options.clock.after(leftMs, checkIdle);
  }
  const onStop = () => interrupt("stopped");
  let timer = options.clock.after(options.idleMs(), checkIdle);
  options.stop.addEventListener("abort", onStop, { once: true });
  if (options.stop.aborted) onStop();

  try {
    while (true) {
      const { done, value } = await reader.read();
      if (interrupted !== undefined) return { cause: interrupted };
      if (done) return { cause: "closed" };
      lastSeen = options.clock.monotonic();
      onChunk(value);
    }
  } catch (error) {
    return { cause: "failed", error };
  } finally {
    timer.cancel();
    options.stop.removeEventListener("abort", onStop);
    reader.cancel().catch(() => {}); // also frees the connection when onChunk threw
  }
}

/** A signal for the wait until the answer begins; a limit on the body would end every watch. */
function limitHead(options: WatchOptions): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onStop = () => controller.abort();
  const timer = options.clock.after(HEAD_TIMEOUT_MS, () => {
    controller.abort(new DOMException("No answer began in time", "TimeoutError"));
  });
  options.stop.addEventListener("abort", onStop, { once: true });
  if (options.stop.aborted) onStop();
  return {
    signal: controller.signal,
    release: () => {
      timer.cancel();
      options.stop.removeEventListener("abort", onStop);
    },
  };
}

function queryOf(options: WatchOptions): URLSearchParams {
  const query = new URLSearchParams({
    watch: "1",
    allowWatchBookmarks: "true",
    timeoutSeconds: String(options.timeoutSeconds),
  });
  if (options.resourceVersion !== undefined) {
    query.set("resourceVersion", options.resourceVersion);
  } else {
    query.set("sendInitialEvents", "true");
    query.set("resourceVersionMatch", "NotOlderThan");
  }
  return query;
}

async function refusal(
  path: string,
  response: Response,
  options: Pick<WatchOptions, "clock" | "stop">,
): Promise<KubeError> {
  const decoder = new TextDecoder();
  let text = "";
  await readChunks(response, (chunk) => text += decoder.decode(chunk, { stream: true }), {
    ...options,
    idleMs: () => REFUSAL_IDLE_MS,
  });
  let body: Json | undefined;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return kubeErrorOf(`watch ${path}`, {
    code: response.status,
    body,
    retryAfter: response.headers.get("retry-after"),
  });
}

/** Reads one line; throws KubeError for an ERROR event and for everything that is no event. */
function parseEvent(line: string): WatchEvent {
  let event: { readonly type?: string; readonly object?: KubeObject & KubeStatus };
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw invalidEvent("a line that is not JSON", cause);
  }
  const { type, object } = event;
  if (type === "ERROR") {
    throw kubeErrorOf("go on watching", {
      code: object?.code ?? 500,
      body: (object ?? {}) as unknown as Json,
      retryAfter: null,
    });
  }
  const resourceVersion = object?.metadata?.resourceVersion;
  if (object === undefined || typeof resourceVersion !== "string" || resourceVersion === "") {
    throw invalidEvent("an event without resourceVersion");
  }
  if (type === "BOOKMARK") {
    const initialEnd = object.metadata.annotations?.["k8s.io/initial-events-end"] === "true";
    return { type, resourceVersion, initialEnd };
  }
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED") {
    throw invalidEvent(`an event of type "${type}"`);
  }
  if (!object.metadata.name) throw invalidEvent("an object without name");
  return { type, object };
}

function invalidEvent(detail: string, cause?: unknown): KubeError {
  return new KubeError(`Cannot understand watch: received ${detail}`, {
    code: 0,
    reason: "InvalidAnswer",
    retryAfterMs: 0,
    cause,
  });
}
