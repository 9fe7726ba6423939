/**
 * Flags and environment → one frozen configuration; all faults are reported at once.
 *
 * A flag goes before its variable. The predecessor's variables keep their names (seed-spec §6.1).
 */
import { z } from "zod";
import { faultOf, type LeaseDurations } from "./control/leader/record.ts";
import type { LogLevel } from "./ops/log.ts";
import type { Rate } from "./ops/token_bucket.ts";

/** The configuration of the operator. */
export interface Config {
  /** Where the API server is found. */
  readonly server:
    | {
      readonly kind: "inCluster";
      readonly host: string;
      readonly port: string;
      readonly directory?: string;
    }
    | { readonly kind: "kubeconfig"; readonly path?: string; readonly context?: string }
    | { readonly kind: "url"; readonly url: string };
  /** Namespaces to watch; empty means all. */
  readonly namespaces: readonly string[];
  /** Whether namespaces themselves may be watched, for grants by label. */
  readonly watchScope: "cluster" | "namespaced";
  /** Namespaces whose Secrets are watched; as `namespaces` when empty. */
  readonly secretNamespaces: readonly string[];
  readonly metricsPort: number;
  readonly logLevel: LogLevel;
  readonly driftIntervalMs: number;
  readonly probeIntervalMs: number;
  /** Requests to one account and service, where the Provider names no limit. */
  readonly providerRate: Rate;
  /** The same for IAM, whose services throttle sooner; as `providerRate` when absent. */
  readonly providerIamRate?: Rate;
  /** Requests to the API server; unlimited when absent. */
  readonly kubeRate?: Rate;
  /** Objects of one kind that are worked on at the same time. */
  readonly workers: number;
  /** Absent where this process works alone. */
  readonly leaderElection?: {
    readonly leaseName: string;
    readonly leaseNamespace?: string;
    readonly durations: LeaseDurations;
  };
}

/** The configuration cannot be used; the message lists every fault, one a line. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Values as they come from flags or variables. */
export type RawConfig = Readonly<Record<string, string | undefined>>;

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: "debug",
  info: "info",
  warning: "warning",
  warn: "warning",
  error: "error",
  critical: "error",
};

function number(
  bounds: {
    readonly min: number;
    readonly max: number;
    readonly fallback?: number;
    readonly whole?: true;
  },
) {
  const pattern = bounds.whole ? /^[0-9]+$/ : /^[0-9]+(\.[0-9]+)?$/;
  const fault = bounds.whole ? "must be a whole number" : "must be a number";
  const schema = z.string().trim().regex(pattern, fault)
    .transform(Number).pipe(z.number().min(bounds.min).max(bounds.max));
  return bounds.fallback === undefined ? schema.optional() : schema.default(bounds.fallback);
}

