/**
 * The map of the program: what is watched, which event wakes which object, what drives it, and
 * in which order everything starts and stops.
 */
import type { CustomResource } from "./api/common.ts";
import { keyOf } from "./api/key.ts";
import { wakeByOther } from "./control/source.ts";
import { createMetrics, type Metrics } from "./ops/metrics.ts";
import { assemble, candidate, connect, serve, untilSettled } from "./operator/assembly.ts";
import { dependentsIn, lookupIn, REFERRING } from "./operator/cluster.ts";
import { driveBuckets } from "./operator/buckets.ts";
import { drive, type Driven } from "./operator/driven.ts";
import { driveIdentities } from "./operator/identity.ts";
import { observeProbes } from "./operator/observers.ts";
import type { OperatorOptions, Parts } from "./operator/options.ts";
import { drivePolicies } from "./operator/policies.ts";
import { presetSeries } from "./operator/preset_series.ts";
import { dependentProviders } from "./operator/wake.ts";
import { DEPENDENCY_CHANGE } from "./queue/priority.ts";
import { providerReconciler } from "./resources/provider/reconcile.ts";
import { ProviderSessions } from "./resources/provider_sessions.ts";
import { Refusals } from "./resources/refusals.ts";

/** A running operator. */
export interface Operator {
  readonly metrics: Metrics;
  readonly metricsPort: number;
  /** Resolves when all kinds are known and the controllers work; rejects after two minutes. */
  readonly started: Promise<void>;
  /** Resolves when another replica may lead; nothing can be changed from then on. */
  readonly lost: Promise<void>;
  /** The objects of all six kinds, as they are known now. */
  objects(): readonly CustomResource[];
  /** Ends the work in hand within `deadlineMs`, and then everything else. */
  stop(deadlineMs?: number): Promise<void>;
}

/** A Provider that fails is never left alone for longer. */
const LONGEST_PROVIDER_BACKOFF_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;

/** Starts HTTP, then the informers, then the controllers; stops them in reverse. */
export function startOperator(options: OperatorOptions): Operator {
  const metrics = createMetrics(options);
  const connection = connect(options, metrics);
  const elector = candidate(options, { connection, metrics });
  const parts = assemble(options, { connection, metrics, elector });
  presetSeries(metrics, {
    host: connection.host,
    watched: parts.cluster.all.map(([kind]) => kind),
    hasLimiter: options.kubeRate !== undefined,
    leaseName: options.leaderElection?.leaseName,
  });
  const driven = wire(parts);
  const server = serve(parts, driven);
  const stop = new AbortController();
  const watching = parts.cluster.all.map(([, informer]) => informer.run(stop.signal));

  async function start(): Promise<void> {
    const settled = await untilSettled(parts.cluster, { clock: options.clock, stop: stop.signal });
    if (!settled) return;
    // A standby knows everything, and waits here.
    const elected = await elector?.acquire(stop.signal) ?? true;
    if (!elected || stop.signal.aborted) return;
    for (const { controller } of driven) controller.start();
    options.log.info("Controllers started", { version: options.version });
  }

  const starting = start();
  return {
    metrics,
    metricsPort: server.port,
    started: starting,
    lost: elector?.lost ?? new Promise(() => {}),
    objects: () => Object.values(parts.cluster.kinds).flatMap((informer) => [...informer.list()]),
    stop: async (deadlineMs = STOP_DEADLINE_MS) => {
      options.log.info("Stopping");
      await Promise.all(driven.map(({ controller }) => controller.stop(deadlineMs)));
      await parts.events.flush();
      stop.abort();
      await starting.catch(() => {});
      await elector?.release();
      await Promise.all(watching);
      parts.sessions.close();
      connection.close();
      await server.stop();
    },
  };
}

function wire(parts: Parts): readonly Driven[] {
  const { cluster, clock, metrics } = parts;
  const { Provider } = cluster.kinds;
  const lookup = lookupIn(cluster);
  const sessions = new ProviderSessions({
    ...parts,
    secret: (key) => cluster.secrets.get(key),
    defaultRate: parts.providerRate,
    defaultIamRate: parts.providerIamRate,
  });
  const countProbe = observeProbes(metrics);
  const refusals = new Refusals(clock, (provider) => {
    providers.queue.add(keyOf(provider), { priority: DEPENDENCY_CHANGE });
  });
  const providers: Driven = drive(parts, "Provider", {
    longestBackoffMs: LONGEST_PROVIDER_BACKOFF_MS,
    reconciler: providerReconciler({
      sessions,
      refusals,
      findDependents: dependentsIn(cluster),
      clock,
      probeIntervalMs: parts.probeIntervalMs,
      onProbe: ({ metadata }, connected) => countProbe(metadata.name, connected),
    }),
  });
  const shared = { parts, lookup, sessions, providers: providers.queue };
  const buckets = driveBuckets({ ...shared, refusals });

  // Secret → Provider → everything that refers to it, at once and without polling.
  wakeByOther(cluster.secrets, providers.queue, {
    keysOf: (secret) => Provider.by("bySecret", keyOf(secret)).map(keyOf),
  });
  for (const kind of REFERRING) {
    wakeByOther<CustomResource>(cluster.kinds[kind], providers.queue, {
      keysOf: (object) => dependentProviders(object, Provider),
      matters: ({ kind }) => kind !== "added",
    });
  }
  return [providers, buckets, ...driveIdentities(shared), ...drivePolicies(shared)];
}
