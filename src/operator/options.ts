/**
 * What an operator is made of, and what its parts share.
 */
import type { LeaseDurations } from "../control/leader/record.ts";
import type { KubeClient } from "../kube/client.ts";
import type { ServerAccess } from "../kube/access.ts";
import type { Fetch } from "../kube/connection.ts";
import type { EventRecorder } from "../kube/event_recorder.ts";
import type { Clock, Random } from "../ops/clock.ts";
import type { Logger } from "../ops/log.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { Redactor } from "../ops/redact.ts";
import type { Rate } from "../ops/token_bucket.ts";
import type { KeyTiming } from "../resources/access_key/context.ts";
import type { Sessions } from "../wasabi/sessions.ts";
import type { Cluster } from "./cluster.ts";

/** Options of an operator. */
export interface OperatorOptions {
  readonly access: ServerAccess;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly version: string;
  /** Name of this process, such as the Pod's, for Events. */
  readonly instance: string;
  readonly namespaces: readonly string[];
  /** False where Roles alone give rights, so that namespaces cannot be watched. @default {true} */
  readonly watchesNamespaces?: boolean;
  /** Namespaces whose Secrets are watched. @default {namespaces} */
  readonly secretNamespaces?: readonly string[];
  readonly metricsPort: number;
  /** @default {"0.0.0.0"} */
  readonly metricsHostname?: string;
  readonly driftIntervalMs: number;
  readonly probeIntervalMs: number;
  readonly providerRate: Rate;
  /** Rate of IAM requests where the Provider names none. @default {providerRate} */
  readonly providerIamRate?: Rate | undefined;
  readonly kubeRate?: Rate | undefined;
  readonly workers: number;
  /** Limit for one request to the storage service. @default {30_000} */
  readonly providerTimeoutMs?: number;
  /** How long a replaced policy of a User is kept beside the new one. @default {90_000} */
  readonly policySettleMs?: number;
  /** Times of rotations that differ from the usual ones. */
  readonly keyTiming?: Partial<KeyTiming>;
  /** Without it, this process works at once and alone. */
  readonly leaderElection?: LeaderElectionOptions | undefined;
  readonly fetch?: Fetch;
}

/** How replicas choose the one that works. */
export interface LeaderElectionOptions {
  readonly leaseName: string;
  /** Namespace of the lease; where the process runs by default. */
  readonly leaseNamespace?: string | undefined;
  readonly durations: LeaseDurations;
}

/** The shared parts of a running operator. */
export interface Parts extends OperatorOptions {
  readonly cluster: Cluster;
  readonly client: KubeClient;
  readonly events: EventRecorder;
  readonly sessions: Sessions;
  readonly metrics: Metrics;
}
