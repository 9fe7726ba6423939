/** One open watch: turns changes into lines of its response body until it ends. */

import type { Clock, Timer } from "../../ops/clock.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { JsonObject } from "./json.ts";
import type { Representation } from "./representation.ts";
import { bookmarkText, eventEncoder } from "./representation.ts";
import type { ResourceType } from "./resource_type.ts";
import type { Selector } from "./selectors.ts";
import type { StoreEvent } from "./store.ts";

/** A client that leaves more unread than this is cut off, as by the real server. */
const UNREAD_LIMIT_BYTES = 64 * 1024 * 1024;

/** No event begins like this one, so that the connection ends here and nowhere else. */
const HALF_A_LINE = '{"type":"MODIFIED","object":{"cut":"';

/** What a watch needs to know about its request. */
export interface WatchOptions {
  readonly type: ResourceType;
  readonly path: string;
  readonly connection: ClientConnection;
  readonly selector: Selector;
  readonly representation: Representation;
  readonly bookmarks: boolean;
  readonly bookmarkIntervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Current resourceVersion of the store, for bookmarks. */
  readonly rv: () => number;
  readonly onEnd: (stream: WatchStream) => void;
}

/** The state of the body: silent streams stay open and deliver nothing. */
type State = "open" | "silent" | "ended";

/** One watch. */
export class WatchStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: WatchOptions;
  readonly #encode: (change: string, object: JsonObject) => string;
  readonly #encoder = new TextEncoder();
  readonly #timers = new Set<Timer>();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #state: State = "open";
  /** The watch has seen everything up to here; later changes are news to it. */
  #seenRv = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { type, representation, clock } = options;
    this.#encode = eventEncoder(type, { representation, now: () => clock.now() });
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => this.end(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: 0 }));
    this.#startTimers();
  }

  /** Name of the watched collection. */
  get storage(): string {
    return this.#options.type.storage;
  }

  /** Path of the request. */
  get path(): string {
    return this.#options.path;
  }

  /** Changes up to `rv` are not delivered by `deliver`. */
  startAt(rv: number): void {
    this.#seenRv = rv;
  }

  /** Sends the current objects as ADDED. */
  sendInitial(objects: readonly JsonObject[]): void {
    for (const object of objects) {
      if (this.#options.selector(object)) this.#send(this.#encode("ADDED", object));
    }
  }

  /** Sends a change if the watch selects the object, or selected it before. */
  deliver(event: StoreEvent): void {
    if (event.rv <= this.#seenRv) return;
    const { selector } = this.#options;
    const before = event.previous !== undefined && selector(event.previous);
    const now = event.change !== "deleted" && selector(event.object);
    if (now) this.#send(this.#encode(before ? "MODIFIED" : "ADDED", event.object));
    else if (before) this.#send(this.#encode("DELETED", this.#lastSelected(event)));
  }

  /** Sends a bookmark. */
  sendBookmark(options: { readonly endsInitialEvents: boolean }): void {
    const { type, representation, rv } = this.#options;
    const { endsInitialEvents } = options;
    this.#send(bookmarkText(type, { representation, rv: rv(), endsInitialEvents }));
  }

  /** Sends an ERROR event and ends. */
  fail(status: JsonObject): void {
    this.#send(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
    this.end();
  }

  /** Delivers nothing any more but stays open. */
  silence(): void {
    if (this.#state === "open") this.#state = "silent";
  }

  /** Writes half a line and then ends the connection. */
  breakLine(): void {
    if (this.#state !== "open") return;
    this.#options.connection.endAfter(HALF_A_LINE);
    this.#send(HALF_A_LINE);
    this.#close();
  }

  /** Ends the response in good order. */
  end(): void {
    if (this.#state === "ended") return;
    this.#close();
    try {
      this.#controller?.close();
    } catch {
      // The client has gone first: the stream is closed already.
    }
  }

  /** A deletion keeps its object; a change out of the selection shows the state that was selected. */
  #lastSelected(event: StoreEvent): JsonObject {
    if (event.change === "deleted" || event.previous === undefined) return event.object;
    const metadata = event.previous["metadata"] as JsonObject;
    return { ...event.previous, metadata: { ...metadata, resourceVersion: String(event.rv) } };
  }

  #send(line: string): void {
    if (this.#state !== "open" || this.#controller === undefined) return;
    this.#controller.enqueue(this.#encoder.encode(line));
    if ((this.#controller.desiredSize ?? 0) < -UNREAD_LIMIT_BYTES) this.end();
  }

  #close(): void {
    this.#state = "ended";
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#options.onEnd(this);
  }

  #after(ms: number, run: () => void): void {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }

  #startTimers(): void {
    const { timeoutMs, bookmarks, bookmarkIntervalMs } = this.#options;
    this.#after(timeoutMs, () => this.end());
    if (!bookmarks) return;
    const bookmark = () => this.sendBookmark({ endsInitialEvents: false });
    const repeat = () => {
      bookmark();
      this.#after(bookmarkIntervalMs, repeat);
    };
    this.#after(bookmarkIntervalMs, repeat);
    // The real server sends one more two seconds before the end it announced.
    if (timeoutMs > 2_000) this.#after(timeoutMs - 2_000, bookmark);
  }
}
