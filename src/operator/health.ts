/**
 * What liveness, readiness and the gauges are made of.
 */
import type { CustomResource } from "../api/common.ts";
import { conditionsOf } from "../control/status.ts";
import type { Clock } from "../ops/clock.ts";
import type { Check } from "../ops/health.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { Cluster } from "./cluster.ts";
import type { Driven } from "./driven.ts";

/**
 * Alive means that the event loop turns, which the answer itself shows. It does not depend on
 * the API server: otherwise an outage of it would restart every operator.
 */
export function livenessChecks(clock: Clock): readonly Check[] {
  return [{
    name: "ping",
    failure: () => Number.isFinite(clock.monotonic()) ? undefined : "no clock",
  }];
}

/** Ready means that every kind is known, or known to be refused, and that workers are free. */
export function readinessChecks(
  cluster: Cluster,
  controllers: readonly Driven[],
): readonly Check[] {
  const informers = cluster.all.map(([kind, informer]): Check => {
    let settled = false;
    informer.settled.then(() => settled = true);
    return { name: `informer-${kind}`, failure: () => settled ? undefined : "not listed yet" };
  });
  const workers: Check = {
    name: "workers",
    failure: () =>
      controllers.every(({ controller }) => controller.exhausted)
        ? "every worker waits for a pass that does not end"
        : undefined,
  };
  return [...informers, workers];
}

/** Sets the gauges whose values are read off the live state. */
export function refreshGauges(
  { metrics, cluster }: { readonly metrics: Metrics; readonly cluster: Cluster },
  controllers: readonly Driven[],
): void {
  for (const [kind, informer] of cluster.all) {
    metrics.cacheObjects.set({ kind }, informer.size);
    metrics.overlayEntries.set({ kind }, informer.unconfirmedWrites);
    metrics.watchAge.set({ kind }, informer.silentMs / 1000);
  }
  for (const { kind, queue } of controllers) {
    const labels = { name: kind.toLowerCase(), controller: kind.toLowerCase() };
    metrics.queueDepth.set(labels, queue.depth);
    metrics.longestWork.set(labels, queue.longestWorkMs / 1000);
    metrics.unfinishedWork.set(labels, queue.unfinishedWorkMs / 1000);
  }
  metrics.conditions.reset();
  for (const [kind, informer] of Object.entries(cluster.kinds)) {
    for (const object of informer.list() as readonly CustomResource[]) {
      for (const { type, status } of conditionsOf(object)) {
        metrics.conditions.inc({ kind, condition: type, status });
      }
    }
  }
}
