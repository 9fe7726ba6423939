/**
 * From what the layers below observe to metrics.
 */
import type { KindName } from "../api/registry.ts";
import type { ControllerObserver } from "../control/controller.ts";
import type { Outcome } from "../control/outcome.ts";
import type { RequestObserver } from "../kube/connection.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { QueueObserver } from "../queue/work_queue.ts";
import type { BucketObserver } from "../resources/bucket/context.ts";
import type { AttemptObserver } from "../wasabi/calls.ts";
import type { ReflectorObservation } from "../watch/reflector.ts";

/** Counts requests to the API server. */
export function observeKube(metrics: Metrics): RequestObserver {
  return (observation) => {
    const { method, host } = observation;
    const labels = { verb: method, host };
    switch (observation.kind) {
      case "answered":
        metrics.kubeRequests.inc({ code: observation.code, method, host });
        return metrics.kubeSeconds.observe(labels, observation.seconds);
      case "sent":
        return metrics.kubeRequestBytes.observe(labels, observation.bytes);
      case "read":
        return metrics.kubeResponseBytes.observe(labels, observation.bytes);
      case "repeated":
        return metrics.kubeRetries.inc({ code: observation.code, ...labels });
      case "limited":
        return metrics.kubeLimiterSeconds.observe(labels, observation.seconds);
    }
  };
}

/** Counts what a watch delivers. */
export function observeWatch(
  metrics: Metrics,
  kind: string,
): (observation: ReflectorObservation) => void {
  return (observation) => {
    switch (observation.kind) {
      case "event":
        return metrics.watchEvents.inc({ kind, type: observation.type });
      case "bytes":
        return metrics.watchBytes.inc({ kind }, observation.bytes);
      case "restart":
        return metrics.watchRestarts.inc({ kind, cause: observation.cause });
    }
  };
}

/** Counts calls to the storage service. */
export function observeAttempts(metrics: Metrics): AttemptObserver {
  return ({ provider, api, operation, code, seconds }) => {
    metrics.providerRequests.inc({ provider, operation, code });
    metrics.providerSeconds.observe({ provider, operation }, seconds);
    const result = code === "OK" ? "success" : "error";
    incrementOne(
      ["success", "error"],
      result,
      (each, by) => metrics.predecessor.apiCall.inc({ api_type: api, operation, result: each }, by),
    );
    metrics.predecessor.apiCallSeconds.observe({ api_type: api, operation }, seconds);
  };
}

/** Counts the tries of Providers. */
export function observeProbes(metrics: Metrics): (provider: string, connected: boolean) => void {
  return (provider, connected) =>
    incrementOne(
      ["connected", "disconnected"],
      connected ? "connected" : "disconnected",
      (status, by) => metrics.predecessor.providerConnectivity.inc({ provider, status }, by),
    );
}

/**
 * Adds 1 to the series of one result and 0 to those of the others: they begin together, so that
 * the first failure after a success is seen as one more than 0.
 */
function incrementOne(
  results: readonly string[],
  result: string,
  increment: (result: string, by: number) => void,
): void {
  for (const each of results) increment(each, each === result ? 1 : 0);
}

/** Counts what a queue does. */
export function observeQueue(metrics: Metrics, name: string): QueueObserver {
  const labels = { name, controller: name };
  return {
    added: () => metrics.queueAdds.inc(labels),
    retried: () => metrics.queueRetries.inc(labels),
    taken: (ms) => metrics.queueSeconds.observe(labels, ms / 1000),
    finished: (ms) => metrics.workSeconds.observe(labels, ms / 1000),
  };
}

/** Result label of controller-runtime for each outcome. */
const RESULTS: Readonly<Record<Outcome["kind"], string>> = {
  done: "success",
  released: "success",
  wait: "requeue_after",
  stuck: "requeue_after",
  retry: "error",
};

/** Every result label of controller-runtime; dashboards also ask for the one we never give. */
export const RECONCILE_RESULTS: readonly string[] = [...new Set(Object.values(RESULTS)), "requeue"];

/** Counts passes, under both families of names. */
export function observeController(metrics: Metrics, kind: KindName): ControllerObserver {
  const controller = kind.toLowerCase();
  const { predecessor } = metrics;
  return {
    started: () => {
      metrics.activeWorkers.inc({ controller });
      predecessor.reconcile.inc({ kind, result: "started" });
    },
    ended: (outcome, seconds, error) => {
      metrics.activeWorkers.dec({ controller });
      metrics.reconcileTotal.inc({ controller, result: RESULTS[outcome] });
      metrics.reconcileSeconds.observe({ controller }, seconds);
      predecessor.reconcileSeconds.observe({ kind }, seconds);
      const good = outcome === "done" || outcome === "released";
      predecessor.reconcile.inc({ kind, result: good ? "success" : "failed" });
      predecessor.resourceStatus.inc({ kind, status: good ? "ready" : "not_ready" });
      if (outcome === "stuck") metrics.terminalErrors.inc({ controller });
      if (outcome !== "retry") return;
      metrics.reconcileErrors.inc({ controller });
      const errorType = error instanceof Error ? error.name : typeof error;
      predecessor.errors.inc({ kind, error_type: errorType });
    },
    panicked: () => metrics.reconcilePanics.inc({ controller }),
    timedOut: () => metrics.reconcileTimeouts.inc({ controller }),
    statusWritten: (result) => metrics.statusWrites.inc({ kind, result }),
  };
}

/** Counts what happens to buckets. */
export function observeBuckets(metrics: Metrics): BucketObserver {
  const { bucketOperations, driftDetected } = metrics.predecessor;
  return {
    operation: (operation, result) => bucketOperations.inc({ operation, result }),
    drift: (resourceType) => driftDetected.inc({ kind: "Bucket", resource_type: resourceType }),
  };
}
