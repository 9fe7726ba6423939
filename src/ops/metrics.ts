/**
 * The registry and every metric of the operator, in one place.
 *
 * Two families: the names of controller-runtime, so that existing dashboards fit, and the
 * predecessor's `wasabi_s3_operator_*` names, which its users' alerts know (seed-spec §6.4).
 */
import { Registry } from "prom-client";
import type { Clock } from "./clock.ts";
import { AccessKeyGauges } from "./access_key_gauges.ts";
import { MetricFactory } from "./metric_factory.ts";
import { predecessorMetrics } from "./predecessor_metrics.ts";
import { registerProcessMetrics } from "./process_metrics.ts";

const QUEUE_BUCKETS = [1e-3, 1e-2, 0.1, 0.5, 1, 5, 10, 60, 600];
const RECONCILE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Buckets of client-go for sizes in bytes and for its limiter, so that dashboards fit. */
const SIZE_BUCKETS = [
  64,
  256,
  512,
  1_024,
  4_096,
  16_384,
  65_536,
  262_144,
  1_048_576,
  4_194_304,
  16_777_216,
];
const LIMITER_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** All metrics; made once for a process, or once for a test. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Makes a registry with every metric in it. */
export function createMetrics(options: { readonly clock: Clock; readonly version: string }) {
  const registry = new Registry();
  const make = new MetricFactory(registry);
  registerProcessMetrics(registry, options);
  return {
    registry,
    ...controllerMetrics(make),
    ...objectMetrics(make),
    ...queueMetrics(make),
    ...requestMetrics(make),
    ...watchMetrics(make),
    leader: make.gauge({
      name: "leader_election_master_status",
      help: "1 while this process leads, by lease",
      labels: ["name"],
    }),
    ...providerMetrics(make),
    accessKeys: new AccessKeyGauges(make),
    predecessor: predecessorMetrics(make),
  };
}

function controllerMetrics(make: MetricFactory) {
  const labelNames = ["controller"] as const;
  return {
    reconcileTotal: make.counter({
      name: "controller_runtime_reconcile_total",
      help: "Passes by controller and result",
      labels: ["controller", "result"],
    }),
    reconcileErrors: make.counter({
      name: "controller_runtime_reconcile_errors_total",
      help: "Passes that failed and are tried again",
      labels: labelNames,
    }),
    terminalErrors: make.counter({
      name: "controller_runtime_terminal_reconcile_errors_total",
      help: "Passes that need a person to act",
      labels: labelNames,
    }),
    reconcilePanics: make.counter({
      name: "controller_runtime_reconcile_panics_total",
      help: "Passes that ended by a programming error",
      labels: labelNames,
    }),
    reconcileTimeouts: make.counter({
      name: "controller_runtime_reconcile_timeouts_total",
      help: "Passes that reached their time limit",
      labels: labelNames,
    }),
    reconcileSeconds: make.histogram({
      name: "controller_runtime_reconcile_time_seconds",
      help: "Duration of a pass in seconds",
      labels: labelNames,
      buckets: RECONCILE_BUCKETS,
    }),
    maxWorkers: make.gauge({
      name: "controller_runtime_max_concurrent_reconciles",
      help: "Workers of a controller",
      labels: labelNames,
    }),
    activeWorkers: make.gauge({
      name: "controller_runtime_active_workers",
      help: "Workers of a controller that are at work",
      labels: labelNames,
    }),
  };
}

function objectMetrics(make: MetricFactory) {
  return {
    statusWrites: make.counter({
      name: "status_writes_total",
      help: "Status comparisons by result: written, unchanged, gone or failed",
      labels: ["kind", "result"],
    }),
    conditions: make.gauge({
      name: "resource_condition",
      help: "Objects by kind, condition and its status",
      labels: ["kind", "condition", "status"],
    }),
    events: make.counter({
      name: "kube_events_total",
      help: "Kubernetes Events by result: created, repeated, dropped or failed",
      labels: ["result"],
    }),
  };
}

