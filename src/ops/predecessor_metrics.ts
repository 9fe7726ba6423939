/**
 * The ten metrics whose names and labels the predecessor's users know (seed-spec §6.4).
 */
import type { MetricFactory } from "./metric_factory.ts";

const PREFIX = "wasabi_s3_operator";

/** Registers them, and returns them for the observers that feed both families. */
export function predecessorMetrics(make: MetricFactory) {
  function counter<const L extends string>(name: string, help: string, labels: readonly L[]) {
    return make.counter({ name: `${PREFIX}_${name}`, help, labels });
  }
  return {
    reconcile: counter("reconcile_total", "Passes by kind and result", ["kind", "result"]),
    reconcileSeconds: make.histogram({
      name: `${PREFIX}_reconcile_duration_seconds`,
      help: "Duration of a pass in seconds",
      labels: ["kind"],
      buckets: [0.1, 0.5, 1, 2.5, 5, 10],
    }),
    bucketOperations: counter("bucket_operations_total", "Operations on buckets", [
      "operation",
      "result",
    ]),
    providerConnectivity: counter("provider_connectivity_total", "Probes by Provider and result", [
      "provider",
      "status",
    ]),
    driftDetected: counter("drift_detected_total", "Differences found between spec and cloud", [
      "kind",
      "resource_type",
    ]),
    apiCall: counter("api_call_total", "Calls by API, operation and result", [
      "api_type",
      "operation",
      "result",
    ]),
    apiCallSeconds: make.histogram({
      name: `${PREFIX}_api_call_duration_seconds`,
      help: "Duration of calls in seconds",
      labels: ["api_type", "operation"],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5],
    }),
    rateLimitHits: counter("rate_limit_hits_total", "Work sent back by the rate limiter", [
      "api_type",
    ]),
    errors: counter("error_total", "Failed passes by kind and class of the error", [
      "kind",
      "error_type",
    ]),
    resourceStatus: counter("resource_status_total", "Passes by kind and readiness at their end", [
      "kind",
      "status",
    ]),
  };
}
