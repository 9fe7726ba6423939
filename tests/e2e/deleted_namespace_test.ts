/**
 * With Roles only, a deleted namespace takes away the right to clean up what is in it. What then
 * stays, and the way out that docs/troubleshooting.md tells.
 */
import { assert, assertEquals } from "@std/assert";
import type { ServerAccess } from "../../src/kube/access.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { play, type Stage } from "../scenario/stage.ts";
import { aBucket, aProvider, aSecret } from "../support/builders.ts";
import type { ClusterAdmin } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { call, mustCall } from "../support/kubernetes_endpoint.ts";
import {
  accountAccess,
  applyRoles,
  removeClusterRoles,
  renderRoles,
  stageAs,
  untilInForce,
} from "./chart_roles.ts";
import { NAMESPACED } from "./presets.ts";
import { withRealServers } from "./real_servers.ts";

/** A Provider, and a Bucket that goes with what is in it. */
async function declare(stage: Stage, cluster: ClusterAdmin, name: string): Promise<void> {
  await cluster.apply(
    aSecret("credentials", stage.cloud.secretData),
    aProvider("provider", { endpoint: stage.theatre.cloud.url }),
    aBucket("bucket", { name, deletionPolicy: "Delete", forceDelete: true }),
  );
  await cluster.untilCondition("Bucket", "bucket", { status: "True" });
}

/** Deletes a namespace whose Role goes first, as the order of a namespace's deletion may have it. */
async function deleteWithRole(
  { theatre: { kubernetes }, cluster: { namespace }, cluster }: Stage,
  access: ServerAccess,
): Promise<void> {
  const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`;
  await mustCall(kubernetes, { method: "DELETE", path: roles });
  const headers = { authorization: (await access.authorization())! };
  const path = `/apis/s3.cloud37.dev/v1alpha1/namespaces/${namespace}/buckets`;
  await eventually(async () => {
    const { status } = await call({ ...kubernetes, headers }, { method: "GET", path });
    assertEquals(status, 403);
  });
  await cluster.deleteNamespace();
}

Deno.test("what lost its Role with its namespace harms no other, and goes once a ClusterRole grants", () =>
  withRealServers(async (theatre) => {
    const { kubernetes } = theatre;
    await installDefinitions(kubernetes);
    await play(theatre, {
      claim: "a namespace with Roles only is deleted",
      run: async (stage) => {
        const { cluster, cloud, bucketName } = stage;
        const other = cluster.in(`${cluster.namespace}-other`);
        const release = cluster.in(`${cluster.namespace}-release`);
        await other.createNamespace();
        await release.createNamespace();
        const watched = [cluster.namespace, other.namespace];
        const values = [`operator.watchNamespaces={${watched.join(",")}}`];
        const roles = await renderRoles(release.namespace, [...values, "rbac.preset=namespaced"]);
        await applyRoles(kubernetes, roles);
        const access = await accountAccess(kubernetes, release.namespace);
        await untilInForce(kubernetes, roles, access);
        const options = NAMESPACED.options(watched);
        await stageAs(stage, { access, options }).operate();
        await declare(stage, cluster, bucketName("lost"));
        await deleteWithRole(stage, access);

        await declare(stage, other, bucketName("other"));
        await other.delete("Bucket", "bucket");
        await other.untilGone("Bucket", "bucket");
        assert((await cluster.get("Bucket", "bucket")).metadata.finalizers.length > 0);

        const granted = await renderRoles(release.namespace, [...values, "rbac.preset=cluster"]);
        await applyRoles(kubernetes, granted);
        try {
          await cluster.untilNamespaceGone({ timeoutMs: 120_000 });
          assertEquals(await cloud.exists(bucketName("lost")), false);
        } finally {
          await removeClusterRoles(kubernetes, granted);
        }
      },
    });
  }));
