/**
 * Command `run` as a process, with the permissions of the task `run` and no others.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Embedded, withEmbedded } from "../scenario/embedded.ts";
import { aBucket, aProvider, aSecret } from "../support/builders.ts";
import { ClusterAdmin, conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { type Ending, freePort, programFromSource, startProgram, untilReadyz } from "./program.ts";

const NAMESPACE = "process";
const BUCKETS = 40;

/** Starts the operator, and ends it whatever happens; the result is how it ended. */
async function withOperator(
  words: readonly string[],
  use: (port: number) => Promise<unknown>,
): Promise<Ending> {
  const port = freePort();
  const operator = startProgram(
    await programFromSource(),
    ["run", "--metrics-port", String(port), "--log-level", "debug", ...words],
    // So that the test does not wait for the account's budget.
    { environment: { WASABI_RATE_LIMIT_PER_SECOND: "1000" } },
  );
  try {
    await untilReadyz(operator, port);
    await use(port);
  } finally {
    await operator.stop();
  }
  return await operator.ending();
}

async function provide({ theatre }: Embedded, secretKey: string): Promise<ClusterAdmin> {
  const admin = new ClusterAdmin(theatre.kubernetes, NAMESPACE);
  await admin.createNamespace();
  await admin.apply(
    aSecret("credentials", {
      "access-key": theatre.cloud.accessKeyId,
      "secret-key": secretKey,
    }),
    aProvider("provider", { endpoint: theatre.cloud.url }),
  );
  return admin;
}

function logLines(stdout: string): readonly Record<string, unknown>[] {
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

Deno.test("SIGTERM in the middle of work ends the passes in hand and exits with 0", async () => {
  await withEmbedded(async (embedded) => {
    const { kubernetes, s3, theatre } = embedded;
    const admin = await provide(embedded, theatre.cloud.secretAccessKey);
    const ending = await withOperator(["--api-server", kubernetes.url], async () => {
      await admin.untilCondition("Provider", "provider", { status: "True" });
      s3.faults.inject({ times: Infinity, effect: { kind: "latency", ms: 50 } });
      for (let index = 0; index < BUCKETS; index++) {
        await admin.apply(aBucket(`bucket-${index}`, {
          name: `process-bucket-${index}`,
          versioning: { enabled: true },
        }));
      }
      await eventually(() => assert(s3.requests.of("PutBucketVersioning").length > 0));
    });
    s3.faults.clear();

    assertEquals({ code: ending.code, stderr: ending.stderr }, { code: 0, stderr: "" });
    const objects = await admin.list("Bucket");
    const ready = objects
      .filter((object) => conditionOf(object, "Ready")?.status === "True")
      .map(({ spec }) => spec.name as string).sort();
    assert(ready.length > 0, "no pass was ended");
    assert(ready.length < BUCKETS, "nothing was left to do");
    // Whatever was begun was ended and reported: nothing is left half-made.
    assertEquals([...s3.state.buckets.keys()].sort(), ready);
  });
});

Deno.test("each log line is JSON, and no output holds a value of a Secret", async () => {
  await withEmbedded(async (embedded) => {
    const { kubernetes, s3, theatre } = embedded;
    const wrong = "wrong-secret-key-of-forty-characters-000";
    const right = theatre.cloud.secretAccessKey;
    const admin = await provide(embedded, wrong);
    const { stdout, stderr } = await withOperator(["--api-server", kubernetes.url], async () => {
      await admin.untilCondition("Provider", "provider", { status: "False" });
      await provide(embedded, right);
      await admin.untilCondition("Provider", "provider", { status: "True" });
      s3.faults.inject({
        match: { operation: "CreateBucket" },
        effect: { kind: "error", status: 500, code: "InternalError", message: `Not with ${right}` },
      });
      await admin.apply(aBucket("bucket", { name: "process-bucket" }));
      await admin.untilCondition("Bucket", "bucket", { status: "True" });
    });
    const messages = logLines(stdout).map(({ message }) => message);
    assert(messages.includes("Pass failed"), stdout);
    assertStringIncludes(stdout, "Not with [redacted]");
    const seen = [wrong, right, theatre.cloud.accessKeyId]
      .filter((value) => `${stdout}${stderr}`.includes(value));
    assertEquals(seen, [], `${stdout}${stderr}`);
  });
});

Deno.test("the process figures need no permission beyond those of the task run", async () => {
  await withEmbedded(async ({ kubernetes }) => {
    await withOperator(["--api-server", kubernetes.url], async (port) => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes"]) {
        const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
        assert(Number(value) > 0, `${name}: ${value}`);
      }
    });
  });
});

Deno.test("--context chooses among the contexts of a kubeconfig", async () => {
  await withEmbedded(async (embedded) => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/kubeconfig`;
      await Deno.writeTextFile(path, twoContexts(embedded.kubernetes.kubeconfig()));
      const admin = await provide(embedded, embedded.theatre.cloud.secretAccessKey);
      const { code, stdout } = await withOperator(
        ["--kubeconfig", path, "--context", "sandbox"],
        () => admin.untilCondition("Provider", "provider", { status: "True" }),
      );
      assertEquals(code, 0);
      assertStringIncludes(stdout, "Stopping");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});

/** The current context of the result is another, of a server that is not there. */
function twoContexts(kubeconfig: string): string {
  return kubeconfig
    .replace("clusters:\n", "clusters:\n- name: gone\n  cluster:\n    server: http://127.0.0.1:9\n")
    .replace(
      "contexts:\n",
      "contexts:\n- name: gone\n  context:\n    cluster: gone\n    user: sandbox\n",
    )
    .replace("current-context: sandbox", "current-context: gone");
}
