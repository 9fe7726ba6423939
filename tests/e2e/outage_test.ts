/**
 * A real API server that is killed and started again: the operator goes on without a restart.
 */
import { assert } from "@std/assert";
import { installDefinitions } from "../conformance/crd_server.ts";
import { countWrites } from "../scenario/counts.ts";
import { play } from "../scenario/stage.ts";
import { aBucket } from "../support/builders.ts";
import { variable } from "../support/environment.ts";
import { eventually } from "../support/eventually.ts";
import { withRealServers } from "./real_servers.ts";

const PATIENCE = { timeoutMs: 120_000 };

Deno.test("a killed and restarted API server is found again, and nothing is made twice", () =>
  withRealServers(async (theatre) => {
    await installDefinitions(theatre.kubernetes);
    await play(theatre, {
      claim: "outage",
      run: async ({ cluster, cloud, operate, provide, bucketName }) => {
        const operator = await operate({ driftIntervalMs: 1_000 });
        await provide();
        const name = bucketName("outage");
        await cluster.apply(aBucket("before", { name, tagging: { tags: { is: "ours" } } }));
        await cluster.untilCondition("Bucket", "before", { status: "True" });

        await restartApiServer();
        await eventually(() => cluster.get("Bucket", "before"), PATIENCE);
        await cluster.apply(aBucket("after", { name: bucketName("after") }));
        await cluster.untilCondition("Bucket", "after", { status: "True" }, PATIENCE);
        await cloud.setTags(name, { is: "theirs" });
        await eventually(async () => assert((await cloud.tags(name))["is"] === "ours"), PATIENCE);
        const created = await operator.metrics.providerRequests.get();
        const creations = created.values.filter(({ labels }) => labels.operation === "CreateBucket")
          .reduce((sum, { value }) => sum + value, 0);
        assert(creations === 2, `CreateBucket was sent ${creations} times`);
        assert((await countWrites(operator)).passes > 0);
      },
    });
  }));

/** Kills the server and starts it on its old data, by the command that the environment names. */
async function restartApiServer(): Promise<void> {
  const command = new Deno.Command("sh", {
    args: ["-c", variable("E2E_RESTART_API_SERVER")],
    stdout: "null",
    stderr: "inherit",
  });
  const { code } = await command.output();
  assert(code === 0, `restart ended with ${code}`);
}
