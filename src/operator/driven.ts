/**
 * One kind with its queue and its controller.
 */
import type { KindName, KindObjects } from "../api/registry.ts";
import { Controller } from "../control/controller.ts";
import type { Reconciler } from "../control/reconciler.ts";
import { wakeByOwnChange } from "../control/source.ts";
import { WorkQueue } from "../queue/work_queue.ts";
import { resourceOf } from "./cluster.ts";
import { observeController, observeQueue } from "./observers.ts";
import type { Parts } from "./options.ts";

/** A kind that is worked on. */
export interface Driven {
  readonly kind: KindName;
  readonly queue: WorkQueue;
  readonly controller: Pick<Controller<never>, "start" | "stop" | "exhausted">;
}

/** Makes queue and controller of a kind, woken by its own changes. */
export function drive<Name extends KindName>(
  parts: Parts,
  kind: Name,
  options: {
    readonly reconciler: Reconciler<KindObjects[Name]>;
    readonly longestBackoffMs?: number;
  },
): Driven {
  const name = kind.toLowerCase();
  const queue = new WorkQueue({
    ...parts,
    ...options,
    observer: observeQueue(parts.metrics, name),
  });
  const informer = parts.cluster.kinds[kind];
  const controller = new Controller<KindObjects[Name]>({
    ...parts,
    resource: resourceOf(kind),
    informer,
    reconciler: options.reconciler,
    queue,
    log: parts.log.with({ controller: name }),
    observer: observeController(parts.metrics, kind),
  });
  parts.metrics.maxWorkers.set({ controller: name }, parts.workers);
  wakeByOwnChange(informer, queue, {
    isForeignStatus: (key) => controller.isForeignStatus(key),
  });
  return { kind, queue, controller };
}
