/**
 * Drives one kind: take a key, read the object, store the finalizer, reconcile within a time
 * limit, write the status, and tell the queue when to come back.
 */
import type { CustomResource, Json } from "../api/common.ts";
import type { KubeClient } from "../kube/client.ts";
import { isConflict, KubeError } from "../kube/error.ts";
import type { EventRecorder } from "../kube/event_recorder.ts";
import type { Resource } from "../kube/resource.ts";
import type { Clock } from "../ops/clock.ts";
import type { Logger } from "../ops/log.ts";
import { DEPENDENCY_CHANGE, ROUTINE } from "../queue/priority.ts";
import type { Ticket, WorkQueue } from "../queue/work_queue.ts";
import type { Informer } from "../watch/informer.ts";
import { transitionEvents } from "./events.ts";
import { ensureFinalizer, hasFinalizer, releaseFinalizer } from "./finalizer.ts";
import { PassTimeoutError } from "./pass_timeout.ts";
import type { Notice, Outcome, StatusReport } from "./outcome.ts";
import type { Pass, Reconciler } from "./reconciler.ts";
import { isPaused, pausedOutcome, requestOf } from "./requests.ts";
import {
  applyStatus,
  conditionsOf,
  sameStatus,
  statusHolds,
  storedFields,
  storedStatus,
  type WantedStatus,
  wantedStatus,
} from "./status.ts";

/** Told how each pass ended, for the metrics. */
export interface ControllerObserver {
  started(): void;
  ended(outcome: Outcome["kind"], seconds: number, error?: unknown): void;
  panicked(): void;
  timedOut(): void;
  statusWritten(result: "written" | "unchanged" | "gone" | "failed"): void;
}

/** Options of {@link Controller}. */
export interface ControllerOptions<T extends CustomResource> {
  readonly resource: Resource;
  readonly informer: Informer<T>;
  readonly reconciler: Reconciler<T>;
  readonly queue: WorkQueue;
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly observer: ControllerObserver;
  /** @default {4} */
  readonly workers?: number;
  /** After this time the pass's signal fires. @default {120_000} */
  readonly passLimitMs?: number;
  /** After this further time the pass is given up as a zombie. @default {10_000} */
  readonly graceMs?: number;
}