const LEASE_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Every variable with its bounds, default and meaning; docs/configuration.md is made from it. */
export const environmentSchema = z.object({
  METRICS_PORT: number({ min: 0, max: 65_535, fallback: 8080, whole: true })
    .describe("Port of /metrics, /healthz and /readyz."),
  LOG_LEVEL: z.string().trim().toLowerCase()
    .refine((level) => level in LEVELS, "must be one of debug, info, warning, error")
    .default("info").describe("Least important level that is logged: debug, info, warning, error."),
  WATCH_NAMESPACES: z.string().default("")
    .describe("Namespaces to watch, separated by commas; empty means all."),
  WATCH_SCOPE: z.enum(["cluster", "namespaced"], "must be cluster or namespaced")
    .default("cluster")
    .describe(
      "cluster: rights on all namespaces. namespaced: Roles only, so that namespaces themselves " +
        "are not watched; without WATCH_NAMESPACES the own namespace is.",
    ),
  SECRET_NAMESPACES: z.string().default("")
    .describe("Namespaces whose Secrets are watched, where these are fewer; default: as above."),
  DRIFT_CHECK_INTERVAL_SECONDS: number({ min: 1, max: 86_400, fallback: 300 })
    .describe("Seconds between two comparisons of a Bucket with the cloud."),
  PROBE_INTERVAL_SECONDS: number({ min: 1, max: 86_400, fallback: 300 })
    .describe("Seconds between two tries of a Provider's credentials."),
  WASABI_RATE_LIMIT_PER_SECOND: number({ min: 0.1, max: 100_000, fallback: 50 })
    .describe("Requests a second to one account, where the Provider sets no limit."),
  WASABI_RATE_LIMIT_BURST: number({ min: 1, max: 100_000, whole: true })
    .describe("Requests at once to one account; default: twice the rate."),
  WASABI_IAM_RATE_LIMIT_PER_SECOND: number({ min: 0.1, max: 100_000 })
    .describe("The same for IAM requests alone; default: WASABI_RATE_LIMIT_PER_SECOND."),
  WASABI_IAM_RATE_LIMIT_BURST: number({ min: 1, max: 100_000, whole: true })
    .describe("IAM requests at once to one account; default: twice the rate."),
  K8S_RATE_LIMIT_PER_SECOND: number({ min: 0.1, max: 100_000 })
    .describe("Requests a second to the API server; default: no limit but the server's own."),
  WORKERS: number({ min: 1, max: 64, fallback: 4, whole: true })
    .describe("Objects of one kind that are worked on at the same time."),
  LEADER_ELECTION: z.enum(["auto", "true", "false"], "must be auto, true or false")
    .default("auto")
    .describe("Whether replicas choose one that works; auto: yes inside a cluster, else no."),
  LEASE_NAME: z.string().trim().regex(
    LEASE_NAME,
    "must be a name of lower case letters, digits, dots and hyphens",
  )
    .default("wasabi-s3-operator")
    .describe("Lease by which replicas choose; one for each installation."),
  LEASE_NAMESPACE: z.string().trim().optional()
    .describe("Namespace of the lease; default: where the process runs."),
  LEASE_DURATION_SECONDS: number({ min: 1, max: 3600, fallback: 15 })
    .describe("Seconds that a standby waits after the last renewal that it saw."),
  LEASE_RENEW_DEADLINE_SECONDS: number({ min: 1, max: 3600, fallback: 10 })
    .describe("Seconds for which the leader tries to renew before it gives up."),
  LEASE_RETRY_PERIOD_SECONDS: number({ min: 0.1, max: 600, fallback: 2 })
    .describe("Seconds between two tries to take or renew the lease."),
  K8S_CACHE_TTL_SECONDS: number({ min: 0, max: 86_400 })
    .describe("Accepted from the predecessor; there is no cache on top of the watches."),
  USER_READINESS_TIMEOUT_SECONDS: number({ min: 0, max: 86_400 })
    .describe("Accepted from the predecessor; no worker waits for another object."),
  KUBECONFIG: z.string().optional()
    .describe("kubeconfig to use outside a cluster; default: as kubectl finds it."),
  CONTEXT: z.string().optional()
    .describe("Context of the kubeconfig, instead of its current one."),
  API_SERVER: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional()
    .describe("API server to use without credentials, such as kubectl proxy."),
  KUBERNETES_SERVICE_HOST: z.string().optional()
    .describe("Set by Kubernetes in each Pod; then the Pod's ServiceAccount is used."),
  KUBERNETES_SERVICE_PORT: z.string().default("443")
    .describe("Set by Kubernetes in each Pod."),
  KUBERNETES_SERVICE_ACCOUNT_DIRECTORY: z.string().optional()
    .describe("Folder of the ServiceAccount's files; default: where Kubernetes mounts it."),
});

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Validates flags and variables together.
 *
 * @param flags by variable name; a present one hides the variable
 * @throws ConfigError listing every fault
 */
