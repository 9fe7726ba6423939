/**
 * Embedded servers, definitions, examples and the operator: everything that one sandbox is.
 */
import { type CustomResource, type Json } from "../api/common.ts";
import { customResourceDefinition } from "../api/crd.ts";
import { kindNames, kinds } from "../api/registry.ts";
import { readConfig } from "../config.ts";
import { plainAccess } from "../kube/access.ts";
import { KubeClient } from "../kube/client.ts";
import { KubeConnection } from "../kube/connection.ts";
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  NAMESPACES,
  type Resource,
  SECRETS,
} from "../kube/resource.ts";
import { systemClock, systemRandom } from "../ops/clock.ts";
import { startLog, stopLog } from "../ops/log.ts";
import { Redactor } from "../ops/redact.ts";
import { type Operator, startOperator } from "../operator.ts";
import { resourceOf } from "../operator/cluster.ts";
import { startSandboxIam } from "../sandbox/iam/server.ts";
import { startSandboxKubernetes } from "../sandbox/kubernetes/server.ts";
import { type SandboxS3, startSandboxS3 } from "../sandbox/s3/server.ts";
import type { Row } from "./sandbox_display.ts";
import { type ExampleObject, pointAtSandbox, readExamples, regionsOf } from "./sandbox_examples.ts";
import { VERSION } from "./version.ts";

/** A running sandbox. */
export interface Sandbox {
  /** What to try next, with lines to copy. */
  readonly instructions: string;
  /** Applies the examples, pointed at the embedded services. */
  applyExamples(): Promise<void>;
  /** The six kinds' objects as they are now. */
  rows(): readonly Row[];
  close(): Promise<void>;
}

const MANAGER = "sandbox";
const DEFAULT_REGION = "us-east-1";

/** Starts the servers and, on them, the operator: the same code path as `run`. */
export async function openSandbox(
  options: { readonly examples?: string; readonly folder: string },
): Promise<Sandbox> {
  const objects = await readExamples(options.examples ?? defaultExamples());
  const clock = systemClock;
  const kubernetes = await startSandboxKubernetes({ clock });
  const services = await startServices([DEFAULT_REGION, ...regionsOf(objects)]);
  const first = services.get(DEFAULT_REGION)!;
  const iam = await startSandboxIam({ directory: first.state.directory });
  await Deno.mkdir(options.folder, { recursive: true });
  const kubeconfig = `${options.folder}/kubeconfig`;
  await Deno.writeTextFile(kubeconfig, kubernetes.kubeconfig());

  const access = plainAccess(kubernetes.url);
  const connection = new KubeConnection({ access, clock, userAgent: MANAGER });
  const client = new KubeClient({ connection, clock, fieldManager: MANAGER });
  await installDefinitions(client);

  const operation = await operate(kubernetes.url, options.folder);
  const { operator } = operation;
  const target = { endpointOf, iamEndpoint: iam.url, ...first };

  return {
    instructions: instructionsFor({
      kubeconfig,
      services: [...services.values()],
      iamUrl: iam.url,
      metricsPort: operator.metricsPort,
    }),
    applyExamples: async () => {
      for (const object of objects) {
        // In order: a namespace must exist before its objects.
        // deno-lint-ignore no-await-in-loop
        await applyExample(client, pointAtSandbox(object, target));
      }
    },
    rows: () => operator.objects().map(rowOf),
    close: async () => {
      await operation.close();
      connection.close();
      await kubernetes.stop();
      await Promise.all([iam, ...services.values()].map((service) => service.stop()));
    },
  };

  function endpointOf(region: string): string {
    return services.get(region)?.url ?? first.url;
  }
}

/** Starts the operator with its log in a file: the terminal belongs to the table. */
async function operate(
  url: string,
  folder: string,
): Promise<{ readonly operator: Operator; close(): Promise<void> }> {
  const redactor = new Redactor();
  const options = { create: true, write: true, truncate: true };
  const logFile = await Deno.open(`${folder}/operator.log`, options);
  const encoder = new TextEncoder();
  const log = await startLog({
    level: "info",
    redactor,
    write: (line) => logFile.writeSync(encoder.encode(`${line}\n`)),
  });
  const operator = startOperator({
    ...readConfig({ API_SERVER: url, METRICS_PORT: "0" }, {}),
    access: plainAccess(url),
    clock: systemClock,
    random: systemRandom,
    log,
    redactor,
    version: VERSION,
    instance: MANAGER,
    metricsHostname: "127.0.0.1",
  });
  await operator.started;
  return {
    operator,
    close: async () => {
      await operator.stop();
      await stopLog();
      logFile.close();
    },
  };
}

