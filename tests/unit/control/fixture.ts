/**
 * A controller of a made-up kind over an API server of a few lines.
 */
import { type Condition, type CustomResource, FINALIZER } from "../../../src/api/common.ts";
import { keyOf } from "../../../src/api/key.ts";
import { Controller } from "../../../src/control/controller.ts";
import type { Outcome, StatusReport } from "../../../src/control/outcome.ts";
import type { Pass } from "../../../src/control/reconciler.ts";
import { wakeByOwnChange } from "../../../src/control/source.ts";
import type { KubeClient, PatchOperation } from "../../../src/kube/client.ts";
import { KubeError } from "../../../src/kube/error.ts";
import type { EventRecorder } from "../../../src/kube/event_recorder.ts";
import { silentLogger } from "../../../src/ops/log.ts";
import { WorkQueue } from "../../../src/queue/work_queue.ts";
import type { Informer } from "../../../src/watch/informer.ts";
import { Overlay } from "../../../src/watch/overlay.ts";
import { type Change, Store } from "../../../src/watch/store.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { THINGS } from "../watch/fixture.ts";

/** Status of the made-up kind. */
export interface ThingStatus {
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
  readonly [field: string]: unknown;
}

/** An object of the made-up kind. */
export type Thing = CustomResource<unknown, ThingStatus>;

/** An object as the server has it at first; with our finalizer unless told otherwise. */
export function aThing(metadata: Partial<Thing["metadata"]> = {}, status?: ThingStatus): Thing {
  return {
    apiVersion: "test/v1",
    kind: "Thing",
    metadata: {
      namespace: "default",
      name: "a",
      uid: "uid-a",
      resourceVersion: "1",
      generation: 1,
      finalizers: [FINALIZER],
      ...metadata,
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** A report that says Ready=True. */
export const READY: StatusReport = {
  fields: { exists: true },
  conditions: [{ type: "Ready", status: "True", reason: "Ready", message: "It is" }],
};

/** How a test's reconciler behaves. */
export interface Behaviour {
  readonly reconcile?: (thing: Thing, pass: Pass) => Promise<Outcome> | Outcome;
  readonly finalize?: (thing: Thing, pass: Pass) => Promise<Outcome> | Outcome;
  readonly failed?: (thing: Thing, error: unknown) => Outcome;
}

/** The server, the store that watches it, and what both were asked. */
export class ControlStage {
  readonly clock = new FakeClock();
  readonly queue = new WorkQueue({ clock: this.clock, random: () => 0.5, firstBackoffMs: 1_000 });
  readonly requests: string[] = [];
  readonly observed: string[] = [];
  readonly events: string[] = [];
  readonly server = new Map<string, Thing>();
  readonly controller: Controller<Thing>;
  /** Set to make the next status write fail. */
  refuse: Error | undefined;
  /** What the server makes of a status. */
  alter: (status: ThingStatus) => ThingStatus = (status) => status;
  /** False keeps events of writes back until {@link deliver}. */
  prompt = true;
  readonly #store = new Store<Thing>();
  readonly #overlay = new Overlay<Thing>(this.clock);
  readonly #listeners: ((change: Change<Thing>) => void)[] = [];
  #version = 100;

  constructor(behaviour: Behaviour, options: { readonly workers?: number } = {}) {
    const note = (text: string) => void this.observed.push(text);
    const informer = {
      get: (key: string) => this.#overlay.read(key, this.#store.get(key)),
      wrote: (thing: Thing) => this.#overlay.wrote(thing, this.#store.get(keyOf(thing))),
      onChange: (listener: (change: Change<Thing>) => void) => this.#listeners.push(listener),
    } as unknown as Informer<Thing>;
    this.controller = new Controller<Thing>({
      resource: THINGS,
      informer,
      reconciler: {
        reconcile: async (thing, pass) =>
          await (behaviour.reconcile ?? (() => done()))(thing, pass),
        finalize: async (thing, pass) =>
          await (behaviour.finalize ?? (() => ({ kind: "released" })))(thing, pass),
        failed: behaviour.failed ?? ((_thing, error) => ({ kind: "retry", error })),
      },
      queue: this.queue,
      client: this.#client(),
      events: {
        record: (_thing: Thing, { type, reason }: { type: string; reason: string }) =>
          this.events.push(`${type} ${reason}`),
      } as unknown as EventRecorder,
      clock: this.clock,
      log: silentLogger,
      observer: {
        started: () => note("started"),
        ended: (outcome) => note(outcome),
        panicked: () => note("panicked"),
        timedOut: () => note("timedOut"),
        statusWritten: (result) => note(`status ${result}`),
      },
      workers: options.workers ?? 1,
    });
    wakeByOwnChange(informer, this.queue, {
      isForeignStatus: (key) => this.controller.isForeignStatus(key),
    });
    this.controller.start();
  }

  /** Somebody else's write: stored, and seen by the watch. */
  put(thing: Thing): void {
    const stored = this.#stored(thing);
    this.deliver(stored);
  }

  /** The object is gone from the server and from the store. */
  remove(name: string): void {
    this.server.delete(name);
    this.#emit(this.#store.remove(`default/${name}`));
  }

  /** Shows the watch what the server has. */
  deliver(thing: Thing): void {
    this.#emit(this.#store.put(thing));
  }

  /** Lets everything happen that is due now. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  async stop(): Promise<void> {
    const stopped = this.controller.stop(1_000);
    await this.clock.advance(1_000);
    await stopped;
  }

  #emit(changes: readonly Change<Thing>[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }

  #stored(thing: Thing): Thing {
    const metadata = { ...thing.metadata, resourceVersion: String(++this.#version) };
    const stored = { ...thing, metadata };
    this.server.set(metadata.name, stored);
    return stored;
  }

  #client(): KubeClient {
    return {
      apply: (_resource: unknown, { name }: { name: string }, content: {
        readonly fields: { readonly status: ThingStatus };
      }) => {
        this.requests.push("apply status");
        if (this.refuse !== undefined) return Promise.reject(this.refuse);
        return Promise.resolve(this.#write(name, { status: this.alter(content.fields.status) }));
      },
      patchJson: (_resource: unknown, { name }: { name: string }, all: PatchOperation[]) => {
        this.requests.push("patch finalizers");
        const finalizers = all.at(-1)!.value as string[];
        const before = this.server.get(name);
        if (before === undefined) {
          return Promise.reject(new KubeError("gone", { code: 404, reason: "NotFound" }));
        }
        return Promise.resolve(
          this.#write(name, { metadata: { ...before.metadata, finalizers } }),
        );
      },
    } as unknown as KubeClient;
  }

  #write(name: string, change: Partial<Thing>): Thing {
    const stored = this.#stored({ ...this.server.get(name)!, ...change });
    if (this.prompt) this.deliver(stored);
    return stored;
  }
}

/** A pass that found everything in order; looked at again in an hour. */
export function done(report: StatusReport = READY): Outcome {
  return { kind: "done", report, recheckMs: 3_600_000 };
}
