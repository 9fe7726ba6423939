/**
 * Makes the parts of an operator, and the server that shows how they are.
 */
import { FIELD_MANAGER } from "../api/common.ts";
import { LeaderElector } from "../control/leader/elector.ts";
import { KubeClient } from "../kube/client.ts";
import { KubeConnection } from "../kube/connection.ts";
import { EventRecorder } from "../kube/event_recorder.ts";
import { leaseClient } from "../kube/leases.ts";
import { type Clock, delay } from "../ops/clock.ts";
import type { Metrics } from "../ops/metrics.ts";
import { type OpsServer, startOpsServer } from "../ops/server.ts";
import { Sessions } from "../wasabi/sessions.ts";
import { type Cluster, watchCluster } from "./cluster.ts";
import type { Driven } from "./driven.ts";
import { livenessChecks, readinessChecks, refreshGauges } from "./health.ts";
import { observeAttempts, observeKube } from "./observers.ts";
import type { OperatorOptions, Parts } from "./options.ts";

const START_LIMIT_MS = 120_000;

/** Connects to the API server; nothing is sent yet. */
export function connect(options: OperatorOptions, metrics: Metrics): KubeConnection {
  return new KubeConnection({
    access: options.access,
    clock: options.clock,
    userAgent: `${FIELD_MANAGER}/${options.version}`,
    onRequest: observeKube(metrics),
    onRotation: (client, cause) => metrics.connectionRotations.inc({ client, cause }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
}

/** Makes the candidate for the lease, where replicas are to choose one. */
export function candidate(
  options: OperatorOptions,
  shared: { readonly connection: KubeConnection; readonly metrics: Metrics },
): LeaderElector | undefined {
  const { leaderElection, clock } = options;
  if (leaderElection === undefined) return undefined;
  const { leaseName, leaseNamespace, durations } = leaderElection;
  const { connection, metrics } = shared;
  return new LeaderElector({
    ...options,
    durations,
    // A restarted Pod has the same name, and must not take its predecessor's lease for its own.
    identity: `${options.instance}_${crypto.randomUUID()}`,
    lease: leaseClient({
      connection,
      clock,
      namespace: leaseNamespace ?? connection.namespace,
      name: leaseName,
      timeoutMs: durations.renewDeadlineMs / 2,
    }),
    onChange: (leads) => metrics.leader.set({ name: leaseName }, leads ? 1 : 0),
  });
}

/** Makes the parts that all kinds share. */
export function assemble(
  options: OperatorOptions,
  shared: {
    readonly connection: KubeConnection;
    readonly metrics: Metrics;
    readonly elector: LeaderElector | undefined;
  },
): Parts {
  const { connection, metrics, elector } = shared;
  const fence = elector === undefined ? undefined : () => elector.fence.check();
  const { clock } = options;
  const client = new KubeClient({
    connection,
    clock,
    fieldManager: FIELD_MANAGER,
    rate: options.kubeRate,
    onRequest: observeKube(metrics),
    fence,
  });
  const events = new EventRecorder({
    ...options,
    client,
    controller: FIELD_MANAGER,
    onResult: (result) => metrics.events.inc({ result }),
  });
  const cluster = watchCluster({ ...options, connection, client, metrics });
  return {
    ...options,
    cluster,
    client,
    events,
    sessions: makeSessions(options, metrics, { fence }),
    metrics,
  };
}

function makeSessions(
  options: OperatorOptions,
  metrics: Metrics,
  { fence }: { readonly fence: (() => void) | undefined },
): Sessions {
  return new Sessions({
    ...options,
    ...(fence === undefined ? {} : { fence }),
    ...(options.providerTimeoutMs === undefined
      ? {}
      : { requestTimeoutMs: options.providerTimeoutMs }),
    onAttempt: observeAttempts(metrics),
    onBudgetWait: (provider, ms, { api }) => {
      metrics.budgetWaitSeconds.observe({ provider }, ms / 1000);
      metrics.predecessor.rateLimitHits.inc({ api_type: api });
    },
    onCacheEvent: (event) => metrics.cacheEvents.inc({ cache: "sessions", event }),
  });
}

/** Serves metrics and health. */
export function serve(parts: Parts, driven: readonly Driven[]): OpsServer {
  return startOpsServer({
    port: parts.metricsPort,
    ...(parts.metricsHostname === undefined ? {} : { hostname: parts.metricsHostname }),
    registry: parts.metrics.registry,
    liveness: livenessChecks(parts.clock),
    readiness: readinessChecks(parts.cluster, driven),
    beforeScrape: () => refreshGauges(parts, driven),
  });
}

/**
 * Waits until everything that the controllers read is known.
 *
 * @returns false when `stop` came first
 * @throws Error when the API server does not list all kinds within two minutes
 */
export async function untilSettled(
  cluster: Cluster,
  options: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<boolean> {
  const limit = new AbortController();
  const signal = AbortSignal.any([options.stop, limit.signal]);
  const settled = Promise.all(cluster.all.map(([, informer]) => informer.settled));
  const end = await Promise.race([
    settled.then(() => "settled" as const),
    delay(options.clock, START_LIMIT_MS, { stop: signal }),
  ]);
  limit.abort();
  if (end !== "elapsed") return end === "settled";
  throw new Error(`Cannot start: the API server did not list all kinds in ${START_LIMIT_MS} ms`);
}
