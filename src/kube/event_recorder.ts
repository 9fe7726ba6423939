/**
 * Events attached to their object, in the `events.k8s.io` form.
 *
 * A repeated Event within six minutes becomes a series, an object may cause 25 at once and then
 * one in five minutes, and what does not fit the queue is dropped and counted: Events are help
 * for people, never a reason to hold work up.
 */
import type { Json, KubeObject } from "../api/common.ts";
import type { Clock, Random } from "../ops/clock.ts";
import { TokenBucket } from "../ops/token_bucket.ts";
import { TtlCache } from "../ops/ttl_cache.ts";
import type { KubeClient } from "./client.ts";
import { EVENTS } from "./resource.ts";

/** One Event to record. */
export interface EventInput {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly note: string;
}

/** What became of an Event, for the metrics. */
export type EventResult = "created" | "repeated" | "dropped" | "failed";

/** Options of {@link EventRecorder}. */
export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly controller: string;
  /** Name of this process, such as the Pod's. */
  readonly instance: string;
  readonly onResult?: (result: EventResult) => void;
}

interface Pending {
  readonly object: KubeObject;
  readonly event: EventInput;
}

interface Series {
  readonly namespace: string;
  readonly name: string;
  count: number;
}

const MAX_QUEUED = 1000;
const MAX_REMEMBERED = 4096;
const SERIES_MS = 360_000;
/** The API server counts bytes and refuses an Event with a longer note. */
const MAX_NOTE_BYTES = 1024;
const RATE_PER_OBJECT = { perSecond: 1 / 300, burst: 25 };

/** Records Events in the background, in order. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series: TtlCache<string, Series>;
  readonly #budgets: TtlCache<string, TokenBucket>;
  readonly #queue: Pending[] = [];
  #sending: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    const { clock } = options;
    this.#series = new TtlCache({ clock, ttlMs: SERIES_MS, maxEntries: MAX_REMEMBERED });
    this.#budgets = new TtlCache({ clock, ttlMs: 3_600_000, maxEntries: MAX_REMEMBERED });
  }

  /** Queues an Event about an object. */
  record(object: KubeObject, event: EventInput): void {
    const withinBudget = this.#budgetOf(object.metadata.uid).take().kind === "granted";
    if (!withinBudget || this.#queue.length >= MAX_QUEUED) {
      return this.#options.onResult?.("dropped");
    }
    this.#queue.push({ object, event });
    this.#sending ??= this.#sendAll();
  }

  /** Waits until everything queued so far was sent or given up. */
  async flush(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      // One at a time and in order, so that a flood never competes with the work itself.
      // deno-lint-ignore no-await-in-loop
      await this.#send(next).then(
        (result) => this.#options.onResult?.(result),
        () => this.#options.onResult?.("failed"),
      );
    }
    this.#sending = undefined;
  }

  async #send({ object, event }: Pending): Promise<EventResult> {
    const key = `${object.metadata.uid} ${event.type} ${event.reason} ${event.note}`;
    const known = this.#series.get(key);
    if (known !== undefined) {
      known.count++;
      await this.#options.client.patchMerge(EVENTS, known, {
        series: { count: known.count, lastObservedTime: this.#microTime() },
      });
      return "repeated";
    }
    const namespace = object.metadata.namespace ?? "default";
    const suffix = Math.floor(this.#options.random() * 2 ** 48).toString(16).padStart(12, "0");
    const name = `${object.metadata.name.slice(0, 200).replace(/[-.]+$/, "")}.${suffix}`;
    await this.#options.client.create(EVENTS, namespace, this.#bodyOf(object, event, name));
    this.#series.set(key, { namespace, name, count: 1 });
    return "created";
  }

  #bodyOf(object: KubeObject, event: EventInput, name: string): Json {
    const { metadata } = object;
    const namespace = metadata.namespace ?? "default";
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name, namespace },
      eventTime: this.#microTime(),
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance,
      action: "Reconcile",
      reason: event.reason,
      type: event.type,
      note: truncate(event.note),
      regarding: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name: metadata.name,
        namespace,
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
      },
    };
  }

  #budgetOf(uid: string): TokenBucket {
    const known = this.#budgets.get(uid);
    if (known !== undefined) return known;
    const budget = new TokenBucket(RATE_PER_OBJECT, this.#options.clock);
    this.#budgets.set(uid, budget);
    return budget;
  }

  /** MicroTime: RFC 3339 with exactly six digits. */
  #microTime(): string {
    return new Date(this.#options.clock.now()).toISOString().replace("Z", "000Z");
  }
}

/** Cuts a text to what an Event may hold, never within a character. */
function truncate(text: string): string {
  const bytes = new Uint8Array(MAX_NOTE_BYTES);
  return text.slice(0, new TextEncoder().encodeInto(text, bytes).read);
}
