/**
 * The embedded Kubernetes API server: what kubectl and the operator need of a real one, in memory.
 *
 * Everything not supported is refused. There is no RBAC, no workload kind and no controller but those
 * for namespaces, definitions and garbage collection.
 */

import type { Clock } from "../../ops/clock.ts";
import { Background } from "./background.ts";
import { NAMESPACES } from "./builtin_types.ts";
import { DefinitionController } from "./definition_controller.ts";
import { Deletion } from "./deletion.ts";
import type { KubernetesFaults } from "./faults.ts";
import { Front } from "./front.ts";
import { GarbageCollector } from "./garbage_collector.ts";
import { NamespaceController } from "./namespace_controller.ts";
import { Registry } from "./registry.ts";
import type { RequestLog } from "./request_log.ts";
import { BoundedRequestLog } from "./request_log.ts";
import type { ResourceType } from "./resource_type.ts";
import { Store } from "./store.ts";
import { Watching } from "./watching.ts";
import { Writes } from "./writes.ts";

/** How to start the server. */
export interface SandboxKubernetesOptions {
  /** Port on 127.0.0.1. @default a free one */
  readonly port?: number;
  readonly clock: Clock;
  /** Time between bookmarks of a watch that asked for them. @default 60_000, as the real server */
  readonly bookmarkIntervalMs?: number;
  /** Changes kept for watches to resume from. @default 10_000 */
  readonly historySize?: number;
}

/** A running server. */
export interface SandboxKubernetes {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** A kubeconfig in YAML for plain kubectl, without credentials. */
  kubeconfig(): string;
  readonly faults: KubernetesFaults;
  readonly requests: RequestLog;
  /** Forgets the history: resuming at an older resourceVersion answers 410. */
  compact(): void;
  /**
   * Goes back to the state at an older resourceVersion and ends all watches, as when etcd was
   * restored from a backup: clients hold resourceVersions from the future. Definitions have to
   * be older than that.
   *
   * @throws RangeError when the history does not reach that far
   */
  restore(resourceVersion: string): void;
  /** Ends all watches and releases the port. */
  stop(): Promise<void>;
}

/** Requests that the log keeps. */
const LOGGED_REQUESTS = 20_000;

function kubeconfigFor(url: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: sandbox
  cluster:
    server: ${url}
users:
- name: sandbox
  user: {}
contexts:
- name: sandbox
  context:
    cluster: sandbox
    namespace: default
    user: sandbox
current-context: sandbox
`;
}

function createNamespaces(writes: Writes, type: ResourceType): void {
  for (const name of ["default", "kube-system"]) {
    writes.create({
      type,
      namespace: "",
      name: "",
      subresource: "",
      manager: "kube-apiserver",
      dryRun: false,
      fieldValidation: "Strict",
      warnings: [],
    }, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
}

/**
 * Starts the server on 127.0.0.1.
 *
 * @throws Deno.errors.AddrInUse when the wanted port is taken.
 */
export function startSandboxKubernetes(
  options: SandboxKubernetesOptions,
): Promise<SandboxKubernetes> {
  const { clock, port = 0, bookmarkIntervalMs = 60_000, historySize = 10_000 } = options;
  const store = new Store({ historySize });
  const registry = new Registry();
  const background = new Background();
  const deletion = new Deletion({ store, clock });
  const writes = new Writes({ store, clock });
  const watching = new Watching({ store, clock, bookmarkIntervalMs });
  const collector = new GarbageCollector({ store, deletion, background });
  new NamespaceController({ store, registry, deletion, background });
  new DefinitionController({ store, registry, deletion, background, watching, clock });
  const requests = new BoundedRequestLog({ capacity: LOGGED_REQUESTS });
  createNamespaces(writes, registry.find("", "v1", NAMESPACES) as ResourceType);

  const parts = {
    store,
    registry,
    deletion,
    writes,
    watching,
    collector,
    requests,
    clock,
  };
  const front = new Front({ parts, watching, clock, port });
  const url = `http://127.0.0.1:${front.port}`;
  return Promise.resolve({
    url,
    kubeconfig: () => kubeconfigFor(url),
    faults: front.faults,
    requests,
    compact: () => store.compact(),
    restore(resourceVersion) {
      store.restore(Number(resourceVersion));
      front.faults.cutWatches({ midLine: false });
    },
    stop: () => front.stop(),
  });
}
