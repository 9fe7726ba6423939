/**
 * The watched state of the cluster: one informer per kind, with its indexes.
 */
import { GROUP, type KubeObject, VERSION } from "../api/common.ts";
import { objectKey } from "../api/key.ts";
import { type KindName, type KindObjects, kinds } from "../api/registry.ts";
import type { KubeClient } from "../kube/client.ts";
import type { KubeConnection } from "../kube/connection.ts";
import { NAMESPACES, type Resource, SECRETS } from "../kube/resource.ts";
import type { Clock, Random } from "../ops/clock.ts";
import type { Logger } from "../ops/log.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { Dependents } from "../resources/provider/delete.ts";
import type { ReferenceLookup } from "../resources/reference.ts";
import { Informer, type InformerOptions } from "../watch/informer.ts";
import { indexes } from "./indexes.ts";
import { observeWatch } from "./observers.ts";

/** Options of {@link watchCluster}. */
export interface ClusterOptions {
  readonly connection: KubeConnection;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly namespaces: readonly string[];
  readonly watchesNamespaces?: boolean;
  readonly secretNamespaces?: readonly string[];
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Everything that is watched. */
export interface Cluster {
  readonly kinds: { readonly [Name in KindName]: Informer<KindObjects[Name]> };
  /** Metadata alone: bodies of Secrets are read when they are needed, and not kept. */
  readonly secrets: Informer<KubeObject>;
  /** Metadata of namespaces, for grants by label. */
  readonly namespaces: Informer<KubeObject>;
  /** All of the above. */
  readonly all: readonly (readonly [string, Informer<KubeObject>])[];
}

/** Address of a kind at the API server. */
export function resourceOf(kind: KindName): Resource {
  return { group: GROUP, version: VERSION, plural: kinds[kind].plural, kind };
}

/** Makes the informers; they watch once they are run. */
export function watchCluster(options: ClusterOptions): Cluster {
  function informer<T extends KubeObject>(
    resource: Resource,
    extra: Partial<Pick<InformerOptions<T>, "indexes" | "metadataOnly" | "namespaces">> = {},
  ): Informer<T> {
    const { metrics, log } = options;
    return new Informer<T>({
      ...options,
      resource,
      onObservation: observeWatch(metrics, resource.kind),
      onBlocked: (error) => {
        metrics.watchBlocked.set({ kind: resource.kind }, error === undefined ? 0 : 1);
        if (error !== undefined) log.warning("Watch is refused", { kind: resource.kind, error });
      },
      ...extra,
    });
  }
  function kind<Name extends KindName>(name: Name): Informer<KindObjects[Name]> {
    return informer<KindObjects[Name]>(resourceOf(name), { indexes: indexes[name] });
  }
  const byKind = {
    Provider: kind("Provider"),
    Bucket: kind("Bucket"),
    BucketPolicy: kind("BucketPolicy"),
    User: kind("User"),
    AccessKey: kind("AccessKey"),
    IAMPolicy: kind("IAMPolicy"),
  };
  const secrets = informer<KubeObject>(SECRETS, {
    metadataOnly: true,
    namespaces: options.secretNamespaces ?? options.namespaces,
  });
  const namespaces = informer<KubeObject>(NAMESPACES, { metadataOnly: true, namespaces: [] });
  const watched = [...Object.entries(byKind), ["Secret", secrets]] as const;
  const all = options.watchesNamespaces === false
    ? watched
    : [...watched, ["Namespace", namespaces] as const];
  return {
    kinds: byKind,
    secrets,
    namespaces,
    all: all as readonly (readonly [string, Informer<KubeObject>])[],
  };
}

/** Look-ups for references. */
export function lookupIn(cluster: Cluster): ReferenceLookup {
  return {
    provider: (key) => cluster.kinds.Provider.get(key),
    namespaceLabels: (namespace) =>
      cluster.namespaces.get(objectKey(undefined, namespace))?.metadata.labels,
  };
}

/** Kinds whose objects need a Provider. */
export const REFERRING = ["Bucket", "BucketPolicy", "User", "AccessKey", "IAMPolicy"] as const;

/** Objects that need a Provider, those being deleted included: they still need it. */
export function dependentsIn(cluster: Cluster): (provider: string) => Dependents {
  return (provider) => ({
    unseenKinds: REFERRING.filter((kind) => !cluster.kinds[kind].complete),
    objects: REFERRING.flatMap((kind): readonly KubeObject[] =>
      cluster.kinds[kind].by("byProvider", provider)
    ),
  });
}
