/**
 * The hands of a person with kubectl: applies, reads, waits, deletes.
 */
import type { Json } from "../../src/api/common.ts";
import { kinds } from "../../src/api/registry.ts";
import { assertEquals } from "@std/assert";
import type { TestObject } from "./builders.ts";
import { eventually, type EventuallyOptions } from "./eventually.ts";
import { type Answer, call, type KubernetesEndpoint, mustCall } from "./kubernetes_endpoint.ts";

/** One namespace of a cluster, with the rights of its administrator. */
export class ClusterAdmin {
  readonly #endpoint: KubernetesEndpoint;
  readonly namespace: string;

  constructor(endpoint: KubernetesEndpoint, namespace: string) {
    this.#endpoint = endpoint;
    this.namespace = namespace;
  }

  /** The same hands in another namespace. */
  in(namespace: string): ClusterAdmin {
    return new ClusterAdmin(this.#endpoint, namespace);
  }

  /** Makes the namespace unless it is there. */
  async createNamespace(labels: Readonly<Record<string, string>> = {}): Promise<void> {
    const metadata = { name: this.namespace, labels };
    const body = { apiVersion: "v1", kind: "Namespace", metadata };
    const answer = await call(this.#endpoint, { method: "POST", path: "/api/v1/namespaces", body });
    assertEquals([201, 409].includes(answer.status), true, JSON.stringify(answer.body));
  }

  /** Deletes the namespace with everything in it. */
  async deleteNamespace(): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}`;
    await mustCall(this.#endpoint, { method: "DELETE", path });
  }

  /** Waits until the namespace is gone. */
  async untilNamespaceGone(options?: EventuallyOptions): Promise<void> {
    await eventually(async () => {
      const path = `/api/v1/namespaces/${this.namespace}`;
      const answer = await call(this.#endpoint, { method: "GET", path });
      assertEquals(answer.status, 404, JSON.stringify(answer.body?.status));
    }, options);
  }

  /** Server-side apply of objects, as `kubectl apply --server-side` does it. */
  async apply(...objects: readonly TestObject[]): Promise<void> {
    for (const object of objects) {
      await mustCall(this.#endpoint, {
        method: "PATCH",
        path: `${this.#path(object.kind, object.metadata.name)}?fieldManager=admin&force=true`,
        contentType: "application/apply-patch+yaml",
        body: object,
      });
    }
  }

  /** Creates an object; the answer may be a refusal. */
  create(object: TestObject): Promise<Answer> {
    return call(this.#endpoint, { method: "POST", path: this.#path(object.kind), body: object });
  }

  /** Changes an object by a merge patch. */
  async patch(kind: string, name: string, body: Json): Promise<void> {
    await mustCall(this.#endpoint, { method: "PATCH", path: this.#path(kind, name), body });
  }

  /** Changes the status of an object by a merge patch, as no user but another controller would. */
  async patchStatus(kind: string, name: string, body: Json): Promise<void> {
    const path = `${this.#path(kind, name)}/status`;
    await mustCall(this.#endpoint, { method: "PATCH", path, body });
  }

  /** Reads an object; undefined when it does not exist. */
  async get(kind: string, name: string): Promise<TestObject | undefined> {
    const answer = await call(this.#endpoint, { method: "GET", path: this.#path(kind, name) });
    if (answer.status === 404) return undefined;
    assertEquals(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  }

  /** Lists the objects of a kind. */
  async list(kind: string): Promise<readonly TestObject[]> {
    return (await mustCall(this.#endpoint, { method: "GET", path: this.#path(kind) })).items;
  }

  /** Deletes an object; its finalizers may keep it. */
  async delete(kind: string, name: string): Promise<void> {
    await mustCall(this.#endpoint, { method: "DELETE", path: this.#path(kind, name) });
  }

  /** Waits until a condition has a status, and a reason if one is named. */
  async untilCondition(
    kind: string,
    name: string,
    wanted: { readonly type?: string; readonly status: string; readonly reason?: string },
    options?: EventuallyOptions,
  ): Promise<TestObject> {
    const type = wanted.type ?? "Ready";
    return await eventually(async () => {
      const object = await this.get(kind, name);
      const condition = conditionOf(object, type);
      const current = condition?.observedGeneration === object?.metadata.generation;
      const found = { status: condition?.status, reason: condition?.reason, current };
      const reason = wanted.reason ?? condition?.reason;
      assertEquals(
        found,
        { status: wanted.status, reason, current: true },
        `${kind} ${name}: ${JSON.stringify(object?.status)}`,
      );
      return object;
    }, options);
  }

  /** Waits until an object is gone. */
  async untilGone(kind: string, name: string, options?: EventuallyOptions): Promise<void> {
    await eventually(async () => {
      const object = await this.get(kind, name);
      assertEquals(object === undefined, true, `still there: ${JSON.stringify(object?.status)}`);
    }, options);
  }

  #path(kind: string, name?: string): string {
    const builtIn = BUILT_IN[kind];
    const collection = builtIn === undefined
      ? `/apis/s3.cloud37.dev/v1alpha1/namespaces/${this.namespace}/${pluralOf(kind)}`
      : `${builtIn.root}/namespaces/${this.namespace}/${builtIn.plural}`;
    return name === undefined ? collection : `${collection}/${name}`;
  }
}

const BUILT_IN: Readonly<Record<string, { readonly root: string; readonly plural: string }>> = {
  Secret: { root: "/api/v1", plural: "secrets" },
  Event: { root: "/apis/events.k8s.io/v1", plural: "events" },
};

function pluralOf(kind: string): string {
  const definition = kinds[kind as keyof typeof kinds];
  if (definition === undefined) throw new RangeError(`Cannot find kind: received "${kind}"`);
  return definition.plural;
}

/** The condition of a type, as the object has it. */
export function conditionOf(object: TestObject | undefined, type: string): TestObject | undefined {
  return object?.status?.conditions?.find((condition: TestObject) => condition.type === type);
}
