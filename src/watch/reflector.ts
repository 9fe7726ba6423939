/**
 * Keeps a store equal to a collection of the API server: a state machine over watch streams.
 *
 *   initial ── initial-events-end, or the last page ──▶ live ──┐ closed, idle, reset, 429, 5xx,
 *      ▲                                                 │ ▲───┘ parse error: resume at the last RV
 *      └── 410, RV from the future, 3 parse errors ──────┘
 *   401/403/404 in either state ──▶ blocked, tried again every 30 to 60 s
 */
import type { KubeObject } from "../api/common.ts";
import { keyOf, type ObjectKey } from "../api/key.ts";
import type { KubeClient } from "../kube/client.ts";
import type { KubeConnection } from "../kube/connection.ts";
import { KubeError } from "../kube/error.ts";
import { compareResourceVersions } from "../kube/resource_version.ts";
import type { Resource } from "../kube/resource.ts";
import { type StreamEnd, watch, type WatchEvent } from "../kube/watch_stream.ts";
import { type Clock, delay, type Random } from "../ops/clock.ts";
import { type BackoffState, nextBackoff, NO_FAILURES } from "./backoff.ts";
import { freezeObject } from "./freeze.ts";
import { listAll } from "./paged_list.ts";

/** Receives what the reflector learns; never awaited, so it must return at once. */
export interface ReflectorSink {
  /** The collection as a whole; replaces everything known before. */
  replaced(objects: Iterable<KubeObject>): void;
  /** One object was added or changed. */
  changed(object: KubeObject): void;
  /** One object is gone. */
  removed(object: KubeObject): void;
  /** The server refuses the collection (401, 403, 404), or does so no longer. */
  blocked(error: KubeError | undefined): void;
  /** For the metrics. */
  observed(observation: ReflectorObservation): void;
}

/** What the metrics count. */
export type ReflectorObservation =
  | { readonly kind: "event"; readonly type: string }
  | { readonly kind: "bytes"; readonly bytes: number }
  | { readonly kind: "restart"; readonly cause: string };

/** Options of {@link Reflector}. */
export interface ReflectorOptions {
  readonly connection: KubeConnection;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly metadataOnly?: boolean;
  readonly sink: ReflectorSink;
}

type State =
  | { readonly kind: "initial" }
  | { readonly kind: "live"; readonly resourceVersion: string };

/** What is known of the server's WatchList; a refusal holds for the life of the process. */
type WatchListSupport =
  | { readonly kind: "expected" }
  | { readonly kind: "silent"; readonly retryAt: number }
  | { readonly kind: "refused" };

/** Where to go after a stream has ended, and how long to wait before. */
interface Step {
  readonly state: State;
  readonly pause: { readonly kind: "none" } | { readonly kind: "backoff" } | {
    readonly kind: "fixed";
    readonly ms: number;
  };
  readonly cause: string;
}

/** Causes of restarts that are found here; the others are reasons of the API server. */
export const RESTART_CAUSES = [
  "closed",
  "idle",
  "Listed",
  "Silent",
  "VeryShortWatch",
  "StreamBroken",
  "ParseErrors",
  "WatchListSilent",
  "WatchListUnsupported",
  "ResourceVersionWentBack",
  "Expired",
  "InvalidAnswer",
  "Timeout",
  "ConnectionFailed",
] as const;

/** A bookmark comes every minute; after this silence the connection is dead (runtime B1.1). */
const IDLE_AFTER_BOOKMARKS_MS = 75_000;
/** An initial set that makes no progress for this time will not end (old server, dead path). */
const INITIAL_IDLE_MS = 10_000;
/**
 * A silence may be that of one bad moment, and pages cost server and operator more: WatchList is
 * tried again at a relist this long after. Where it never works, that costs ten seconds each time.
 */
const WATCH_LIST_RETRY_MS = 600_000;
const BOOKMARKS_THAT_PROVE = 2;
const PARSE_ERRORS_UNTIL_RELIST = 3;

/** One watched collection. */
export class Reflector {
  readonly #options: ReflectorOptions;
  #backoff: BackoffState = NO_FAILURES;
  #watchList: WatchListSupport = { kind: "expected" };
  #bookmarksSeen = 0;
  #parseErrors = { resourceVersion: "", count: 0 };

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  /** Watches until `stop` fires; never rejects. */
  async run(stop: AbortSignal): Promise<void> {
    let state: State = { kind: "initial" };
    while (!stop.aborted) {
      // In order by nature: each stream goes on where the one before it ended.
      // deno-lint-ignore no-await-in-loop
      const step = await this.#step(state, stop);
      state = step.state;
      if (stop.aborted) return;
      this.#options.sink.observed({ kind: "restart", cause: step.cause });
      // deno-lint-ignore no-await-in-loop
      await delay(this.#options.clock, this.#pauseMs(step), { stop });
    }
  }

  #step(state: State, stop: AbortSignal): Promise<Step> {
    if (state.kind === "live") return this.#follow(state.resourceVersion, stop);
    return this.#triesWatchList() ? this.#followFromStart(stop) : this.#listPages(stop);
  }

