import { assertEquals } from "@std/assert";
import { createMetrics } from "../../../src/ops/metrics.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** The predecessor's metrics with their labels and buckets (seed-spec §6.4). */
const PREDECESSOR = {
  "reconcile_total": "counter kind,result",
  "reconcile_duration_seconds": "histogram kind 0.1,0.5,1,2.5,5,10",
  "bucket_operations_total": "counter operation,result",
  "provider_connectivity_total": "counter provider,status",
  "drift_detected_total": "counter kind,resource_type",
  "api_call_total": "counter api_type,operation,result",
  "api_call_duration_seconds": "histogram api_type,operation 0.01,0.05,0.1,0.5,1,2.5,5",
  "rate_limit_hits_total": "counter api_type",
  "error_total": "counter kind,error_type",
  "resource_status_total": "counter kind,status",
};

/** Names that dashboards of controller-runtime know, and ours besides. */
const NAMES = [
  "controller_runtime_reconcile_total",
  "controller_runtime_reconcile_errors_total",
  "controller_runtime_terminal_reconcile_errors_total",
  "controller_runtime_reconcile_panics_total",
  "controller_runtime_reconcile_timeouts_total",
  "controller_runtime_reconcile_time_seconds",
  "controller_runtime_max_concurrent_reconciles",
  "controller_runtime_active_workers",
  "workqueue_depth",
  "workqueue_adds_total",
  "workqueue_retries_total",
  "workqueue_queue_duration_seconds",
  "workqueue_work_duration_seconds",
  "workqueue_longest_running_processor_seconds",
  "workqueue_unfinished_work_seconds",
  "rest_client_requests_total",
  "rest_client_request_duration_seconds",
  "rest_client_request_size_bytes",
  "rest_client_response_size_bytes",
  "rest_client_request_retries_total",
  "rest_client_rate_limiter_duration_seconds",
  "watch_events_total",
  "watch_restarts_total",
  "watch_last_event_age_seconds",
  "watch_blocked",
  "cache_objects",
  "overlay_entries",
  "provider_requests_total",
  "provider_request_duration_seconds",
  "provider_budget_wait_seconds",
  "resource_condition",
  "status_writes_total",
  "kube_connection_rotations_total",
  "process_resident_memory_bytes",
  "process_cpu_seconds_total",
  "process_start_time_seconds",
];

function start() {
  return createMetrics({ clock: new FakeClock(), version: "1.2.3" });
}

Deno.test("every metric is announced at start, before anything has happened", async () => {
  const text = await start().registry.metrics();
  const announced = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]));
  const all = [...NAMES, ...Object.keys(PREDECESSOR).map((name) => `wasabi_s3_operator_${name}`)];
  assertEquals(all.filter((name) => !announced.has(name)), []);
});

for (const [name, shape] of Object.entries(PREDECESSOR)) {
  Deno.test(`wasabi_s3_operator_${name} keeps type, labels and buckets`, () => {
    const metric = start().registry.getSingleMetric(`wasabi_s3_operator_${name}`) as unknown as {
      readonly type: string;
      readonly labelNames: readonly string[];
      readonly upperBounds?: readonly number[];
    };
    const { type, labelNames, upperBounds } = metric;
    const parts = [type, labelNames.join(","), ...(upperBounds ? [upperBounds.join(",")] : [])];
    assertEquals(parts.join(" "), shape);
  });
}

/** An alert must name the key that is too old; there are no more series than AccessKeys. */
const BY_OBJECT = ["access_key_age_seconds", "access_key_next_rotation_timestamp_seconds"];

Deno.test("no metric but those of single keys carries name and namespace of an object", () => {
  const { registry } = start();
  const others = registry.getMetricsAsArray().filter(({ name }) => !BY_OBJECT.includes(name));
  assertEquals(others.length, registry.getMetricsAsArray().length - BY_OBJECT.length);
  for (const { name } of others) {
    const { labelNames } = registry.getSingleMetric(name) as unknown as {
      readonly labelNames: readonly string[];
    };
    assertEquals(labelNames.filter((label) => label === "namespace"), [], name);
  }
});

Deno.test("the process tells its start, its memory and its versions", async () => {
  const text = await start().registry.metrics();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
  assertEquals(value("process_start_time_seconds"), Date.UTC(2026, 0, 1) / 1000);
  assertEquals(value("process_resident_memory_bytes") > 1_000_000, true);
  assertEquals(value("process_cpu_seconds_total") >= 0, true);
  assertEquals(/^deno_build_info\{version="1\.2\.3",/m.test(text), true);
});
