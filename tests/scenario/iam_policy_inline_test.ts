/**
 * IAMPolicies at a service that has no managed policies.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { aUser } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { startIamProxy } from "../support/iam_proxy.ts";
import { embeddedTest } from "./embedded.ts";
import { anIAMPolicy } from "./iam_policies.ts";

embeddedTest(
  "where there are no managed policies, a User has the document inline, and the status says so",
  async ({ cluster, iam, operate, provide, bucketName, theatre }) => {
    const lacking = /^(Create|Get|List|Delete)Polic(y|ies)|^ListEntitiesForPolicy/;
    const without = await startIamProxy(
      theatre.cloud.iamUrl!,
      (action) => lacking.test(action) ? "unsupported" : "passes",
    );
    try {
      const userName = bucketName("reader");
      const operator = await operate();
      await provide({ iamEndpoint: without.url });
      await cluster.apply(
        anIAMPolicy("read", "one"),
        aUser("reader", { name: userName, policyRef: { name: "read" } }),
      );
      const policy = await cluster.untilCondition("IAMPolicy", "read", {
        status: "True",
        reason: "FeatureUnsupported",
      });
      assertEquals(policy.status.policyArn, undefined);
      assertEquals(policy.status.applied, false);
      assertEquals(conditionOf(policy, "Synced").status, "False");
      assertStringIncludes(conditionOf(policy, "Ready").message, "MethodNotAllowed");
      await cluster.untilCondition("User", "reader", { status: "True" });
      assertStringIncludes(JSON.stringify(await iam.policy(userName)), "arn:aws:s3:::one/*");
      await cluster.delete("User", "reader");
      await cluster.delete("IAMPolicy", "read");
      await cluster.untilGone("User", "reader");
      await cluster.untilGone("IAMPolicy", "read");
      await operator.stop();
    } finally {
      await without.stop();
    }
  },
);
