/**
 * The registry and every metric of the operator, in one place.
 *
 * Two families: the names of controller-runtime, so that existing dashboards fit, and the
 * predecessor's `wasabi_s3_operator_*` names, which its users' alerts know (seed-spec §6.4).
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Clock } from "./clock.ts";
import { predecessorMetrics } from "./predecessor_metrics.ts";
import { registerProcessMetrics } from "./process_metrics.ts";

const QUEUE_BUCKETS = [1e-3, 1e-2, 0.1, 0.5, 1, 5, 10, 60, 600];
const RECONCILE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** All metrics; made once for a process, or once for a test. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Makes a registry with every metric in it. */
export function createMetrics(options: { readonly clock: Clock; readonly version: string }) {
  const registry = new Registry();
  registerProcessMetrics(registry, options);
  return {
    registry,
    ...controllerMetrics(registry),
    ...queueMetrics(registry),
    ...kubeMetrics(registry),
    ...providerMetrics(registry),
    predecessor: predecessorMetrics(registry),
  };
}

function controllerMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ["controller"] as const;
  return {
    reconcileTotal: new Counter({
      name: "controller_runtime_reconcile_total",
      help: "Passes by controller and result",
      labelNames: ["controller", "result"] as const,
      registers,
    }),
    reconcileErrors: new Counter({
      name: "controller_runtime_reconcile_errors_total",
      help: "Passes that failed and are tried again",
      labelNames,
      registers,
    }),
    terminalErrors: new Counter({
      name: "controller_runtime_terminal_reconcile_errors_total",
      help: "Passes that need a person to act",
      labelNames,
      registers,
    }),
    reconcilePanics: new Counter({
      name: "controller_runtime_reconcile_panics_total",
      help: "Passes that ended by a programming error",
      labelNames,
      registers,
    }),
    reconcileTimeouts: new Counter({
      name: "controller_runtime_reconcile_timeouts_total",
      help: "Passes that reached their time limit",
      labelNames,
      registers,
    }),
    reconcileSeconds: new Histogram({
      name: "controller_runtime_reconcile_time_seconds",
      help: "Duration of a pass in seconds",
      labelNames,
      buckets: RECONCILE_BUCKETS,
      registers,
    }),
    maxWorkers: new Gauge({
      name: "controller_runtime_max_concurrent_reconciles",
      help: "Workers of a controller",
      labelNames,
      registers,
    }),
    activeWorkers: new Gauge({
      name: "controller_runtime_active_workers",
      help: "Workers of a controller that are at work",
      labelNames,
      registers,
    }),
    statusWrites: new Counter({
      name: "status_writes_total",
      help: "Status comparisons by result: written, unchanged, gone or failed",
      labelNames: ["kind", "result"] as const,
      registers,
    }),
    conditions: new Gauge({
      name: "resource_condition",
      help: "Objects by kind, condition and its status",
      labelNames: ["kind", "condition", "status"] as const,
      registers,
    }),
    events: new Counter({
      name: "kube_events_total",
      help: "Kubernetes Events by result: created, repeated, dropped or failed",
      labelNames: ["result"] as const,
      registers,
    }),
  };
}

function queueMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ["name", "controller"] as const;
  return {
    queueDepth: new Gauge({
      name: "workqueue_depth",
      help: "Keys that are due",
      labelNames,
      registers,
    }),
    queueAdds: new Counter({
      name: "workqueue_adds_total",
      help: "Adds to the queue",
      labelNames,
      registers,
    }),
    queueRetries: new Counter({
      name: "workqueue_retries_total",
      help: "Adds after a failure",
      labelNames,
      registers,
    }),
    queueSeconds: new Histogram({
      name: "workqueue_queue_duration_seconds",
      help: "Time from due to taken, in seconds",
      labelNames,
      buckets: QUEUE_BUCKETS,
      registers,
    }),
    workSeconds: new Histogram({
      name: "workqueue_work_duration_seconds",
      help: "Time in a worker's hand, in seconds",
      labelNames,
      buckets: QUEUE_BUCKETS,
      registers,
    }),
    longestWork: new Gauge({
      name: "workqueue_longest_running_processor_seconds",
      help: "How long the oldest work in hand has been there, in seconds",
      labelNames,
      registers,
    }),
  };
}

function kubeMetrics(registry: Registry) {
  const registers = [registry];
  return {
    kubeRequests: new Counter({
      name: "rest_client_requests_total",
      help: "Requests to the API server by status code, method and host",
      labelNames: ["code", "method", "host"] as const,
      registers,
    }),
    kubeSeconds: new Histogram({
      name: "rest_client_request_duration_seconds",
      help: "Time to the head of the answer, in seconds",
      labelNames: ["verb", "host"] as const,
      buckets: REQUEST_BUCKETS,
      registers,
    }),
    connectionRotations: new Counter({
      name: "kube_connection_rotations_total",
      help: "HTTP clients replaced after a sign of a dead connection",
      labelNames: ["client", "cause"] as const,
      registers,
    }),
    watchEvents: new Counter({
      name: "watch_events_total",
      help: "Events of watch streams",
      labelNames: ["kind", "type"] as const,
      registers,
    }),
    watchBytes: new Counter({
      name: "watch_bytes_total",
      help: "Bytes of watch streams",
      labelNames: ["kind"] as const,
      registers,
    }),
    watchRestarts: new Counter({
      name: "watch_restarts_total",
      help: "Ends of watch streams by cause",
      labelNames: ["kind", "cause"] as const,
      registers,
    }),
    watchBlocked: new Gauge({
      name: "watch_blocked",
      help: "1 while the API server refuses the collection",
      labelNames: ["kind"] as const,
      registers,
    }),
    watchAge: new Gauge({
      name: "watch_last_event_age_seconds",
      help: "Time since the last event or bookmark, in seconds",
      labelNames: ["kind"] as const,
      registers,
    }),
    cacheObjects: new Gauge({
      name: "cache_objects",
      help: "Objects in memory",
      labelNames: ["kind"] as const,
      registers,
    }),
    overlayEntries: new Gauge({
      name: "overlay_entries",
      help: "Own writes that the watch has not confirmed yet",
      labelNames: ["kind"] as const,
      registers,
    }),
  };
}

function providerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    providerRequests: new Counter({
      name: "provider_requests_total",
      help: "Requests to the storage service by host, operation and result code",
      labelNames: ["provider", "operation", "code"] as const,
      registers,
    }),
    providerSeconds: new Histogram({
      name: "provider_request_duration_seconds",
      help: "Duration of requests to the storage service, in seconds",
      labelNames: ["provider", "operation"] as const,
      buckets: REQUEST_BUCKETS,
      registers,
    }),
    budgetWaitSeconds: new Histogram({
      name: "provider_budget_wait_seconds",
      help: "Time that work was sent back for, because the account's budget was spent",
      labelNames: ["provider"] as const,
      buckets: QUEUE_BUCKETS,
      registers,
    }),
    cacheEvents: new Counter({
      name: "provider_cache_events_total",
      help: "Hits, misses and evictions of the provider-side caches",
      labelNames: ["cache", "event"] as const,
      registers,
    }),
  };
}