function queueMetrics(make: MetricFactory) {
  const labelNames = ["name", "controller"] as const;
  return {
    queueDepth: make.gauge({
      name: "workqueue_depth",
      help: "Keys that are due",
      labels: labelNames,
    }),
    queueAdds: make.counter({
      name: "workqueue_adds_total",
      help: "Adds to the queue",
      labels: labelNames,
    }),
    queueRetries: make.counter({
      name: "workqueue_retries_total",
      help: "Adds after a failure",
      labels: labelNames,
    }),
    queueSeconds: make.histogram({
      name: "workqueue_queue_duration_seconds",
      help: "Time from due to taken, in seconds",
      labels: labelNames,
      buckets: QUEUE_BUCKETS,
    }),
    workSeconds: make.histogram({
      name: "workqueue_work_duration_seconds",
      help: "Time in a worker's hand, in seconds",
      labels: labelNames,
      buckets: QUEUE_BUCKETS,
    }),
    longestWork: make.gauge({
      name: "workqueue_longest_running_processor_seconds",
      help: "How long the oldest work in hand has been there, in seconds",
      labels: labelNames,
    }),
    unfinishedWork: make.gauge({
      name: "workqueue_unfinished_work_seconds",
      help: "How long all work in hand has been there, added up, in seconds",
      labels: labelNames,
    }),
  };
}

function requestMetrics(make: MetricFactory) {
  const labels = ["verb", "host"] as const;
  return {
    kubeRequests: make.counter({
      name: "rest_client_requests_total",
      help: "Requests to the API server by status code, method and host",
      labels: ["code", "method", "host"],
    }),
    kubeSeconds: make.histogram({
      name: "rest_client_request_duration_seconds",
      help: "Time to the head of the answer, in seconds",
      labels,
      buckets: REQUEST_BUCKETS,
    }),
    kubeRequestBytes: make.histogram({
      name: "rest_client_request_size_bytes",
      help: "Size of the body of requests to the API server but watches, in bytes",
      labels,
      buckets: SIZE_BUCKETS,
    }),
    kubeResponseBytes: make.histogram({
      name: "rest_client_response_size_bytes",
      help: "Size of the body of answers of the API server but watches, decompressed, in bytes",
      labels,
      buckets: SIZE_BUCKETS,
    }),
    kubeRetries: make.counter({
      name: "rest_client_request_retries_total",
      help: "Requests to the API server that were sent again, by the status code that led to it",
      labels: ["code", "verb", "host"],
    }),
    kubeLimiterSeconds: make.histogram({
      name: "rest_client_rate_limiter_duration_seconds",
      help: "Time that requests waited for K8S_RATE_LIMIT_PER_SECOND, in seconds",
      labels,
      buckets: LIMITER_BUCKETS,
    }),
    connectionRotations: make.counter({
      name: "kube_connection_rotations_total",
      help: "HTTP clients replaced after a sign of a dead connection",
      labels: ["client", "cause"],
    }),
  };
}

function watchMetrics(make: MetricFactory) {
  return {
    watchEvents: make.counter({
      name: "watch_events_total",
      help: "Events of watch streams",
      labels: ["kind", "type"],
    }),
    watchBytes: make.counter({
      name: "watch_bytes_total",
      help: "Bytes of watch streams",
      labels: ["kind"],
    }),
    watchRestarts: make.counter({
      name: "watch_restarts_total",
      help: "Ends of watch streams by cause",
      labels: ["kind", "cause"],
    }),
    watchBlocked: make.gauge({
      name: "watch_blocked",
      help: "1 while the API server refuses the collection",
      labels: ["kind"],
    }),
    watchAge: make.gauge({
      name: "watch_last_event_age_seconds",
      help: "Time since the last event or bookmark, in seconds",
      labels: ["kind"],
    }),
    cacheObjects: make.gauge({
      name: "cache_objects",
      help: "Objects in memory",
      labels: ["kind"],
    }),
    overlayEntries: make.gauge({
      name: "overlay_entries",
      help: "Own writes that the watch has not confirmed yet",
      labels: ["kind"],
    }),
  };
}

function providerMetrics(make: MetricFactory) {
  return {
    providerRequests: make.counter({
      name: "provider_requests_total",
      help: "Requests to the storage service by host, operation and result code",
      labels: ["provider", "operation", "code"],
    }),
    providerSeconds: make.histogram({
      name: "provider_request_duration_seconds",
      help: "Duration of requests to the storage service, in seconds",
      labels: ["provider", "operation"],
      buckets: REQUEST_BUCKETS,
    }),
    budgetWaitSeconds: make.histogram({
      name: "provider_budget_wait_seconds",
      help: "Time that work was sent back for, because the account's budget was spent",
      labels: ["provider"],
      buckets: QUEUE_BUCKETS,
    }),
    cacheEvents: make.counter({
      name: "provider_cache_events_total",
      help: "Hits, misses and evictions of the provider-side caches",
      labels: ["cache", "event"],
    }),
  };
}
