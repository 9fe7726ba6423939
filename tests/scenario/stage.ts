/**
 * A stage: a cluster, a storage service and operators on them, embedded or real. A scenario
 * cannot tell which.
 */
import { type Operator, startOperator } from "../../src/operator.ts";
import type { OperatorOptions } from "../../src/operator/options.ts";
import type { ServerAccess } from "../../src/kube/access.ts";
import { systemClock, systemRandom } from "../../src/ops/clock.ts";
import { type Logger, silentLogger } from "../../src/ops/log.ts";
import { Redactor } from "../../src/ops/redact.ts";
import { aProvider, aSecret } from "../support/builders.ts";
import { CloudAdmin, type CloudEndpoint } from "../support/cloud_admin.ts";
import { ClusterAdmin } from "../support/cluster_admin.ts";
import { IamAdmin } from "../support/iam_admin.ts";
import type { KubernetesEndpoint } from "../support/kubernetes_endpoint.ts";

/** What a stage is built on. */
export interface Theatre {
  readonly kubernetes: KubernetesEndpoint;
  readonly cloud: CloudEndpoint;
  /** How the operator finds the API server. */
  readonly access: () => Promise<ServerAccess>;
  /** An address at which the service answers for another region, and nothing listens. */
  readonly closedUrl: string;
}

/** How an operator is started. */
export interface OperateOptions extends Partial<OperatorOptions> {
  /** False for a standby, which has started only when it leads. @default {true} */
  readonly untilStarted?: boolean;
}

/** One scenario's stage. */
export interface Stage {
  readonly cluster: ClusterAdmin;
  readonly cloud: CloudAdmin;
  /** The service's IAM; only for scenarios that are listed as needing one. */
  readonly iam: IamAdmin;
  readonly theatre: Theatre;
  /** A name of a bucket that no other scenario uses. */
  bucketName(suffix: string): string;
  /** Starts an operator that watches the scenario's namespaces. */
  operate(options?: OperateOptions): Promise<Operator>;
  /** A Secret with good credentials and a Provider named `provider` that uses it. */
  provide(spec?: Record<string, unknown>): Promise<void>;
}

/** A claim about the operator, and how to refute it. */
export interface Scenario {
  readonly claim: string;
  readonly run: (stage: Stage) => Promise<void>;
}

let nextStage = 0;

/** Plays one scenario in namespaces of its own, and stops every operator that it started. */
export async function play(theatre: Theatre, scenario: Scenario): Promise<void> {
  const stageName = `s${++nextStage}-${Date.now().toString(36)}`;
  const cluster = new ClusterAdmin(theatre.kubernetes, stageName);
  const cloud = new CloudAdmin(theatre.cloud);
  const iam = theatre.cloud.iamUrl === undefined ? undefined : new IamAdmin(theatre.cloud);
  const operators: Operator[] = [];
  await cluster.createNamespace();
  const stage: Stage = {
    cluster,
    cloud,
    get iam() {
      if (iam === undefined) throw new Error("Cannot use IAM: the service has none");
      return iam;
    },
    theatre,
    bucketName: (suffix) => `${stageName}-${suffix}`,
    operate: async ({ untilStarted = true, ...options } = {}) => {
      const operator = startOperator({
        ...await operatorOptions(theatre, [stageName, `${stageName}-other`]),
        ...options,
      });
      operators.push(operator);
      if (untilStarted) await operator.started;
      return operator;
    },
    provide: async (spec = {}) => {
      await cluster.apply(
        aSecret("credentials", cloud.secretData),
        aProvider("provider", { endpoint: theatre.cloud.url, ...iamOf(theatre), ...spec }),
      );
    },
  };
  try {
    await scenario.run(stage);
  } finally {
    await Promise.all(operators.map((operator) => operator.stop(5_000)));
    cloud.close();
    iam?.close();
  }
}

function iamOf({ cloud: { iamUrl } }: Theatre): Record<string, unknown> {
  return iamUrl === undefined ? {} : { iamEndpoint: iamUrl };
}

async function operatorOptions(
  theatre: Theatre,
  namespaces: readonly string[],
): Promise<OperatorOptions> {
  return {
    access: await theatre.access(),
    clock: systemClock,
    random: systemRandom,
    log: testLogger(),
    redactor: new Redactor(),
    version: "0.0.0-test",
    instance: "test",
    namespaces,
    metricsPort: 0,
    metricsHostname: "127.0.0.1",
    driftIntervalMs: 300_000,
    probeIntervalMs: 300_000,
    providerRate: { perSecond: 1000, burst: 1000 },
    workers: 4,
    providerTimeoutMs: 2_000,
  };
}

/** With TEST_LOG set, what the operator logs is shown. */
function testLogger(): Logger {
  if (!Deno.env.get("TEST_LOG")) return silentLogger;
  const logger: Logger = {
    debug: (...line) => console.log("debug", ...line),
    info: (...line) => console.log("info", ...line),
    warning: (...line) => console.log("warning", ...line),
    error: (...line) => console.log("error", ...line),
    with: () => logger,
  };
  return logger;
}
