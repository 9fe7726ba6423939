/**
 * Scenarios of Buckets.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countWrites } from "./counts.ts";
import type { Scenario } from "./stage.ts";

/** Scenarios that need nothing but an S3 service. */
export const bucketScenarios: readonly Scenario[] = [
  {
    claim: "a declared Bucket exists with its settings before it is Ready",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("first");
      await operate();
      await provide();
      await cluster.apply(aBucket("first", {
        name,
        versioning: { enabled: true },
        tagging: { tags: { team: "storage", stage: "test" } },
      }));
      const bucket = await cluster.untilCondition("Bucket", "first", { status: "True" });
      assertEquals(await cloud.versioning(name), "Enabled");
      assertEquals(await cloud.tags(name), { team: "storage", stage: "test" });
      assertEquals(bucket.metadata.finalizers, ["s3.cloud37.dev/finalizer"]);
      assertEquals(bucket.status.ownership, "Created");
      assertEquals(bucket.status.bucketName, name);
      assertEquals(bucket.status.exists, true);
      assertEquals(conditionOf(bucket, "Synced").status, "True");
      assertEquals(conditionOf(bucket, "CreationFailed").status, "False");
    },
  },
  {
    claim: "what happened to a Bucket is told by Events that are attached to it",
    run: async ({ cluster, operate, provide, bucketName }) => {
      await operate();
      await provide();
      await cluster.apply(aBucket("told", { name: bucketName("told") }));
      const bucket = await cluster.untilCondition("Bucket", "told", { status: "True" });
      await eventually(async () => {
        const events = (await cluster.list("Event"))
          .filter((event) => event.regarding?.uid === bucket.metadata.uid);
        const reasons = events.map((event) => event.reason).sort();
        assertEquals(reasons, ["BucketCreated", "Ready"]);
      });
    },
  },
  {
    claim: "a changed setting is applied, and a removed tag is removed",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("edited");
      await operate();
      await provide();
      await cluster.apply(aBucket("edited", { name, tagging: { tags: { a: "1", b: "2" } } }));
      await cluster.untilCondition("Bucket", "edited", { status: "True" });
      await cluster.apply(aBucket("edited", {
        name,
        versioning: { enabled: true },
        tagging: { tags: { a: "1" } },
      }));
      await cluster.untilCondition("Bucket", "edited", { status: "True" });
      assertEquals(await cloud.tags(name), { a: "1" });
      assertEquals(await cloud.versioning(name), "Enabled");
      await cluster.apply(aBucket("edited", { name, tagging: { tags: {} } }));
      await cluster.untilCondition("Bucket", "edited", { status: "True" });
      assertEquals(await cloud.tags(name), {});
      assertEquals(await cloud.versioning(name), "Enabled", "an omitted setting stays as it is");
    },
  },
  {
    claim: "a change made behind our back is undone by the drift check",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("drift");
      await operate({ driftIntervalMs: 300 });
      await provide();
      await cluster.apply(aBucket("drift", { name, tagging: { tags: { owner: "us" } } }));
      await cluster.untilCondition("Bucket", "drift", { status: "True" });
      await cloud.setTags(name, { owner: "them" });
      await eventually(async () => assertEquals(await cloud.tags(name), { owner: "us" }));
    },
  },
  {
    claim: "unchanged objects cause no API write, no Event and no provider write",
    run: async ({ cluster, operate, provide, bucketName }) => {
      const operator = await operate({ driftIntervalMs: 200, probeIntervalMs: 200 });
      await provide();
      await cluster.apply(
        aBucket("calm", { name: bucketName("calm"), versioning: { enabled: true }, tagging: {} }),
      );
      await cluster.untilCondition("Bucket", "calm", { status: "True" });
      await cluster.untilCondition("Provider", "provider", { status: "True" });
      await eventually(async () => assert((await countWrites(operator)).events >= 3));
      const before = await countWrites(operator);
      await eventually(async () =>
        assert((await countWrites(operator)).passes >= before.passes + 8)
      );
      const after = await countWrites(operator);
      assertEquals(after.kube, before.kube);
      assertEquals(after.provider, before.provider);
      assertEquals(after.events, before.events);
    },
  },
  {
    claim: "an edited Provider that is good again writes nothing about its Buckets",
    run: async ({ cluster, operate, provide, bucketName }) => {
      const operator = await operate();
      await provide();
      await cluster.apply(aBucket("calm", { name: bucketName("edit") }));
      const before = await cluster.untilCondition("Bucket", "calm", { status: "True" });
      const { passes } = await countWrites(operator);
      await provide({ iamRegion: "eu-central-1" });
      await cluster.untilCondition("Provider", "provider", { status: "True" });
      await eventually(async () => assert((await countWrites(operator)).passes >= passes + 2));
      const after = await cluster.get("Bucket", "calm");
      assertEquals(after.metadata.resourceVersion, before.metadata.resourceVersion);
    },
  },
  {
    claim: "a restarted operator changes nothing about what is settled",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("restart");
      const first = await operate();
      await provide();
      await cluster.apply(aBucket("restart", { name, versioning: { enabled: true } }));
      const before = await cluster.untilCondition("Bucket", "restart", { status: "True" });
      await first.stop();
      const second = await operate();
      await eventually(async () => assert((await countWrites(second)).passes >= 2));
      const after = await cluster.get("Bucket", "restart");
      assertEquals(after.metadata.resourceVersion, before.metadata.resourceVersion);
      assertEquals(await countWrites(second).then(({ provider }) => provider), 0);
      assertEquals(await cloud.versioning(name), "Enabled");
    },
  },
  {
    claim: "a bucket that was not made for the object is refused until adoptionPolicy says Adopt",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("foreign");
      await cloud.createBucket(name);
      await cloud.setTags(name, { owner: "them" });
      await operate();
      await provide();
      const tagging = { tags: { owner: "us" } };
      await cluster.apply(aBucket("foreign", { name, tagging, deletionPolicy: "Delete" }));
      const wanted = { status: "False", reason: "AdoptionRefused" };
      const refused = await cluster.untilCondition("Bucket", "foreign", wanted);
      assertStringIncludes(conditionOf(refused, "Ready").message, "spec.adoptionPolicy: Adopt");
      assertEquals(await cloud.tags(name), { owner: "them" });
      await cluster.delete("Bucket", "foreign");
      await cluster.untilGone("Bucket", "foreign");
      assertEquals(await cloud.exists(name), true, "what is not ours is not deleted");
      await cluster.apply(aBucket("foreign", { name, tagging, adoptionPolicy: "Adopt" }));
      const adopted = await cluster.untilCondition("Bucket", "foreign", { status: "True" });
      assertEquals(adopted.status.ownership, "Adopted");
      assertEquals(await cloud.tags(name), { owner: "us" });
    },
  },
  {
    claim: "marks of the predecessor that anybody can write do not adopt a bucket",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("forged");
      await cloud.createBucket(name);
      await operate({ driftIntervalMs: 200 });
      await provide();
      const bucket = aBucket("forged", { name });
      bucket.metadata.annotations = { "kopf.zalando.org/last-handled-configuration": "{}" };
      await cluster.apply(bucket);
      const wanted = { status: "False", reason: "AdoptionRefused" };
      await cluster.untilCondition("Bucket", "forged", wanted);
      await cluster.patch("Bucket", "forged", { spec: { forceDelete: true } });
      await cluster.untilCondition("Bucket", "forged", wanted);
    },
  },
  {
    claim: "of two Buckets for one name the later one says so and touches nothing",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("rivals");
      await operate();
      await provide();
      await cluster.apply(aBucket("older", { name, tagging: { tags: { of: "older" } } }));
      await cluster.untilCondition("Bucket", "older", { status: "True" });
      await cluster.apply(
        aBucket("newer", { name, tagging: { tags: { of: "newer" } }, deletionPolicy: "Delete" }),
      );
      const wanted = { status: "False", reason: "BucketConflict" };
      const newer = await cluster.untilCondition("Bucket", "newer", wanted);
      assertStringIncludes(conditionOf(newer, "Ready").message, 'Bucket "older"');
      await cluster.delete("Bucket", "newer");
      await cluster.untilGone("Bucket", "newer");
      assertEquals(await cloud.tags(name), { of: "older" });
      await cluster.untilCondition("Bucket", "older", { status: "True" });
    },
  },
  {
    claim: "a region that the Provider does not serve is told, and nothing is made",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("region");
      await operate();
      await provide();
      await cluster.apply(aBucket("region", { name, region: "eu-central-2" }));
      const wanted = { status: "False", reason: "WrongRegion" };
      const bucket = await cluster.untilCondition("Bucket", "region", wanted);
      assertStringIncludes(conditionOf(bucket, "Ready").message, "spec.region");
      assertEquals(await cloud.exists(name), false);
    },
  },
  {
    claim: "deletionPolicy Retain keeps the bucket and its objects",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("kept");
      await operate();
      await provide();
      await cluster.apply(aBucket("kept", { name }));
      await cluster.untilCondition("Bucket", "kept", { status: "True" });
      await cluster.delete("Bucket", "kept");
      await cluster.untilGone("Bucket", "kept");
      assertEquals(await cloud.exists(name), true);
    },
  },
  {
    claim: "a bucket that is not empty is kept and says why, until forceDelete empties it",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("full");
      await operate();
      await provide();
      await cluster.apply(
        aBucket("full", { name, versioning: { enabled: true }, deletionPolicy: "Delete" }),
      );
      await cluster.untilCondition("Bucket", "full", { status: "True" });
      for (const key of ["a", "a", "b"]) await cloud.put(name, key);
      await cluster.delete("Bucket", "full");
      const wanted = { status: "False", reason: "BucketNotEmpty" };
      const bucket = await cluster.untilCondition("Bucket", "full", wanted);
      assertStringIncludes(conditionOf(bucket, "Ready").message, "spec.forceDelete: true");
      assertEquals(await cloud.exists(name), true);
      await cluster.patch("Bucket", "full", { spec: { forceDelete: true } });
      await cluster.untilGone("Bucket", "full");
      assertEquals(await cloud.exists(name), false);
    },
  },
  {
    claim: "a status that somebody wipes is written again at once",
    run: async ({ cluster, operate, provide, bucketName }) => {
      await operate();
      await provide();
      await cluster.apply(aBucket("wiped", { name: bucketName("wiped") }));
      await cluster.untilCondition("Bucket", "wiped", { status: "True" });
      await cluster.patchStatus("Bucket", "wiped", { status: { conditions: [], exists: null } });
      const bucket = await cluster.untilCondition("Bucket", "wiped", { status: "True" });
      assertEquals(bucket.status.exists, true);
    },
  },
  {
    claim: "an object is released without clean-up when the annotation asks for it",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("abandoned");
      await operate();
      await provide();
      await cluster.apply(aBucket("abandoned", { name, deletionPolicy: "Delete" }));
      await cluster.untilCondition("Bucket", "abandoned", { status: "True" });
      await cloud.put(name, "data");
      await cluster.delete("Bucket", "abandoned");
      await cluster.untilCondition("Bucket", "abandoned", {
        status: "False",
        reason: "BucketNotEmpty",
      });
      const annotations = { "s3.cloud37.dev/skip-provider-cleanup": "true" };
      await cluster.patch("Bucket", "abandoned", { metadata: { annotations } });
      await cluster.untilGone("Bucket", "abandoned");
      assertEquals(await cloud.exists(name), true);
    },
  },
];