/** One service a region, as Wasabi has it, and one key for all of them. */
async function startServices(regions: readonly string[]): Promise<Map<string, SandboxS3>> {
  const services = new Map<string, SandboxS3>();
  const [first = DEFAULT_REGION, ...others] = [...new Set(regions)];
  const service = await startSandboxS3({ clock: systemClock, region: first });
  services.set(first, service);
  const account = {
    accountId: "100000200001",
    accessKeyId: service.accessKeyId,
    secretAccessKey: service.secretAccessKey,
  };
  // One account: what IAM changes holds in every region.
  const shared = { clock: systemClock, accounts: [account], directory: service.state.directory };
  const started = await Promise.all(
    others.map((region) => startSandboxS3({ ...shared, region })),
  );
  others.forEach((region, index) => services.set(region, started[index]!));
  return services;
}

async function installDefinitions(client: KubeClient): Promise<void> {
  await Promise.all(kindNames.map((kind) => {
    const { metadata, spec } = customResourceDefinition(kind);
    const fields = { spec: spec as unknown as Json };
    return client.apply(CUSTOM_RESOURCE_DEFINITIONS, { name: metadata.name }, { fields });
  }));
}

async function applyExample(client: KubeClient, object: ExampleObject): Promise<void> {
  const { apiVersion: _version, kind, metadata, ...fields } = object;
  const name = { name: metadata.name, namespace: metadata.namespace };
  const content = { metadata: metadata as { readonly [key: string]: Json } };
  await client.apply(resourceFor(kind), name, {
    ...content,
    fields: fields as { readonly [key: string]: Json },
  });
}

function resourceFor(kind: string): Resource {
  if (kind === "Namespace") return NAMESPACES;
  if (kind === "Secret") return SECRETS;
  const known = kindNames.find((name) => name === kind);
  if (known === undefined) throw new Error(`Cannot apply example: kind "${kind}" is not known`);
  return resourceOf(known);
}

function rowOf(object: CustomResource): Row {
  const { spec, status } = object as CustomResource<
    { readonly name?: string; readonly endpoint?: string },
    {
      readonly bucketName?: string;
      readonly policyName?: string;
      readonly accessKeyId?: string;
      readonly conditions?: readonly {
        type: string;
        status: string;
        reason: string;
        message: string;
      }[];
    }
  >;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return {
    kind: object.kind,
    name: `${object.metadata.namespace}/${object.metadata.name}`,
    cloud: spec?.name ?? spec?.endpoint ?? status?.bucketName ?? status?.policyName ??
      status?.accessKeyId ?? "",
    ready: ready?.status ?? "",
    reason: ready?.reason ?? "",
    message: ready?.message ?? "",
  };
}

function instructionsFor(
  facts: {
    readonly kubeconfig: string;
    readonly services: readonly SandboxS3[];
    readonly iamUrl: string;
    readonly metricsPort: number;
  },
): string {
  const plurals = [kinds.Provider, kinds.Bucket].map(({ plural }) => plural).join(",");
  const [first] = facts.services;
  return [
    "Try next, in another terminal:",
    "",
    `  export KUBECONFIG=${facts.kubeconfig}`,
    `  kubectl get ${plurals} --all-namespaces`,
    "  kubectl describe bucket backups",
    "",
    `  export AWS_ACCESS_KEY_ID=${first?.accessKeyId} AWS_SECRET_ACCESS_KEY=${first?.secretAccessKey}`,
    ...facts.services.map(({ url, region }) =>
      `  aws --endpoint-url ${url} --region ${region} s3 ls`
    ),
    `  aws --endpoint-url ${facts.iamUrl} --region us-east-1 iam list-users`,
    "",
    `  curl http://127.0.0.1:${facts.metricsPort}/metrics`,
    "",
    "Ctrl+C ends it; nothing stays behind.",
    "",
  ].join("\n");
}

/** Beside the source, or included into the compiled program. */
function defaultExamples(): URL {
  return new URL("../../examples/", import.meta.url);
}