/** The controller of one kind. */
export class Controller<T extends CustomResource> {
  readonly #options: ControllerOptions<T>;
  /**
   * The status wanted last for each object, and while its write is on the way the one before:
   * an event that shows neither is a foreign write.
   */
  readonly #wanted = new Map<string, readonly WantedStatus[]>();
  /** What the server made of the last write, where that is something else. */
  readonly #answers = new Map<string, {
    readonly asked: WantedStatus;
    readonly made: WantedStatus;
  }>();
  readonly #shutdown = new AbortController();
  #workers: Promise<void>[] = [];
  #zombies = 0;

  constructor(options: ControllerOptions<T>) {
    this.#options = options;
  }

  /** True when every worker waits for a pass that does not end. */
  get exhausted(): boolean {
    return this.#zombies >= (this.#options.workers ?? 4);
  }

  /** Starts the workers. */
  start(): void {
    const count = this.#options.workers ?? 4;
    this.#workers = Array.from({ length: count }, () => this.#work());
  }

  /** Ends after the passes in hand, or aborts them after `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    const end = await this.#options.queue.drain(deadlineMs);
    this.#shutdown.abort(new DOMException("Shutting down", "AbortError"));
    if (end === "drained") await Promise.all(this.#workers);
  }

  /** True when somebody else changed an object's status. */
  isForeignStatus(key: string): boolean {
    const wanted = this.#wanted.get(key);
    // Our own newest write, where the watch is behind it.
    const object = this.#options.informer.get(key);
    if (wanted === undefined || object === undefined) return false;
    return !wanted.some((status) => statusHolds(object, status));
  }

  async #work(): Promise<void> {
    const { queue } = this.#options;
    // One key after the other: that is what a worker is.
    // deno-lint-ignore no-await-in-loop
    for (let t = await queue.take(); t !== undefined; t = await queue.take()) {
      // deno-lint-ignore no-await-in-loop
      await this.#guard(t);
    }
  }

  /** Ends when the pass has ended, or has become a zombie that keeps its key. */
  async #guard(ticket: Ticket): Promise<void> {
    const { clock, observer } = this.#options;
    const limit = new AbortController();
    const limitMs = this.#options.passLimitMs ?? 120_000;
    const timer = clock.after(limitMs, () => {
      observer.timedOut();
      limit.abort(new PassTimeoutError(`Cannot end pass within ${limitMs} ms`));
    });
    const zombie = Promise.withResolvers<"zombie">();
    const zombieTimer = clock.after(
      limitMs + (this.#options.graceMs ?? 10_000),
      () => zombie.resolve("zombie"),
    );
    const pass = this.#process(ticket.key, AbortSignal.any([limit.signal, this.#shutdown.signal]));
    const end = await Promise.race([pass, zombie.promise]);
    timer.cancel();
    zombieTimer.cancel();
    if (end !== "zombie") return ticket.done();
    this.#zombies++;
    this.#options.log.error("Pass does not end", { key: ticket.key });
    pass.finally(() => {
      this.#zombies--;
      ticket.done();
    });
  }

  /** One pass over one key; never rejects. */
  async #process(key: string, signal: AbortSignal): Promise<void> {
    const { informer, queue, clock, observer } = this.#options;
    const object = informer.get(key);
    if (object === undefined || (isDeleting(object) && !hasFinalizer(object))) {
      this.#wanted.delete(key);
      this.#answers.delete(key);
      return queue.forget(key);
    }
    const startedAt = clock.monotonic();
    const log = this.#options.log.with({ key, reconcileId: crypto.randomUUID() });
    observer.started();
    const { read, outcome } = await this.#outcomeOf(object, { signal, log, key });
    const settled = outcome === "gone"
      ? { kind: "released" } as const
      : await this.#settle(read, outcome, { key, log });
    this.#requeue(key, settled);
    const error = settled.kind === "retry" ? settled.error : undefined;
    observer.ended(settled.kind, (clock.monotonic() - startedAt) / 1000, error);
    if (error !== undefined) log.warning("Pass failed", { error });
  }

  async #outcomeOf(
    object: T,
    context: { readonly signal: AbortSignal; readonly log: Logger; readonly key: string },
  ): Promise<{ readonly read: T; readonly outcome: Outcome | "gone" }> {
    const { reconciler, informer } = this.#options;
    let read = object;
    let current = object;
    const pass: Pass = {
      signal: context.signal,
      log: context.log,
      record: async (fields) => {
        current = await this.#record(context.key, current, fields);
      },
    };
    try {
      if (isPaused(object)) return { read, outcome: pausedOutcome(object) };
      if (isDeleting(object)) return { read, outcome: await reconciler.finalize(object, pass) };
      const held = await ensureFinalizer(object, this.#options);
      if (held === undefined) return { read, outcome: "gone" };
      if (held !== object) informer.wrote(held);
      read = current = held;
      return { read, outcome: await reconciler.reconcile(held, pass) };
    } catch (error) {
      return { read, outcome: this.#outcomeOfError(read, error, context) };
    }
  }

  #outcomeOfError(
    object: T,
    error: unknown,
    context: { readonly signal: AbortSignal; readonly log: Logger },
  ): Outcome {
    const cause = context.signal.reason instanceof PassTimeoutError ? context.signal.reason : error;
    if (isProgrammerError(cause)) {
      this.#options.observer.panicked();
      context.log.error("Pass panicked", { error: cause });
    }
    try {
      return this.#options.reconciler.failed(object, cause);
    } catch (failure) {
      // A worker that dies of this would never be missed.
      this.#options.observer.panicked();
      context.log.error("Pass panicked", { error: failure });
      return { kind: "retry", error: cause };
    }
  }

  /** Writes what the outcome says to the API server; a write that fails becomes a retry. */
  async #settle(
    read: T,
    outcome: Outcome,
    { key, log }: { readonly key: string; readonly log: Logger },
  ): Promise<Outcome> {
    const object = this.#options.informer.get(key);
    // What was found out about an object says nothing about the one that has its name now.
    if (object?.metadata.uid !== read.metadata.uid) return outcome;
    try {
      if (outcome.kind === "released") {
        this.#notify(object, outcome.notices ?? []);
        const released = await releaseFinalizer(object, this.#options);
        if (released !== undefined) this.#options.informer.wrote(released);
      } else if (outcome.report !== undefined) {
        await this.#report(object, outcome.report, { key, read });
        this.#notify(object, "notices" in outcome ? outcome.notices ?? [] : []);
      }
      return outcome;
    } catch (error) {
      if (outcome.kind !== "released") this.#options.observer.statusWritten("failed");
      log.warning("Cannot write outcome", { error });
      const atLeastMs = error instanceof KubeError ? error.retryAfterMs : undefined;
      return { kind: "retry", error, ...(atLeastMs === undefined ? {} : { atLeastMs }) };
    }
  }

  async #report(
    object: T,
    report: StatusReport,
    { key, read }: { readonly key: string; readonly read: T },
  ): Promise<void> {
    const { clock, observer } = this.#options;
    const wanted = wantedStatus(object, report, {
      nowMs: clock.now(),
      generation: isPaused(read) ? observedGeneration(object) : read.metadata.generation ?? 0,
      request: requestOf(read),
    });
    const before = conditionsOf(object);
    const answer = this.#answers.get(key);
    const isAnswered = answer !== undefined && sameStatus(answer.asked, wanted) &&
      statusHolds(object, answer.made);
    if (isAnswered || statusHolds(object, wanted)) {
      this.#wanted.set(key, isAnswered ? [wanted, answer.made] : [wanted]);
      return observer.statusWritten("unchanged");
    }
    const written = await this.#write(key, object, wanted);
    if (written === undefined) return observer.statusWritten("gone");
    observer.statusWritten("written");
    this.#notify(written, transitionEvents(before, wanted.conditions));
  }

  /** Adds fields to the stored status, so that a crash after the next call finds them. */
  async #record(
    key: string,
    object: T,
    fields: { readonly [key: string]: Json },
  ): Promise<T> {
    const wanted: WantedStatus = {
      fields: { ...storedFields(object), ...fields },
      conditions: conditionsOf(object),
    };
    const written = await this.#write(key, object, wanted);
    if (written === undefined) {
      throw new KubeError("Cannot record intention: the object is gone", {
        code: 404,
        reason: "NotFound",
      });
    }
    return written;
  }

  /**
   * The event of a write may arrive before its answer, and after the next write has begun. Before
   * the first one, the event of our finalizer may: it shows the status that was read. What the
   * server made of a write, such as one with a field that its definition does not have, is ours
   * too: taken for somebody else's, it would wake the object for ever.
   */
  async #write(key: string, object: T, wanted: WantedStatus): Promise<T | undefined> {
    const previous = this.#wanted.get(key)?.at(-1) ??
      storedStatus(object);
    this.#wanted.set(key, [previous, wanted]);
    const written = await applyStatus(object, wanted, this.#options);
    if (written === undefined) return undefined;
    this.#wanted.set(key, [wanted]);
    this.#answers.delete(key);
    if (!statusHolds(written, wanted)) {
      const made = storedStatus(written);
      this.#wanted.set(key, [wanted, made]);
      this.#answers.set(key, { asked: wanted, made });
    }
    this.#options.informer.wrote(written);
    return written;
  }

  #notify(object: T, notices: readonly Notice[]): void {
    for (const notice of notices) this.#options.events.record(object, notice);
  }

  #requeue(key: string, outcome: Outcome): void {
    const { queue } = this.#options;
    if (outcome.kind === "retry") {
      const atLeastMs = isConflict(outcome.error) ? 0 : outcome.atLeastMs ?? 0;
      return queue.addAfterFailure(key, { atLeastMs });
    }
    queue.forget(key);
    if (outcome.kind === "released") return void this.#wanted.delete(key);
    if (outcome.kind === "wait") {
      return queue.add(key, { priority: DEPENDENCY_CHANGE, afterMs: outcome.ms });
    }
    queue.add(key, { priority: ROUTINE, afterMs: outcome.recheckMs });
  }
}

/** True when the object is on its way out. */
function isDeleting(object: CustomResource): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** What a paused object says is still about the spec that was looked at last. */
function observedGeneration({ status, metadata }: CustomResource): number {
  const observed = (status as { readonly observedGeneration?: number } | undefined)
    ?.observedGeneration;
  return observed ?? metadata.generation ?? 0;
}

/** Network failures are mapped at the border, so what is left of these is a bug. */
function isProgrammerError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError ||
    error instanceof RangeError || error instanceof SyntaxError;
}
