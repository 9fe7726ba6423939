/** Opens watches and hands every change of the store to those that are open. */

import type { Clock } from "../../ops/clock.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { Representation } from "./representation.ts";
import type { ResourceType } from "./resource_type.ts";
import { LIST_OPTIONS, parseVersion } from "./listing.ts";
import { selectorOf } from "./selectors.ts";
import type { Store } from "./store.ts";
import { expired, forbiddenField, invalid, StatusError } from "./status_error.ts";
import { WatchStream } from "./watch_stream.ts";

/** Length of a watch that names none: the real server's shortest default. */
const DEFAULT_TIMEOUT_SECONDS = 1_800;

/** One watch request. */
export interface WatchRequest {
  readonly type: ResourceType;
  readonly path: string;
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly representation: Representation;
  readonly connection: ClientConnection;
}

/** All open watches. */
export class Watching {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #bookmarkIntervalMs: number;
  readonly #streams = new Map<string, Set<WatchStream>>();
  readonly #unsubscribe: () => void;
  #withheldEnds = 0;

  constructor(
    options: {
      readonly store: Store;
      readonly clock: Clock;
      readonly bookmarkIntervalMs: number;
    },
  ) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#bookmarkIntervalMs = options.bookmarkIntervalMs;
    this.#unsubscribe = this.#store.subscribe((event) => {
      for (const stream of this.#streams.get(event.storage) ?? []) stream.deliver(event);
    });
  }

  /** All open watches whose path matches. */
  open(path?: RegExp): WatchStream[] {
    const all = [...this.#streams.values()].flatMap((streams) => [...streams]);
    return all.filter((stream) => path === undefined || path.test(stream.path));
  }

  /** The next `times` WatchLists do not get the bookmark that ends the initial events. */
  withholdEnds(times: number): void {
    this.#withheldEnds = times;
  }

  /**
   * Starts a watch.
   *
   * @returns the response's body.
   * @throws StatusError 400 or 422; an outdated resourceVersion is answered in the stream.
   */
  start(request: WatchRequest): ReadableStream<Uint8Array> {
    const { type, query } = request;
    checkInitialEvents(query);
    const rv = parseVersion(query, (message) => new StatusError(500, { reason: "", message }));
    const stream = this.#makeStream(request);
    const sendsInitial = query.get("sendInitialEvents");
    const wantsInitial = sendsInitial === null
      ? rv === undefined || rv === 0
      : sendsInitial === "true";

    if (wantsInitial || rv === undefined || rv === 0) {
      const isFuture = rv !== undefined && rv > this.#store.rv;
      if (isFuture) stream.startAt(rv);
      else {
        if (wantsInitial) {
          stream.sendInitial(this.#store.list(type.storage).map(([, object]) => object));
        }
        stream.startAt(this.#store.rv);
        // A watch from nowhere that takes bookmarks is a WatchList, asked for or not.
        if (wantsInitial && isTrue(query, "allowWatchBookmarks")) this.#endInitial(stream);
      }
    } else {
      const missed = this.#store.eventsAfter(rv);
      if (missed === undefined) {
        stream.fail(expired(`too old resource version: ${rv} (${this.#store.rv})`).toObject());
        return stream.body;
      }
      stream.startAt(rv);
      for (const event of missed) if (event.storage === type.storage) stream.deliver(event);
      stream.startAt(Math.max(rv, this.#store.rv));
    }
    return stream.body;
  }

  /** Ends the watches of a collection, as after the deletion of its definition. */
  endCollection(storage: string): void {
    for (const stream of [...this.#streams.get(storage) ?? []]) stream.end();
  }

  /** Ends all watches for good. */
  stop(): void {
    this.#unsubscribe();
    for (const stream of this.open()) stream.end();
  }

  #endInitial(stream: WatchStream): void {
    if (this.#withheldEnds > 0) this.#withheldEnds -= 1;
    else stream.sendBookmark({ endsInitialEvents: true });
  }

  #makeStream(request: WatchRequest): WatchStream {
    const { type, path, query, representation, connection } = request;
    const seconds = Number(query.get("timeoutSeconds") ?? 0);
    const stream = new WatchStream({
      type,
      path,
      connection,
      selector: selectorOf(type, request),
      representation,
      bookmarks: isTrue(query, "allowWatchBookmarks"),
      bookmarkIntervalMs: this.#bookmarkIntervalMs,
      timeoutMs: (seconds > 0 ? seconds : DEFAULT_TIMEOUT_SECONDS) * 1000,
      clock: this.#clock,
      rv: () => this.#store.rv,
      onEnd: (ended) => this.#streams.get(type.storage)?.delete(ended),
    });
    const streams = this.#streams.get(type.storage) ?? new Set();
    streams.add(stream);
    this.#streams.set(type.storage, streams);
    return stream;
  }
}

function isTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name) === "true" || query.get(name) === "1";
}

/** KEP-3157: both parameters, or neither. */
function checkInitialEvents(query: URLSearchParams): void {
  const match = query.get("resourceVersionMatch") ?? "";
  const sends = query.get("sendInitialEvents");
  const field = "resourceVersionMatch";
  if (sends !== null && match !== "NotOlderThan") {
    const detail = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
    throw invalid(LIST_OPTIONS, { name: "", errors: [forbiddenField(field, detail)] });
  }
  if (sends === null && match !== "") {
    const detail =
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
    throw invalid(LIST_OPTIONS, { name: "", errors: [forbiddenField(field, detail)] });
  }
}
