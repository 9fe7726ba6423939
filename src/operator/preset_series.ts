/**
 * Sets every series to 0 whose labels are known before anything has happened.
 *
 * `rate()` and `increase()` see a series from its first sample on: one that begins with its first
 * event hides that event, and an alert on the first failure stays silent. What is named by the
 * cloud or by an object (hosts, operations, Providers) cannot be known, and begins late.
 */
import { type KindName, kindNames } from "../api/registry.ts";
import type { ControllerObserver } from "../control/controller.ts";
import type { EventResult } from "../kube/event_recorder.ts";
import type { Purpose } from "../kube/http_clients.ts";
import type { WatchEvent } from "../kube/watch_stream.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { CacheEvent } from "../ops/ttl_cache.ts";
import { allSettings } from "../resources/bucket/settings/all.ts";
import type { Api } from "../wasabi/calls.ts";
import { RESTART_CAUSES } from "../watch/reflector.ts";
import { RECONCILE_RESULTS } from "./observers.ts";

/** What the series of one process depend on. */
export interface PresetOptions {
  /** The API server, as its requests are labelled. */
  readonly host: string;
  /** Kinds that are watched. */
  readonly watched: readonly string[];
  /** Whether requests to the API server are limited by the client. */
  readonly hasLimiter: boolean;
  /** The lease, where replicas choose one that works. */
  readonly leaseName?: string | undefined;
}

/** A member left out of such a record does not compile, so that no series is forgotten. */
type All<Member extends string> = Readonly<Record<Member, 0>>;

const STATUS_RESULTS: All<Parameters<ControllerObserver["statusWritten"]>[0]> = {
  written: 0,
  unchanged: 0,
  gone: 0,
  failed: 0,
};
const EVENT_RESULTS: All<EventResult> = { created: 0, repeated: 0, dropped: 0, failed: 0 };
const CACHE_EVENTS: All<CacheEvent> = { hit: 0, miss: 0, eviction: 0 };
const WATCH_EVENTS: All<WatchEvent["type"]> = { ADDED: 0, MODIFIED: 0, DELETED: 0, BOOKMARK: 0 };
const APIS: All<Api> = { s3: 0, iam: 0 };

const DEAD = ["Timeout", "ConnectionFailed", "TrustChanged"];
const ROTATION_CAUSES: Readonly<Record<Purpose, readonly string[]>> = {
  watch: [...DEAD, "Idle", "Reset"],
  request: [...DEAD, "AnswerCutOff"],
  lease: DEAD,
};

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** Answers that are worth an alert; those of every day begin at the start by themselves. */
const FAILURE_CODES = ["401", "403", "429", "500", "503", "504", "<error>"];
/** Classes of the errors by which passes fail, as they are named in `error_type`. */
const PASS_ERRORS = ["KubeError", "ProviderError", "PassTimeoutError", "Error", "TypeError"];

/** Values of `resource_type` in the drift metric, by kind. */
const DRIFT_TYPES: Readonly<Partial<Record<KindName, readonly string[]>>> = {
  Bucket: allSettings.map(({ metric }) => metric),
  User: ["tags", "policy"],
  BucketPolicy: ["policy"],
  IAMPolicy: ["policy"],
};

/** Sets the series; to be called before anything is counted, since histograms begin anew. */
export function presetSeries(metrics: Metrics, options: PresetOptions): void {
  for (const kind of kindNames) {
    presetController(metrics, kind);
    presetQueue(metrics, kind.toLowerCase());
  }
  for (const kind of options.watched) presetWatch(metrics, kind);
  for (const method of METHODS) presetRequests(metrics, method, options);
  for (const [client, causes] of Object.entries(ROTATION_CAUSES)) {
    for (const cause of causes) metrics.connectionRotations.inc({ client, cause }, 0);
  }
  for (const result of Object.keys(EVENT_RESULTS)) metrics.events.inc({ result }, 0);
  for (const event of Object.keys(CACHE_EVENTS)) {
    metrics.cacheEvents.inc({ cache: "sessions", event }, 0);
  }
  for (const api of Object.keys(APIS)) {
    metrics.predecessor.rateLimitHits.inc({ api_type: api }, 0);
  }
  presetBuckets(metrics);
  if (options.leaseName !== undefined) metrics.leader.set({ name: options.leaseName }, 0);
}

function presetController(metrics: Metrics, kind: KindName): void {
  const controller = kind.toLowerCase();
  const { predecessor } = metrics;
  for (const result of RECONCILE_RESULTS) metrics.reconcileTotal.inc({ controller, result }, 0);
  metrics.reconcileErrors.inc({ controller }, 0);
  metrics.terminalErrors.inc({ controller }, 0);
  metrics.reconcilePanics.inc({ controller }, 0);
  metrics.reconcileTimeouts.inc({ controller }, 0);
  metrics.reconcileSeconds.zero({ controller });
  metrics.activeWorkers.inc({ controller }, 0);
  for (const result of Object.keys(STATUS_RESULTS)) metrics.statusWrites.inc({ kind, result }, 0);
  for (const result of ["started", "success", "failed"]) {
    predecessor.reconcile.inc({ kind, result }, 0);
  }
  predecessor.reconcileSeconds.zero({ kind });
  for (const status of ["ready", "not_ready"]) predecessor.resourceStatus.inc({ kind, status }, 0);
  for (const name of PASS_ERRORS) predecessor.errors.inc({ kind, error_type: name }, 0);
  for (const type of DRIFT_TYPES[kind] ?? []) {
    predecessor.driftDetected.inc({ kind, resource_type: type }, 0);
  }
}

function presetQueue(metrics: Metrics, name: string): void {
  const labels = { name, controller: name };
  metrics.queueAdds.inc(labels, 0);
  metrics.queueRetries.inc(labels, 0);
  metrics.queueSeconds.zero(labels);
  metrics.workSeconds.zero(labels);
}

function presetWatch(metrics: Metrics, kind: string): void {
  for (const type of Object.keys(WATCH_EVENTS)) metrics.watchEvents.inc({ kind, type }, 0);
  metrics.watchBytes.inc({ kind }, 0);
  for (const cause of RESTART_CAUSES) metrics.watchRestarts.inc({ kind, cause }, 0);
  metrics.watchBlocked.inc({ kind }, 0);
}

function presetRequests(
  metrics: Metrics,
  method: string,
  { host, hasLimiter }: PresetOptions,
): void {
  const labels = { verb: method, host };
  for (const code of FAILURE_CODES) metrics.kubeRequests.inc({ code, method, host }, 0);
  metrics.kubeRetries.inc({ code: "401", ...labels }, 0);
  metrics.kubeSeconds.zero(labels);
  metrics.kubeRequestBytes.zero(labels);
  metrics.kubeResponseBytes.zero(labels);
  if (hasLimiter) metrics.kubeLimiterSeconds.zero(labels);
}

function presetBuckets({ predecessor: { bucketOperations } }: Metrics): void {
  const updates = allSettings.map(({ metric }) => `update_${metric}`);
  for (const operation of ["create", "delete", ...updates]) {
    bucketOperations.inc({ operation, result: "success" }, 0);
  }
  bucketOperations.inc({ operation: "create", result: "failed" }, 0);
}
