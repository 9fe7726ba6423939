import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError, readConfig } from "../../src/config.ts";

Deno.test("without flags and variables every value has its default", () => {
  const { server, ...rest } = readConfig({}, {});
  assertEquals(server, { kind: "kubeconfig" });
  assertEquals(rest, {
    namespaces: [],
    watchScope: "cluster",
    secretNamespaces: [],
    metricsPort: 8080,
    logLevel: "info",
    driftIntervalMs: 300_000,
    probeIntervalMs: 300_000,
    providerRate: { perSecond: 50, burst: 100 },
    workers: 4,
  });
});

Deno.test("a flag goes before its variable", () => {
  const config = readConfig({ METRICS_PORT: "1" }, { METRICS_PORT: "2", WORKERS: "9" });
  assertEquals([config.metricsPort, config.workers], [1, 9]);
});

Deno.test("a flag hides even a variable that is wrong", () => {
  assertEquals(readConfig({ METRICS_PORT: "1" }, { METRICS_PORT: "x" }).metricsPort, 1);
});

Deno.test("all faults are told at once, each with its variable", () => {
  const error = assertThrows(
    () =>
      readConfig({}, {
        METRICS_PORT: "70000",
        LOG_LEVEL: "loud",
        WORKERS: "many",
        WATCH_NAMESPACES: "good,Not-Good",
        API_SERVER: "ftp://x",
      }),
    ConfigError,
  );
  const names = [
    "METRICS_PORT",
    "LOG_LEVEL",
    "WORKERS",
    'WATCH_NAMESPACES: "Not-Good"',
    "API_SERVER",
  ];
  for (const name of names) assert(error.message.includes(name), `${name} in: ${error.message}`);
  assertEquals(error.message.split("\n").length, 6);
});

Deno.test("the predecessor's variables keep their names and their values", () => {
  const config = readConfig({}, {
    METRICS_PORT: "9090",
    LOG_LEVEL: "WARNING",
    WATCH_NAMESPACES: " a, b ,a,",
    WATCH_SCOPE: "namespaced",
    DRIFT_CHECK_INTERVAL_SECONDS: "60",
    WASABI_RATE_LIMIT_PER_SECOND: "2.5",
    WASABI_RATE_LIMIT_BURST: "7",
    K8S_RATE_LIMIT_PER_SECOND: "10",
    K8S_CACHE_TTL_SECONDS: "30",
    USER_READINESS_TIMEOUT_SECONDS: "60",
  });
  assertEquals(config.namespaces, ["a", "b"]);
  assertEquals([config.metricsPort, config.logLevel, config.driftIntervalMs], [
    9_090,
    "warning",
    60_000,
  ]);
  assertEquals([config.providerRate, config.kubeRate], [
    { perSecond: 2.5, burst: 7 },
    { perSecond: 10, burst: 20 },
  ]);
});

Deno.test("IAM requests have a rate of their own once a variable speaks of them", () => {
  const s3 = { WASABI_RATE_LIMIT_PER_SECOND: "40", WASABI_RATE_LIMIT_BURST: "7" };
  const rate = "WASABI_IAM_RATE_LIMIT_PER_SECOND";
  const burst = "WASABI_IAM_RATE_LIMIT_BURST";
  const iamRate = (environment: Record<string, string>) =>
    readConfig({}, { ...s3, ...environment }).providerIamRate;
  assertEquals(iamRate({}), undefined);
  assertEquals(iamRate({ [rate]: "2.5" }), { perSecond: 2.5, burst: 5 });
  assertEquals(iamRate({ [rate]: "2.5", [burst]: "9" }), { perSecond: 2.5, burst: 9 });
  assertEquals(iamRate({ [burst]: "9" }), { perSecond: 40, burst: 9 });
  assertEquals(readConfig({}, { ...s3, [rate]: "2.5" }).providerRate, { perSecond: 40, burst: 7 });
  assertThrows(() => readConfig({}, { [rate]: "0" }), ConfigError, rate);
});

for (
  const [level, expected] of [["CRITICAL", "error"], ["warn", "warning"], [" debug ", "debug"]]
) {
  Deno.test(`log level "${level}" is ${expected}`, () => {
    assertEquals(readConfig({}, { LOG_LEVEL: level }).logLevel as string, expected);
  });
}

Deno.test("an empty variable is as good as none", () => {
  assertEquals(readConfig({}, { METRICS_PORT: "", API_SERVER: "" }).metricsPort, 8080);
});

Deno.test("half a worker and half a port are refused", () => {
  for (const name of ["WORKERS", "METRICS_PORT", "WASABI_RATE_LIMIT_BURST"]) {
    assertThrows(() => readConfig({}, { [name]: "1.5" }), ConfigError, name);
  }
});

const IN_POD = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "6443" };

Deno.test("a Pod speaks to its own server, unless a flag says otherwise", () => {
  assertEquals(readConfig({}, { ...IN_POD, KUBECONFIG: "/k" }).server, {
    kind: "inCluster",
    host: "10.0.0.1",
    port: "6443",
  });
  assertEquals(readConfig({ KUBECONFIG: "/k" }, IN_POD).server, { kind: "kubeconfig", path: "/k" });
  assertEquals(readConfig({ CONTEXT: "c" }, IN_POD).server, { kind: "kubeconfig", context: "c" });
  assertEquals(readConfig({ API_SERVER: "http://127.0.0.1:1" }, IN_POD).server, {
    kind: "url",
    url: "http://127.0.0.1:1",
  });
});

Deno.test("a configuration cannot be changed", () => {
  assert(Object.isFrozen(readConfig({}, {})));
});

Deno.test("replicas choose one inside a cluster, and outside only when told to", () => {
  const inCluster = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
  const election = (environment: Record<string, string>) =>
    readConfig({}, environment).leaderElection;
  assertEquals(election({}), undefined);
  assertEquals(election({ ...inCluster, LEADER_ELECTION: "false" }), undefined);
  assertEquals(election(inCluster)?.leaseName, "wasabi-s3-operator");
  assertEquals(election({ LEADER_ELECTION: "true", LEASE_NAME: "other" }), {
    leaseName: "other",
    durations: { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 },
  });
});

Deno.test("durations of the lease that do not fit together are refused with the reason", () => {
  const error = assertThrows(
    () => readConfig({}, { LEASE_DURATION_SECONDS: "5" }),
    ConfigError,
  );
  assert(error.message.includes("the lease must last longer than the renew deadline"));
});

Deno.test("namespaces of Secrets are read like those of everything else", () => {
  const config = readConfig({}, { SECRET_NAMESPACES: "b, a", WATCH_SCOPE: "namespaced" });
  assertEquals([config.secretNamespaces, config.watchScope], [["b", "a"], "namespaced"]);
  const error = assertThrows(() => readConfig({}, { SECRET_NAMESPACES: "No" }), ConfigError);
  assert(error.message.includes('SECRET_NAMESPACES: "No"'));
});
