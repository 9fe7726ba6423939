import { assert, assertEquals } from "@std/assert";
import { kindNames } from "../../../src/api/registry.ts";
import {
  observeAttempts,
  observeController,
  observeKube,
  observeProbes,
  observeQueue,
  observeWatch,
} from "../../../src/operator/observers.ts";
import { presetSeries } from "../../../src/operator/preset_series.ts";
import { createMetrics, type Metrics } from "../../../src/ops/metrics.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const HOST = "api.test:6443";

/** Named by the cloud or by an object, so that nobody knows these labels at start. */
const BEGIN_LATE = [
  "provider_requests_total",
  "provider_request_duration_seconds",
  "provider_budget_wait_seconds",
  "wasabi_s3_operator_api_call_total",
  "wasabi_s3_operator_api_call_duration_seconds",
  "wasabi_s3_operator_provider_connectivity_total",
];

function start(options: { readonly hasLimiter: boolean } = { hasLimiter: true }): Metrics {
  const metrics = createMetrics({ clock: new FakeClock(), version: "1.2.3" });
  const watched = [...kindNames, "Secret", "Namespace"];
  presetSeries(metrics, { host: HOST, watched, leaseName: "lease", ...options });
  return metrics;
}

/** Samples of counters and histograms, without the value. */
async function samplesOf({ registry }: Metrics): Promise<readonly string[]> {
  const metrics = await registry.getMetricsAsJSON();
  const counting = metrics.filter(({ type }) => ["counter", "histogram"].includes(String(type)));
  return counting.flatMap(({ name, values }) =>
    values.map(({ labels }) => `${name} ${JSON.stringify(Object.entries(labels).toSorted())}`)
  );
}

Deno.test("every counter and histogram whose labels can be known has its series at start", async () => {
  const metrics = await start().registry.getMetricsAsJSON();
  const empty = metrics.filter(({ type, values }) =>
    ["counter", "histogram"].includes(String(type)) && values.length === 0
  );
  assertEquals(empty.map(({ name }) => name).toSorted(), BEGIN_LATE.toSorted());
});

Deno.test("every series that is set at start is 0", async () => {
  const metrics = await start().registry.getMetricsAsJSON();
  const started = metrics.filter(({ type }) => ["counter", "histogram"].includes(String(type)))
    .flatMap(({ name, values }) => values.map(({ value }) => ({ name, value })));
  assertEquals(started.filter(({ value }) => value !== 0), []);
  assert(started.length > 100);
});

Deno.test("the samples at start are fewer than 1,500", async () => {
  const { length } = await samplesOf(start());
  assert(length < 1_500, `${length} samples`);
});

Deno.test("passes, queues, watches and failed requests add no series to those of the start", async () => {
  const metrics = start();
  const before = new Set(await samplesOf(metrics));
  for (const kind of kindNames) {
    const { started, ended, panicked, timedOut, statusWritten } = observeController(metrics, kind);
    const queue = observeQueue(metrics, kind.toLowerCase());
    started();
    for (const end of ["done", "wait", "retry", "stuck", "released"] as const) {
      ended(end, 1, new Error("x"));
    }
    for (const result of ["written", "unchanged", "gone", "failed"] as const) statusWritten(result);
    panicked();
    timedOut();
    queue.added();
    queue.retried();
    queue.taken(1);
    queue.finished(1);
    const watch = observeWatch(metrics, kind);
    watch({ kind: "event", type: "ADDED" });
    watch({ kind: "bytes", bytes: 1 });
    watch({ kind: "restart", cause: "closed" });
  }
  const request = observeKube(metrics);
  const target = { method: "PATCH", host: HOST };
  request({ ...target, kind: "answered", code: "403", seconds: 1 });
  request({ ...target, kind: "sent", bytes: 1 });
  request({ ...target, kind: "read", bytes: 1 });
  request({ ...target, kind: "repeated", code: "401" });
  request({ ...target, kind: "limited", seconds: 1 });
  assertEquals((await samplesOf(metrics)).filter((sample) => !before.has(sample)), []);
});

Deno.test("without a limiter nothing is told of its waits", async () => {
  const metrics = start({ hasLimiter: false });
  assertEquals((await metrics.kubeLimiterSeconds.get()).values, []);
});

Deno.test("the results of one operation, and of one Provider, begin together", async () => {
  const metrics = start();
  const attempt = { provider: "s3.test", operation: "GetBucket", code: "OK", seconds: 1 };
  observeAttempts(metrics)({ ...attempt, api: "s3" });
  observeProbes(metrics)("main", false);
  const { apiCall, providerConnectivity } = metrics.predecessor;
  const calls = (await apiCall.get()).values;
  assertEquals(calls.map(({ labels, value }) => [labels["result"], value]), [
    ["success", 1],
    ["error", 0],
  ]);
  const probes = (await providerConnectivity.get()).values;
  assertEquals(probes.map(({ labels, value }) => [labels["status"], value]), [
    ["connected", 0],
    ["disconnected", 1],
  ]);
});