export function readConfig(flags: RawConfig, environment: RawConfig): Config {
  const given = (source: RawConfig) =>
    Object.fromEntries(
      Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
    );
  const result = environmentSchema.safeParse({ ...given(environment), ...given(flags) });
  const faults = result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  const source = { ...given(environment), ...given(flags) };
  const names = namesIn("WATCH_NAMESPACES", source, faults);
  const secretNames = namesIn("SECRET_NAMESPACES", source, faults);
  if (!result.success || faults.length > 0) {
    throw new ConfigError(`Cannot use configuration:\n  ${faults.join("\n  ")}`);
  }
  const values = result.data;
  const durations = durationsOf(values);
  const misfit = faultOf(durations);
  if (misfit !== undefined) {
    throw new ConfigError(`Cannot use configuration:\n  LEASE_DURATION_SECONDS: ${misfit}`);
  }
  const server = serverOf(values, flags);
  const kubeRate = values.K8S_RATE_LIMIT_PER_SECOND;
  const iamRate = iamRateOf(values);
  return Object.freeze({
    server,
    namespaces: names,
    watchScope: values.WATCH_SCOPE!,
    secretNamespaces: secretNames,
    metricsPort: values.METRICS_PORT!,
    logLevel: LEVELS[values.LOG_LEVEL]!,
    driftIntervalMs: values.DRIFT_CHECK_INTERVAL_SECONDS! * 1000,
    probeIntervalMs: values.PROBE_INTERVAL_SECONDS! * 1000,
    providerRate: rateOf(values.WASABI_RATE_LIMIT_PER_SECOND!, values.WASABI_RATE_LIMIT_BURST),
    ...(iamRate === undefined ? {} : { providerIamRate: iamRate }),
    ...(kubeRate === undefined ? {} : { kubeRate: rateOf(kubeRate, undefined) }),
    workers: values.WORKERS!,
    ...(elects(values.LEADER_ELECTION!, server)
      ? {
        leaderElection: {
          leaseName: values.LEASE_NAME!,
          ...(values.LEASE_NAMESPACE ? { leaseNamespace: values.LEASE_NAMESPACE } : {}),
          durations,
        },
      }
      : {}),
  });
}

/** The namespaces that a variable names; what is none is added to the faults. */
function namesIn(variable: string, source: RawConfig, faults: string[]): readonly string[] {
  const names = (source[variable] ?? "").split(",").map((name) => name.trim())
    .filter((name) => name !== "");
  for (const name of names) {
    if (!NAMESPACE.test(name)) faults.push(`${variable}: "${name}" is no namespace name`);
  }
  return [...new Set(names)];
}

/** Outside a cluster nobody else is expected, and a lease would only delay the next start. */
function elects(wish: "auto" | "true" | "false", server: Config["server"]): boolean {
  return wish === "auto" ? server.kind === "inCluster" : wish === "true";
}

function durationsOf(values: z.output<typeof environmentSchema>): LeaseDurations {
  return {
    leaseMs: values.LEASE_DURATION_SECONDS! * 1000,
    renewDeadlineMs: values.LEASE_RENEW_DEADLINE_SECONDS! * 1000,
    retryMs: values.LEASE_RETRY_PERIOD_SECONDS! * 1000,
  };
}

/** A flag decides; then a Pod's own variables; then the kubeconfig, as kubectl finds it. */
function serverOf(
  values: z.output<typeof environmentSchema>,
  flags: RawConfig,
): Config["server"] {
  if (values.API_SERVER !== undefined) return { kind: "url", url: values.API_SERVER };
  const host = values.KUBERNETES_SERVICE_HOST;
  const asked = flags["KUBECONFIG"] !== undefined || flags["CONTEXT"] !== undefined;
  if (host !== undefined && !asked) {
    const directory = values.KUBERNETES_SERVICE_ACCOUNT_DIRECTORY;
    const server = { kind: "inCluster", host, port: values.KUBERNETES_SERVICE_PORT } as const;
    return directory === undefined ? server : { ...server, directory };
  }
  return {
    kind: "kubeconfig",
    ...(flags["KUBECONFIG"] === undefined ? {} : { path: flags["KUBECONFIG"] }),
    ...(values.CONTEXT === undefined ? {} : { context: values.CONTEXT }),
  };
}

/** Absent unless a variable speaks of IAM: then a Provider's IAM requests go by the one of S3. */
function iamRateOf(values: z.output<typeof environmentSchema>): Rate | undefined {
  const perSecond = values.WASABI_IAM_RATE_LIMIT_PER_SECOND;
  const burst = values.WASABI_IAM_RATE_LIMIT_BURST;
  if (perSecond === undefined && burst === undefined) return undefined;
  return rateOf(perSecond ?? values.WASABI_RATE_LIMIT_PER_SECOND!, burst);
}

function rateOf(perSecond: number, burst: number | undefined): Rate {
  return { perSecond, burst: burst ?? Math.max(1, Math.ceil(perSecond * 2)) };
}
