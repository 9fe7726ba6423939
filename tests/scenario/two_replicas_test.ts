/**
 * Two replicas on one cluster: one works, the other takes over.
 */
import { assert, assertEquals } from "@std/assert";
import { aBucket } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { countWrites } from "./counts.ts";
import { embeddedTest } from "./embedded.ts";

const ELECTION = {
  leaderElection: {
    leaseName: "election",
    leaseNamespace: "default",
    durations: { leaseMs: 1_500, renewDeadlineMs: 1_000, retryMs: 200 },
  },
};

async function leads(operator: { metrics: { leader: { get(): Promise<unknown> } } }) {
  const { values } = await operator.metrics.leader.get() as { values: { value: number }[] };
  return values[0]?.value === 1;
}

embeddedTest(
  "one of two replicas works, the standby writes nothing and takes over when it is stopped",
  async ({ cluster, cloud, operate, provide, bucketName }) => {
    const name = bucketName("shared");
    const first = await operate(ELECTION);
    const standby = await operate({ ...ELECTION, untilStarted: false });
    await provide();
    await cluster.apply(aBucket("shared", { name, tagging: { tags: { by: "first" } } }));
    await cluster.untilCondition("Bucket", "shared", { status: "True" });
    const idle = await countWrites(standby);
    assertEquals([idle.provider, idle.passes], [0, 0]);
    assertEquals([await leads(first), await leads(standby)], [true, false]);
    const before = await cluster.get("Bucket", "shared");
    await first.stop();
    await eventually(async () => assert(await leads(standby)));
    await eventually(async () => assert((await countWrites(standby)).passes >= 2));
    const after = await cluster.get("Bucket", "shared");
    assertEquals(after?.metadata.resourceVersion, before?.metadata.resourceVersion);
    await cluster.apply(aBucket("shared", { name, tagging: { tags: { by: "standby" } } }));
    await eventually(async () => assertEquals(await cloud.tags(name), { by: "standby" }));
  },
);

embeddedTest(
  "a replica that is cut off from its lease changes nothing from its renew deadline on",
  async ({ cluster, cloud, operate, provide, bucketName }, { kubernetes }) => {
    const name = bucketName("fenced");
    const operator = await operate({ ...ELECTION, driftIntervalMs: 100 });
    await provide();
    await cluster.apply(aBucket("fenced", { name, tagging: { tags: { by: "us" } } }));
    await cluster.untilCondition("Bucket", "fenced", { status: "True" });
    kubernetes.faults.fail({ match: { path: /\/leases\// }, status: 503, times: Infinity });
    await operator.lost;
    await cloud.setTags(name, { by: "somebody else" });
    const { passes } = await countWrites(operator);
    await eventually(async () => assert((await countWrites(operator)).passes >= passes + 2));
    assertEquals(await cloud.tags(name), { by: "somebody else" });
  },
);
