/**
 * What a BucketPolicy grants, on the embedded services: moto, the third-party one with IAM, does not
 * let a bucket's policy grant anything to a user.
 */
import { assertEquals } from "@std/assert";
import { aBucket, aUser } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { canRead } from "../support/policy_admin.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import { embeddedTest } from "./embedded.ts";

embeddedTest(
  "a principal in the predecessor's form is granted what the statement says, and no more",
  async ({ cluster, cloud, iam, operate, provide, bucketName }) => {
    const [name, userName] = [bucketName("granted"), bucketName("guest")];
    const elsewhere = { effect: "Allow", action: "s3:GetObject", resource: "arn:aws:s3:::x/*" };
    await operate();
    await provide();
    await cluster.apply(
      aBucket("logs", { name }),
      aUser("guest", { name: userName, policy: { statement: [elsewhere] } }),
    );
    await cluster.untilCondition("User", "guest", { status: "True" });
    await cluster.apply(aBucketPolicy("grant", [{
      effect: "Allow",
      principal: `arn:aws:iam::*:user/${userName}`,
      action: "s3:GetObject",
      resource: `arn:aws:s3:::${name}/public/*`,
    }]));
    await cluster.untilCondition("BucketPolicy", "grant", { status: "True" });
    const key = await iam.createKey(userName);
    for (const object of ["public/a", "private/a"]) await cloud.put(name, object);
    await eventually(async () => {
      const reads = ["public/a", "private/a"].map((object) =>
        canRead(cloud.endpoint, key, { bucket: name, key: object })
      );
      assertEquals(await Promise.all(reads), [true, false]);
    });
  },
);
