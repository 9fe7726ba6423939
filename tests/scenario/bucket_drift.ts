/**
 * Scenarios of Buckets that somebody else changes, deletes or fights about.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countsAtRest, countWrites } from "./counts.ts";
import type { Scenario } from "./stage.ts";

const OURS = { tagging: { tags: { owner: "us" } } };

/** Drift and loss. */
export const bucketDriftScenarios: readonly Scenario[] = [
  {
    claim: "a corrected difference is shown by path and told by an Event",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("shown");
      await operate({ driftIntervalMs: 300 });
      await provide();
      await cluster.apply(aBucket("shown", { name, ...OURS }));
      const before = await cluster.untilCondition("Bucket", "shown", { status: "True" });
      assertEquals(before.status.drift, undefined);
      await cloud.setTags(name, { owner: "them", more: "1" });
      await eventually(async () => {
        const { status } = (await cluster.get("Bucket", "shown"))!;
        assertEquals(status.drift?.differences, [
          { path: "spec.tagging.tags.more", observed: '"1"', action: "Corrected" },
          {
            path: "spec.tagging.tags.owner",
            desired: '"us"',
            observed: '"them"',
            action: "Corrected",
          },
        ]);
      });
      assertEquals(await cloud.tags(name), { owner: "us" });
      await eventually(async () => {
        const events = await cluster.list("Event");
        assertEquals(events.filter(({ reason }) => reason === "DriftCorrected").length, 1);
      });
    },
  },
  {
    claim: "drift.mode Detect tells what differs, writes nothing, and keeps a deleted bucket",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("detect");
      const operator = await operate({ driftIntervalMs: 200 });
      await provide();
      const drift = { mode: "Detect" };
      const spec = { name, ...OURS, drift, deletionPolicy: "Delete", adoptionPolicy: "Adopt" };
      await cluster.apply(aBucket("detect", spec));
      const absent = { status: "False", reason: "BucketAbsent" };
      await cluster.untilCondition("Bucket", "detect", absent);
      await cloud.createBucket(name);
      await cloud.setTags(name, { owner: "them" });
      const differing = { status: "False", reason: "Drifted" };
      const bucket = await cluster.untilCondition("Bucket", "detect", differing);
      assertStringIncludes(
        conditionOf(bucket, "Drifted").message,
        'spec.tagging.tags.owner is "them" instead of "us"',
      );
      assertEquals(bucket.status.drift.differences[0].action, "Detected");
      const before = await countsAtRest(operator);
      await eventually(async () =>
        assert((await countWrites(operator)).passes >= before.passes + 4)
      );
      const after = await countWrites(operator);
      assertEquals([after.kube, after.provider], [before.kube, 0]);
      await cloud.setTags(name, { owner: "us" });
      const good = await cluster.untilCondition("Bucket", "detect", { status: "True" });
      assertEquals(good.status.drift, undefined);
      assertEquals(conditionOf(good, "Drifted"), undefined);
      await cluster.delete("Bucket", "detect");
      await cluster.untilGone("Bucket", "detect");
      assertEquals(await cloud.exists(name), true);
    },
  },
  {
    claim: "drift.mode Ignore applies a changed spec and leaves later changes alone",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("ignore");
      const operator = await operate({ driftIntervalMs: 200 });
      await provide();
      const drift = { mode: "Ignore" };
      await cluster.apply(aBucket("ignore", { name, drift, ...OURS }));
      await cluster.untilCondition("Bucket", "ignore", { status: "True" });
      assertEquals(await cloud.tags(name), { owner: "us" });
      await cloud.setTags(name, { owner: "them" });
      const { passes } = await countWrites(operator);
      await eventually(async () => assert((await countWrites(operator)).passes >= passes + 3));
      assertEquals(await cloud.tags(name), { owner: "them" });
      await cluster.apply(
        aBucket("ignore", { name, drift, tagging: { tags: { owner: "us again" } } }),
      );
      await cluster.untilCondition("Bucket", "ignore", { status: "True" });
      assertEquals(await cloud.tags(name), { owner: "us again" });
    },
  },
  {
    claim: "paths in drift.ignore are left to others, and the rest of the setting is kept",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("shared");
      await operate({ driftIntervalMs: 200 });
      await provide();
      const drift = { ignore: ["tagging.tags.cost", 'tagging.tags["team.name"]'] };
      await cluster.apply(aBucket("shared", { name, drift, ...OURS }));
      await cluster.untilCondition("Bucket", "shared", { status: "True" });
      await cloud.setTags(name, { owner: "them", cost: "7", "team.name": "x", other: "y" });
      const wanted = { owner: "us", cost: "7", "team.name": "x" };
      await eventually(async () => assertEquals(await cloud.tags(name), wanted));
      await cluster.untilCondition("Bucket", "shared", { status: "True" });
    },
  },
  {
    claim: "a path in drift.ignore that cannot be is refused with an example",
    run: async ({ cluster, operate, bucketName }) => {
      await operate();
      const drift = { ignore: ["tagging tags"] };
      const answer = await cluster.create(aBucket("path", { name: bucketName("path"), drift }));
      assertEquals(answer.status, 422);
      assertStringIncludes(answer.body.message, 'lifecycle.rules["tmp"]');
    },
  },
  {
    claim: "a setting that somebody else changes back three times in an hour is contested",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("contested");
      await operate({ driftIntervalMs: 100 });
      await provide();
      await cluster.apply(aBucket("contested", { name, ...OURS }));
      await cluster.untilCondition("Bucket", "contested", { status: "True" });
      for (const owner of ["one", "two", "three"]) {
        await cloud.setTags(name, { owner });
        await eventually(async () => assertEquals(await cloud.tags(name), { owner: "us" }));
        // The correction must be in the status before the next change.
        await eventually(async () => {
          const { status } = (await cluster.get("Bucket", "contested"))!;
          assertEquals(status.drift?.differences[0].observed, JSON.stringify(owner));
        });
      }
      await cloud.setTags(name, { owner: "four" });
      const wanted = { status: "False", reason: "DriftContested" };
      const bucket = await cluster.untilCondition("Bucket", "contested", wanted);
      assertEquals(conditionOf(bucket, "DriftContested").status, "True");
      assertEquals(await cloud.tags(name), { owner: "four" });
    },
  },
  {
    claim: "an empty bucket that was deleted outside is made again",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("again");
      await operate({ driftIntervalMs: 200 });
      await provide();
      await cluster.apply(aBucket("again", { name, ...OURS }));
      await cluster.untilCondition("Bucket", "again", { status: "True" });
      await cloud.deleteBucket(name);
      await eventually(async () => assertEquals(await cloud.exists(name), true));
      await eventually(async () => assertEquals(await cloud.tags(name), { owner: "us" }));
    },
  },
  {
    claim: "a bucket that held data and was deleted outside is not made again in silence",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("lost");
      await operate({ driftIntervalMs: 200 });
      await provide();
      await cluster.apply(aBucket("lost", { name }));
      await cluster.untilCondition("Bucket", "lost", { status: "True" });
      await cloud.put(name, "data");
      await eventually(async () => {
        assertEquals((await cluster.get("Bucket", "lost"))?.status.heldData, true);
      });
      await cloud.remove(name, "data");
      await cloud.deleteBucket(name);
      const wanted = { status: "False", reason: "BucketLost" };
      const bucket = await cluster.untilCondition("Bucket", "lost", wanted);
      assertStringIncludes(conditionOf(bucket, "Ready").message, "spec.recreationPolicy: Always");
      assertEquals(bucket.status.exists, false);
      assertEquals(await cloud.exists(name), false);
      await cluster.patch("Bucket", "lost", { spec: { recreationPolicy: "Always" } });
      await cluster.untilCondition("Bucket", "lost", { status: "True" });
      assertEquals(await cloud.exists(name), true);
    },
  },
  {
    claim: "a setting that leaves the spec stays, or is reset where onFieldRemoval says so",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const [left, reset] = [bucketName("left"), bucketName("reset")];
      await operate();
      await provide();
      const onFieldRemoval = "Reset";
      await cluster.apply(
        aBucket("left", { name: left, ...OURS }),
        aBucket("reset", { name: reset, onFieldRemoval, ...OURS }),
      );
      for (const name of ["left", "reset"]) {
        const bucket = await cluster.untilCondition("Bucket", name, { status: "True" });
        assertEquals(bucket.status.managedSettings, ["tagging"]);
      }
      await cluster.apply(
        aBucket("left", { name: left }),
        aBucket("reset", { name: reset, onFieldRemoval }),
      );
      for (const name of ["left", "reset"]) {
        const bucket = await cluster.untilCondition("Bucket", name, { status: "True" });
        assertEquals(bucket.status.managedSettings, undefined);
      }
      assertEquals(await cloud.tags(left), { owner: "us" });
      assertEquals(await cloud.tags(reset), {});
    },
  },
];
