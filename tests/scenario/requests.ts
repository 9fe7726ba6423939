/**
 * Scenarios of what a person asks of the operator about one object, by annotation.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countWrites } from "./counts.ts";
import type { Scenario } from "./stage.ts";

const PAUSED = "s3.cloud37.dev/paused";
const REQUESTED = "s3.cloud37.dev/reconcile-requested-at";

/** Pause, and a look at once. */
export const requestScenarios: readonly Scenario[] = [
  {
    claim: "a paused Bucket is left alone, says so, and goes on when it is no longer paused",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("paused");
      const operator = await operate({ driftIntervalMs: 200 });
      await provide();
      await cluster.apply(aBucket("paused", { name, tagging: { tags: { step: "one" } } }));
      const before = await cluster.untilCondition("Bucket", "paused", { status: "True" });
      await cluster.patch("Bucket", "paused", { metadata: { annotations: { [PAUSED]: "true" } } });
      const paused = await cluster.untilCondition("Bucket", "paused", {
        type: "Paused",
        status: "True",
      });
      assertEquals(conditionOf(paused, "Ready"), conditionOf(before, "Ready"));
      const { passes } = await countWrites(operator);
      await cluster.patch("Bucket", "paused", { spec: { tagging: { tags: { step: "two" } } } });
      await eventually(async () => assert((await countWrites(operator)).passes > passes));
      assertEquals(await cloud.tags(name), { step: "one" });
      const edited = await cluster.get("Bucket", "paused");
      const { observedGeneration } = conditionOf(edited, "Ready")!;
      assert(observedGeneration < edited!.metadata.generation, "Ready speaks of the older spec");
      await cluster.patch("Bucket", "paused", { metadata: { annotations: { [PAUSED]: null } } });
      const resumed = await cluster.untilCondition("Bucket", "paused", { status: "True" });
      assertEquals(conditionOf(resumed, "Paused"), undefined);
      assertEquals(await cloud.tags(name), { step: "two" });
    },
  },
  {
    claim: "a Bucket that is created paused makes nothing, and its deletion waits",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("held");
      await operate();
      await provide();
      const bucket = aBucket("held", { name, deletionPolicy: "Delete" });
      bucket.metadata.annotations = { [PAUSED]: "true" };
      await cluster.apply(bucket);
      await cluster.untilCondition("Bucket", "held", { status: "Unknown", reason: "Paused" });
      assertEquals(await cloud.exists(name), false);
      await cluster.patch("Bucket", "held", { metadata: { annotations: { [PAUSED]: null } } });
      await cluster.untilCondition("Bucket", "held", { status: "True" });
      await cluster.patch("Bucket", "held", { metadata: { annotations: { [PAUSED]: "true" } } });
      await cluster.untilCondition("Bucket", "held", { type: "Paused", status: "True" });
      await cluster.delete("Bucket", "held");
      await eventually(async () => {
        const object = await cluster.get("Bucket", "held");
        assertStringIncludes(conditionOf(object, "Paused")?.message, "deletion waits");
      });
      assertEquals(await cloud.exists(name), true);
      await cluster.patch("Bucket", "held", { metadata: { annotations: { [PAUSED]: null } } });
      await cluster.untilGone("Bucket", "held");
      assertEquals(await cloud.exists(name), false);
    },
  },
  {
    claim: "a Bucket is compared at once when it is asked for, and the status says which request",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("asked");
      await operate();
      await provide();
      await cluster.apply(aBucket("asked", { name, tagging: { tags: { owner: "us" } } }));
      await cluster.untilCondition("Bucket", "asked", { status: "True" });
      await cloud.setTags(name, { owner: "them" });
      const request = "2026-01-01T00:00:00Z";
      await cluster.patch("Bucket", "asked", {
        metadata: { annotations: { [REQUESTED]: request } },
      });
      await eventually(async () => {
        const object = await cluster.get("Bucket", "asked");
        assertEquals(object?.status.lastHandledReconcileAt, request);
      });
      assertEquals(await cloud.tags(name), { owner: "us" });
    },
  },
];
