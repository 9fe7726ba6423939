/**
 * Scenarios of Buckets that are deleted.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import type { Scenario } from "./stage.ts";

const DELETE = { deletionPolicy: "Delete" };

/** Ends of Buckets. */
export const bucketDeletionScenarios: readonly Scenario[] = [
  {
    claim: "a bucket that is not empty says how much it holds",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("counted");
      await operate();
      await provide();
      await cluster.apply(aBucket("counted", { name, versioning: { enabled: true }, ...DELETE }));
      await cluster.untilCondition("Bucket", "counted", { status: "True" });
      for (const key of ["a", "a", "b"]) await cloud.put(name, key);
      await cloud.remove(name, "b");
      await cloud.beginUpload(name, "c");
      await cluster.delete("Bucket", "counted");
      const wanted = { status: "False", reason: "BucketNotEmpty" };
      const bucket = await cluster.untilCondition("Bucket", "counted", wanted);
      assertStringIncludes(
        conditionOf(bucket, "Ready").message,
        "it holds 3 objects and versions, 1 delete markers and 1 unfinished uploads",
      );
      await cluster.patch("Bucket", "counted", { spec: { forceDelete: true } });
      await cluster.untilGone("Bucket", "counted");
      assertEquals(await cloud.exists(name), false);
    },
  },
  {
    claim: "deletionProtection keeps the bucket until it is taken away",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("protected");
      await operate();
      await provide();
      await cluster.apply(aBucket("protected", { name, deletionProtection: true, ...DELETE }));
      await cluster.untilCondition("Bucket", "protected", { status: "True" });
      await cluster.delete("Bucket", "protected");
      const wanted = { status: "False", reason: "DeletionProtected" };
      const bucket = await cluster.untilCondition("Bucket", "protected", wanted);
      assertStringIncludes(conditionOf(bucket, "Ready").message, "set it to false");
      assertEquals(await cloud.exists(name), true);
      await cluster.patch("Bucket", "protected", { spec: { deletionProtection: false } });
      await cluster.untilGone("Bucket", "protected");
      assertEquals(await cloud.exists(name), false);
    },
  },
  {
    claim: "what is deleted is the bucket of the status, whatever the reconcile would say",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("gone");
      await operate();
      await provide();
      await cluster.apply(aBucket("gone", { name, ...DELETE }));
      await cluster.untilCondition("Bucket", "gone", { status: "True" });
      await cloud.deleteBucket(name);
      await cluster.delete("Bucket", "gone");
      await cluster.untilGone("Bucket", "gone");
      assertEquals(await cloud.exists(name), false);
    },
  },
  {
    claim: "a deleted namespace takes Buckets, Provider and Secret away in a good order",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const [kept, deleted] = [bucketName("stays"), bucketName("goes")];
      await operate();
      await provide();
      await cluster.apply(
        aBucket("stays", { name: kept }),
        aBucket("goes", { name: deleted, ...DELETE, forceDelete: true }),
      );
      await cluster.untilCondition("Bucket", "stays", { status: "True" });
      await cluster.untilCondition("Bucket", "goes", { status: "True" });
      await cloud.put(deleted, "data");
      await cluster.deleteNamespace();
      await cluster.untilNamespaceGone();
      assertEquals([await cloud.exists(kept), await cloud.exists(deleted)], [true, false]);
    },
  },
  {
    claim: "a Bucket in a deleted namespace that cannot be emptied says what it waits for",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("waits");
      await operate();
      await provide();
      await cluster.apply(aBucket("waits", { name, ...DELETE }));
      await cluster.untilCondition("Bucket", "waits", { status: "True" });
      await cloud.put(name, "data");
      await cluster.deleteNamespace();
      const wanted = { status: "False", reason: "BucketNotEmpty" };
      await cluster.untilCondition("Bucket", "waits", wanted);
      await eventually(async () => {
        const provider = await cluster.get("Provider", "provider");
        assertStringIncludes(conditionOf(provider, "Ready")?.message, "waits");
      });
      await cluster.patch("Bucket", "waits", { spec: { forceDelete: true } });
      await cluster.untilNamespaceGone();
      assert(!await cloud.exists(name));
    },
  },
];
