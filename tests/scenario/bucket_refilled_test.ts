/**
 * A Bucket whose bucket is still written to while it is deleted.
 */
import { assertEquals } from "@std/assert";
import { aBucket } from "../support/builders.ts";
import { embeddedTest } from "./embedded.ts";

embeddedTest(
  "with forceDelete, what comes after the last batch is deleted as well, and the bucket goes",
  async ({ cluster, cloud, operate, provide, bucketName }, { s3 }) => {
    const name = bucketName("busy");
    await operate();
    await provide();
    await cluster.apply(aBucket("busy", { name, deletionPolicy: "Delete", forceDelete: true }));
    await cluster.untilCondition("Bucket", "busy", { status: "True" });
    s3.faults.inject({
      match: { operation: "DeleteBucket" },
      effect: { kind: "error", status: 409, code: "BucketNotEmpty" },
    });
    await cluster.delete("Bucket", "busy");
    await cluster.untilGone("Bucket", "busy");
    assertEquals([await cloud.exists(name), s3.faults.pending], [false, 0]);
  },
);
