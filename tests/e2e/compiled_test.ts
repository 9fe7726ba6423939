/**
 * The compiled program, started as in a Pod: on a real API server by a ServiceAccount's files,
 * with a third-party S3 service.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bundle, compile, PROGRAM, readPermissionFlags } from "../../.ci/compile.ts";
import { ROOT } from "../../.ci/files.ts";
import { figuresOf } from "../bench/process_figures.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { freePort, runProgram, startProgram, untilReadyz } from "../process/program.ts";
import type { Theatre } from "../scenario/stage.ts";
import { aBucket, aProvider, aSecret } from "../support/builders.ts";
import { CloudAdmin } from "../support/cloud_admin.ts";
import { ClusterAdmin } from "../support/cluster_admin.ts";
import { variable } from "../support/environment.ts";
import { withRealServers } from "./real_servers.ts";

const COMPILED = { name: "compiled", path: ROOT + PROGRAM, args: [] } as const;

/** Time that Kubernetes gives a Pod by default, less a margin. */
const GRACE_MS = 25_000;

/** Onto the base that the environment names, or else onto one that is downloaded. */
async function compileProgram(): Promise<void> {
  await compile(await bundle());
}

/**
 * The base may be of an older Deno than the one that is shipped. 2.6.10 sends a request on a
 * connection that the service has announced to close (moto does, after HEAD); the operator's own
 * limit of 30 seconds for a request ends that, and the next try succeeds.
 */
const PATIENCE = { timeoutMs: 300_000 };

/** What Kubernetes sets and mounts in a Pod. */
async function podEnvironment(
  { kubernetes }: Theatre,
  directory: string,
): Promise<Readonly<Record<string, string>>> {
  const { hostname, port } = new URL(kubernetes.baseUrl);
  await Deno.writeTextFile(`${directory}/token`, variable("KUBERNETES_TOKEN"));
  await Deno.writeTextFile(`${directory}/namespace`, "default");
  await Deno.copyFile(variable("KUBERNETES_CA"), `${directory}/ca.crt`);
  return {
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    KUBERNETES_SERVICE_ACCOUNT_DIRECTORY: directory,
  };
}

/** One Bucket's life: made, Ready, deleted. */
async function liveThrough(cluster: ClusterAdmin, cloud: CloudAdmin): Promise<void> {
  const name = `${cluster.namespace}-bucket`;
  await cluster.apply(
    aSecret("credentials", cloud.secretData),
    aProvider("provider", { endpoint: cloud.endpoint.url }),
    aBucket("bucket", { name, deletionPolicy: "Delete", versioning: { enabled: true } }),
  );
  await cluster.untilCondition("Bucket", "bucket", { status: "True" }, PATIENCE);
  assertEquals(await cloud.versioning(name), "Enabled");
  await cluster.delete("Bucket", "bucket");
  await cluster.untilGone("Bucket", "bucket", PATIENCE);
  assertEquals(await cloud.exists(name), false);
  await cluster.delete("Provider", "provider");
  await cluster.untilGone("Provider", "provider", PATIENCE);
}

/** The result is what it took, for people. */
async function runInPod(theatre: Theatre, directory: string): Promise<string> {
  const cluster = new ClusterAdmin(theatre.kubernetes, `compiled-${Date.now().toString(36)}`);
  await cluster.createNamespace();
  const environment = await podEnvironment(theatre, directory);
  const port = freePort();
  const startedAt = performance.now();
  const program = startProgram(
    COMPILED,
    ["run", "--metrics-port", String(port), "--namespaces", cluster.namespace],
    { environment },
  );
  const cloud = new CloudAdmin(theatre.cloud);
  try {
    await untilReadyz(program, port);
    const startMs = performance.now() - startedAt;
    const idle = await figuresOf(program.pid);
    await liveThrough(cluster, cloud);
    const after = await figuresOf(program.pid);
    return `ready after ${startMs.toFixed(0)} ms, ` +
      `memory ${idle.rssMb.toFixed(0)} MB, after a Bucket ${after.rssMb.toFixed(0)} MB`;
  } finally {
    cloud.close();
    const { code, stdout, stderr } = await program.stop({ limitMs: GRACE_MS });
    assertEquals({ code, stderr }, { code: 0, stderr: "" }, stdout);
  }
}

Deno.test("the compiled program works in a Pod's way, and ends with 0 within its grace", async (t) => {
  await compileProgram();
  await t.step("it is the program, with its examples and without a prompt", async () => {
    assertStringIncludes((await readPermissionFlags()).join(" "), "--no-prompt");
    const folder = `.sandbox/compiled-${crypto.randomUUID()}`;
    try {
      const words = ["sandbox", "--once", "--folder", folder];
      const { code, stdout, stderr } = await runProgram(COMPILED, words);
      assertEquals({ code, stderr }, { code: 0, stderr: "" }, stdout);
    } finally {
      await Deno.remove(ROOT + folder, { recursive: true });
    }
  });
  let figures = "";
  await t.step("it makes a Bucket, deletes it, and ends", () =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      const directory = await Deno.makeTempDir();
      try {
        figures = await runInPod(theatre, directory);
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    }));
  const { size } = await Deno.stat(COMPILED.path);
  // In the name, because nothing else of a test is shown.
  await t.step(`it is a bundle on its base: ${(size / 1e6).toFixed(0)} MB, ${figures}`, () => {
    assert(size < 130e6);
  });
});
