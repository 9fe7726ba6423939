/**
 * Scenarios of objects that the predecessor left behind (seed-spec §11).
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { countWrites } from "./counts.ts";
import type { Scenario } from "./stage.ts";

const MARKER = "kopf.zalando.org/KopfFinalizerMarker";
const ANNOTATION = "kopf.zalando.org/last-handled-configuration";

/** A Bucket as the predecessor leaves it: both finalizers, its annotation. */
function anOldBucket(name: string, spec: TestObject): TestObject {
  const bucket = aBucket(name, spec);
  bucket.metadata.finalizers = [MARKER, "s3.cloud37.dev/finalizer"];
  bucket.metadata.annotations = { [ANNOTATION]: "{}\n" };
  return bucket;
}

/** Its status: Ready beside conditions that were never taken back, times in Python's form. */
function anOldStatus(bucketName: string): TestObject {
  const lastTransitionTime = "2026-11-23T05:04:06.094002+00:00";
  const conditions = ["ProviderNotReady", "CreationFailed", "Ready"].map((type) => ({
    type,
    status: "True",
    reason: type,
    message: "as the predecessor said",
    lastTransitionTime,
  }));
  return {
    status: {
      bucketName,
      exists: true,
      observedGeneration: 1,
      lastSyncTime: lastTransitionTime,
      credentialsSecret: "old-accesskey-credentials",
      conditions,
    },
  };
}

/** Scenarios of the takeover. */
export const takeoverScenarios: readonly Scenario[] = [
  {
    claim: "a Bucket of the predecessor is taken over: nothing made anew, false conditions reset",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("old");
      await cloud.createBucket(name);
      await cloud.put(name, "data");
      await cluster.apply(anOldBucket("old", { name, versioning: { enabled: true } }));
      await cluster.patchStatus("Bucket", "old", anOldStatus(name));
      const operator = await operate();
      await provide();
      const bucket = await cluster.untilCondition("Bucket", "old", { status: "True" });
      assertEquals(bucket.metadata.finalizers, ["s3.cloud37.dev/finalizer"]);
      assertEquals(bucket.status.ownership, "Adopted");
      assertEquals(bucket.status.credentialsSecret, "old-accesskey-credentials");
      assertEquals(conditionOf(bucket, "ProviderNotReady").status, "False");
      assertEquals(conditionOf(bucket, "CreationFailed").status, "False");
      assertEquals(await cloud.versioning(name), "Enabled");
      const { values } = await operator.metrics.providerRequests.get();
      assertEquals(values.filter(({ labels }) => labels.operation === "CreateBucket"), []);
    },
  },
  {
    claim: "rules that the predecessor never applied wait for consent, because they delete data",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("rules");
      await cloud.createBucket(name);
      await cluster.apply(anOldBucket("rules", {
        name,
        tagging: { tags: { a: "1" } },
        lifecycle: { rules: [{ id: "old", status: "Enabled", expiration: { days: 1 } }] },
      }));
      await cluster.patchStatus("Bucket", "rules", anOldStatus(name));
      await operate({ driftIntervalMs: 300 });
      await provide();
      const held = await cluster.untilCondition("Bucket", "rules", { status: "True" });
      assertEquals(conditionOf(held, "Synced").reason, "HeldBack");
      assertStringIncludes(conditionOf(held, "Synced").message, "spec.adoptionPolicy: Adopt");
      assertEquals(await cloud.settings(name).lifecycle(), undefined);
      assertEquals(await cloud.tags(name), { a: "1" });
      await cluster.patch("Bucket", "rules", { spec: { adoptionPolicy: "Adopt" } });
      await cluster.untilCondition("Bucket", "rules", { type: "Synced", status: "True" });
      assertEquals((await cloud.settings(name).lifecycle())?.map(({ ID }) => ID), ["old"]);
    },
  },
  {
    claim: "an object of the predecessor that is being deleted loses both finalizers",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("leaving");
      await cloud.createBucket(name);
      await cluster.apply(anOldBucket("leaving", { name, deletionPolicy: "Delete" }));
      await cluster.patchStatus("Bucket", "leaving", anOldStatus(name));
      await cluster.delete("Bucket", "leaving");
      await operate();
      await provide();
      await cluster.untilGone("Bucket", "leaving");
      assertEquals(await cloud.exists(name), false);
    },
  },
  {
    claim: "a reference to another namespace that worked before goes on with a warning",
    run: async ({ cluster, operate, provide, bucketName, cloud }) => {
      const other = cluster.in(`${cluster.namespace}-other`);
      await other.createNamespace();
      const providerRef = { name: "provider", namespace: cluster.namespace };
      const name = bucketName("guest");
      await cloud.createBucket(name);
      await other.apply(
        anOldBucket("genuine", { name, providerRef }),
        anOldBucket("forged", { name: bucketName("forged"), providerRef }),
      );
      await other.patchStatus("Bucket", "genuine", anOldStatus(name));
      const operator = await operate();
      await provide();
      const genuine = await other.untilCondition("Bucket", "genuine", { status: "True" });
      const warning = conditionOf(genuine, "ReferenceWarning");
      assertEquals(warning.reason, "ReferenceAllowedByPredecessor");
      assertStringIncludes(warning.message, "spec.allowedNamespaces");
      await other.untilCondition("Bucket", "forged", {
        status: "False",
        reason: "ReferenceNotAllowed",
      });
      assertEquals((await countWrites(operator)).provider, 0);
    },
  },
];
