/**
 * The objects that autoManage stands for: how they are found and written, and which of their
 * changes wake their Bucket.
 */
import { API_VERSION, type CustomResource } from "../api/common.ts";
import { type ObjectKey, objectKey } from "../api/key.ts";
import { findCondition } from "../control/conditions.ts";
import { conditionsOf } from "../control/status.ts";
import type { KubeClient } from "../kube/client.ts";
import type { ChildStore } from "../resources/bucket/auto_manage/keep.ts";
import type { Change } from "../watch/store.ts";
import { type Cluster, resourceOf } from "./cluster.ts";

/** Children in the watched state of the cluster. */
export function childStoreIn(
  { cluster, client }: { readonly cluster: Cluster; readonly client: KubeClient },
): ChildStore {
  return {
    find: (kind, { namespace, name }) => cluster.kinds[kind].get(objectKey(namespace, name)),
    create: (kind, namespace, body) => client.create(resourceOf(kind), namespace, body),
    apply: async (kind, name, spec) => {
      await client.apply(resourceOf(kind), name, { fields: { spec } });
    },
  };
}

/** The Bucket that an object belongs to. */
export function owningBucket({ metadata }: CustomResource): readonly ObjectKey[] {
  return (metadata.ownerReferences ?? [])
    .filter(({ kind, apiVersion }) => kind === "Bucket" && apiVersion === API_VERSION)
    .map(({ name }) => objectKey(metadata.namespace, name));
}

/** False for changes that do not alter what a Bucket says about the object. */
export function changesChild(change: Change<CustomResource>): boolean {
  if (change.kind !== "updated") return true;
  const { before, object } = change;
  return before.metadata.generation !== object.metadata.generation ||
    readinessOf(before) !== readinessOf(object);
}

function readinessOf(object: CustomResource): string {
  const ready = findCondition(conditionsOf(object), "Ready");
  return `${ready?.status} ${ready?.reason} ${ready?.observedGeneration}`;
}
