/**
 * The chart on a real API server, with helm 3 and 4: what is rendered is accepted, and a release's
 * whole life leaves every object of the users where it is.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { kindNames } from "../../src/api/registry.ts";
import { aBucket, aProvider, aSecret } from "../support/builders.ts";
import { ClusterAdmin } from "../support/cluster_admin.ts";
import {
  type KubernetesEndpoint,
  kubernetesFromEnvironment,
  mustCall,
} from "../support/kubernetes_endpoint.ts";
import { predecessorChart } from "./predecessor_chart.ts";

const CHART = new URL("../../chart", import.meta.url).pathname;
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Values that change what is rendered. */
const VARIANTS: readonly (readonly string[])[] = [
  [],
  ["rbac.preset=namespaced"],
  ["rbac.preset=cluster", "operator.watchScope=namespaced"],
  ["rbac.preset=split", "operator.watchNamespaces={default}"],
  ["operator.watchScope=namespaced", "operator.watchNamespaces={default,kube-system}"],
  ["replicaCount=1", "leaderElection.enabled=false"],
  ["labels.team=storage", "podLabels.tier=platform", "annotations.note=x"],
  ["networkPolicy.enabled=true", "networkPolicy.egressPorts={443,9000}"],
  ["tracing.enabled=true", "tracing.endpoint=http://collector:4317"],
  ["serviceAccount.create=false", "serviceAccount.name=default", "rbac.create=false"],
  ["updateStrategy=Recreate", "priorityClassName=system-cluster-critical"],
  ["image.repository=registry.example/operator", `image.digest=sha256:${"0".repeat(64)}`],
  ["fullnameOverride=other", "service.type=NodePort", "operator.metricsPort=9090"],
];

async function run(command: string, args: readonly string[], input?: string): Promise<string> {
  const process = new Deno.Command(command, {
    args: [...args],
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  const told = `${command} ${args.join(" ")}: ${decoder.decode(stderr)}`;
  assertEquals(code, 0, told);
  return decoder.decode(stdout);
}

async function withCluster(
  name: string,
  test: (cluster: ClusterAdmin, endpoint: KubernetesEndpoint) => Promise<void>,
): Promise<void> {
  const endpoint = await kubernetesFromEnvironment();
  const cluster = new ClusterAdmin(endpoint, `${name}-${Date.now().toString(36)}`);
  try {
    await cluster.createNamespace();
    await test(cluster, endpoint);
  } finally {
    endpoint.client.close();
  }
}

/** Objects of users, which nobody but them may delete. */
async function declare(cluster: ClusterAdmin): Promise<readonly string[]> {
  await cluster.apply(
    aSecret("credentials", { "access-key": "a", "secret-key": "b" }),
    aProvider("provider", { endpoint: "http://127.0.0.1:9" }),
    aBucket("bucket", { name: cluster.namespace }),
  );
  return await uidsOf(cluster);
}

async function uidsOf(cluster: ClusterAdmin): Promise<readonly string[]> {
  const objects = await Promise.all([
    cluster.get("Secret", "credentials"),
    cluster.get("Provider", "provider"),
    cluster.get("Bucket", "bucket"),
  ]);
  return objects.map((object) => object?.metadata.uid);
}

async function definitionUids(endpoint: KubernetesEndpoint): Promise<readonly string[]> {
  const { items } = await mustCall(endpoint, { method: "GET", path: DEFINITIONS });
  return items
    .filter((item: { spec: { group: string } }) => item.spec.group === "s3.cloud37.dev")
    .map((item: { metadata: { uid: string } }) => item.metadata.uid);
}

/** Definitions of an earlier release or test belong to another owner, as helm sees it. */
const TAKE_OVER = "--take-ownership";

async function versionOf(helm: string): Promise<string> {
  return (await run(helm, ["version", "--short"])).trim();
}

for (const helm of ["helm", "helm4"]) {
  Deno.test(`${helm}: the API server accepts every variant that the chart can render`, () =>
    withCluster("variants", async (cluster, endpoint) => {
      const { gitVersion } = await mustCall(endpoint, { method: "GET", path: "/version" });
      assertStringIncludes(await versionOf(helm), helm === "helm4" ? "v4." : "v3.");
      await run(helm, ["lint", CHART, "--strict"]);
      for (const values of VARIANTS) {
        const sets = values.flatMap((value) => ["--set", value]);
        const rendered = await run(helm, [
          ...["template", "release", CHART, "--namespace", cluster.namespace, ...sets],
          ...["--kube-version", gitVersion],
        ]);
        const told = await run("kubectl", ["apply", "--dry-run=server", "-f", "-"], rendered);
        assert(told.includes("deployment.apps/"), told);
      }
    }));

  Deno.test(`${helm}: install, upgrade, rollback, uninstall and install again keep all objects`, () =>
    withCluster("life", async (cluster, endpoint) => {
      const here = ["--namespace", cluster.namespace];
      await run(helm, ["install", "operator", CHART, ...here, TAKE_OVER]);
      const definitions = await definitionUids(endpoint);
      assertEquals(definitions.length, kindNames.length);
      const objects = await declare(cluster);
      await run(helm, ["upgrade", "operator", CHART, ...here, "--set", "replicaCount=3"]);
      await run(helm, ["rollback", "operator", "1", ...here]);
      await run(helm, ["uninstall", "operator", ...here]);
      assertEquals(await definitionUids(endpoint), definitions);
      assertEquals(await uidsOf(cluster), objects);
      await run(helm, ["install", "operator", CHART, ...here, TAKE_OVER]);
      assertEquals(await definitionUids(endpoint), definitions);
      assertEquals(await uidsOf(cluster), objects);
      await run(helm, ["uninstall", "operator", ...here]);
    }));

  Deno.test(`${helm}: an upgrade from the predecessor's release deletes nothing and goes on watching all`, () =>
    withCluster("takeover", async (cluster, endpoint) => {
      const old = await predecessorChart();
      const here = ["--namespace", cluster.namespace];
      try {
        // As helm 3, with which the predecessor was installed, left its releases: an upgrade by
        // helm 4 goes on in that way.
        const asBefore = helm === "helm4" ? ["--server-side=false"] : [];
        await run(helm, [
          ...["install", "wasabi-s3-operator", old, ...here, TAKE_OVER, ...asBefore],
        ]);
        const definitions = await definitionUids(endpoint);
        const objects = await declare(cluster);
        await run(helm, [
          ...["upgrade", "wasabi-s3-operator", CHART, ...here, "--reuse-values"],
          ...["--set", "updateStrategy=Recreate,image.repository=wasabi-s3-operator,image.tag="],
        ]);
        assertEquals(await definitionUids(endpoint), definitions);
        assertEquals(await uidsOf(cluster), objects);
        const deployment = await mustCall(endpoint, {
          method: "GET",
          path: `/apis/apps/v1/namespaces/${cluster.namespace}/deployments/wasabi-s3-operator`,
        });
        const [container] = deployment.spec.template.spec.containers;
        const scope = container.env.find(({ name }: { name: string }) => name === "WATCH_SCOPE");
        assertEquals(scope.value, "cluster");
        assertEquals(deployment.spec.strategy.type, "Recreate");
        await run(helm, ["uninstall", "wasabi-s3-operator", ...here]);
        assertEquals(await uidsOf(cluster), objects);
      } finally {
        await Deno.remove(old, { recursive: true });
      }
    }));
}