  /** After a silence, one try at a time: whatever becomes of it, the next comes no sooner. */
  #triesWatchList(): boolean {
    if (this.#watchList.kind !== "silent") return this.#watchList.kind === "expected";
    if (this.#options.clock.monotonic() < this.#watchList.retryAt) return false;
    this.#postponeWatchList();
    return true;
  }

  #postponeWatchList(): void {
    const retryAt = this.#options.clock.monotonic() + WATCH_LIST_RETRY_MS;
    this.#watchList = { kind: "silent", retryAt };
  }

  /** WatchList: the initial set fills a temporary map, which replaces the store at once. */
  async #followFromStart(stop: AbortSignal): Promise<Step> {
    const gathered = new Map<ObjectKey, KubeObject>();
    let live: LiveStream | undefined;
    const timeoutSeconds = this.#drawTimeoutSeconds();
    const end = await this.#watch(undefined, {
      stop,
      timeoutSeconds,
      idleMs: () => live === undefined ? INITIAL_IDLE_MS : this.#idleMs(timeoutSeconds),
      onEvent: (event) => {
        if (live !== undefined) return this.#onLiveEvent(live, event);
        if (event.type !== "BOOKMARK") {
          if (event.type === "DELETED") gathered.delete(keyOf(event.object));
          else gathered.set(keyOf(event.object), freezeObject(event.object));
        } else if (event.initialEnd) {
          this.#options.sink.replaced(gathered.values());
          this.#options.sink.blocked(undefined);
          gathered.clear();
          this.#watchList = { kind: "expected" };
          live = this.#liveFrom(event.resourceVersion);
        }
      },
    });
    if (live !== undefined) return this.#afterLive(live, end);
    return this.#afterInitial(end);
  }

  /** The way of servers without WatchList. */
  async #listPages(stop: AbortSignal): Promise<Step> {
    const { client, resource } = this.#options;
    try {
      const list = await listAll(client, resource, { ...this.#options, stop });
      this.#options.sink.replaced(list.objects.map(freezeObject));
      this.#options.sink.blocked(undefined);
      const state: State = { kind: "live", resourceVersion: list.resourceVersion };
      return { state, pause: { kind: "none" }, cause: "Listed" };
    } catch (error) {
      return this.#afterFailure(error, { kind: "initial" });
    }
  }

  async #follow(resourceVersion: string, stop: AbortSignal): Promise<Step> {
    const live = this.#liveFrom(resourceVersion);
    const timeoutSeconds = this.#drawTimeoutSeconds();
    const end = await this.#watch(resourceVersion, {
      stop,
      timeoutSeconds,
      idleMs: () => this.#idleMs(timeoutSeconds),
      onEvent: (event) => this.#onLiveEvent(live, event),
    });
    return this.#afterLive(live, end);
  }

  #liveFrom(resourceVersion: string): LiveStream {
    return {
      resourceVersion,
      startedAt: this.#options.clock.monotonic(),
      events: 0,
    };
  }

  #watch(
    resourceVersion: string | undefined,
    call: Pick<Parameters<typeof watch>[0], "stop" | "timeoutSeconds" | "idleMs" | "onEvent">,
  ): Promise<StreamEnd> {
    const { connection, clock, resource, namespace, metadataOnly, sink } = this.#options;
    return watch({
      connection,
      clock,
      resource,
      namespace,
      resourceVersion,
      ...(metadataOnly === undefined ? {} : { metadataOnly }),
      ...call,
      onEvent: (event) => {
        sink.observed({ kind: "event", type: event.type });
        call.onEvent(event);
      },
      onBytes: (bytes) => sink.observed({ kind: "bytes", bytes }),
    });
  }

  #onLiveEvent(live: LiveStream, event: WatchEvent): void {
    live.events++;
    if (event.type === "BOOKMARK") {
      this.#bookmarksSeen++;
      const order = compareResourceVersions(event.resourceVersion, live.resourceVersion);
      if (order !== undefined && order < 0) throw wentBack();
      live.resourceVersion = event.resourceVersion;
      return;
    }
    live.resourceVersion = event.object.metadata.resourceVersion;
    const object = freezeObject(event.object);
    if (event.type === "DELETED") this.#options.sink.removed(object);
    else this.#options.sink.changed(object);
  }

  /** Decides what follows a stream that had delivered its initial set. */
  #afterLive(live: LiveStream, end: StreamEnd): Step {
    const state: State = { kind: "live", resourceVersion: live.resourceVersion };
    const livedMs = this.#options.clock.monotonic() - live.startedAt;
    if (end.cause === "failed") return this.#afterFailure(end.error, state);
    // A watch with an RV from the future is answered by silence, for example after an etcd
    // restore; only a new initial set ends that.
    const provedSilent = this.#bookmarksSeen >= BOOKMARKS_THAT_PROVE &&
      livedMs > IDLE_AFTER_BOOKMARKS_MS;
    if (live.events === 0 && (end.cause === "idle" || provedSilent)) return relist("Silent");
    if (live.events === 0 && livedMs < 1000) {
      return { state, pause: { kind: "backoff" }, cause: "VeryShortWatch" };
    }
    return { state, pause: { kind: "none" }, cause: end.cause };
  }

  #afterInitial(end: StreamEnd): Step {
    const unsupported = end.cause === "failed" && end.error instanceof KubeError &&
      (end.error.code === 400 || end.error.code === 422);
    const state: State = { kind: "initial" };
    if (unsupported) {
      this.#watchList = { kind: "refused" };
      return { state, pause: { kind: "none" }, cause: "WatchListUnsupported" };
    }
    if (end.cause === "idle") {
      this.#postponeWatchList();
      return { state, pause: { kind: "none" }, cause: "WatchListSilent" };
    }
    if (end.cause === "failed") return this.#afterFailure(end.error, state);
    return { state, pause: { kind: "backoff" }, cause: end.cause };
  }

  #afterFailure(error: unknown, state: State): Step {
    if (!(error instanceof KubeError)) {
      return { state, pause: { kind: "backoff" }, cause: "StreamBroken" };
    }
    if (error.expired || error.code === 504) return relist(error.reason);
    if (error.code === 401 || error.code === 403 || error.code === 404) {
      this.#options.sink.blocked(error);
      const ms = 30_000 * (1 + this.#options.random());
      return { state: { kind: "initial" }, pause: { kind: "fixed", ms }, cause: error.reason };
    }
    if (error.reason === "InvalidAnswer" && this.#tooManyParseErrors(state)) {
      return relist("ParseErrors");
    }
    if (error.retryAfterMs !== undefined && error.retryAfterMs > 0) {
      const ms = error.retryAfterMs * (1 + this.#options.random() * 0.1);
      return { state, pause: { kind: "fixed", ms }, cause: error.reason };
    }
    return { state, pause: { kind: "backoff" }, cause: error.reason };
  }

  #tooManyParseErrors(state: State): boolean {
    const resourceVersion = state.kind === "live" ? state.resourceVersion : "";
    const same = this.#parseErrors.resourceVersion === resourceVersion;
    this.#parseErrors = { resourceVersion, count: same ? this.#parseErrors.count + 1 : 1 };
    return this.#parseErrors.count >= PARSE_ERRORS_UNTIL_RELIST;
  }

  #pauseMs(step: Step): number {
    if (step.pause.kind === "none") return 0;
    if (step.pause.kind === "fixed") return step.pause.ms;
    const { clock, random } = this.#options;
    const next = nextBackoff(this.#backoff, { nowMs: clock.monotonic(), random });
    this.#backoff = next.state;
    return next.delayMs;
  }

  #idleMs(timeoutSeconds: number): number {
    return this.#bookmarksSeen >= BOOKMARKS_THAT_PROVE
      ? IDLE_AFTER_BOOKMARKS_MS
      : timeoutSeconds * 1000 + 10_000;
  }

  /** Never the same for all kinds, so that reconnects spread out. */
  #drawTimeoutSeconds(): number {
    return 300 + Math.floor(this.#options.random() * 300);
  }
}

interface LiveStream {
  resourceVersion: string;
  readonly startedAt: number;
  events: number;
}

/** The server lost its newest history, as after an etcd restore: ours is no longer true. */
function wentBack(): KubeError {
  return new KubeError("Cannot go on watching: the server's resource version went back", {
    code: 410,
    reason: "ResourceVersionWentBack",
  });
}

function relist(cause: string): Step {
  return { state: { kind: "initial" }, pause: { kind: "backoff" }, cause };
}
