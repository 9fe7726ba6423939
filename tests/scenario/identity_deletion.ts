/**
 * Scenarios of the end of everything that lives in IAM, for services with managed policies.
 */
import { assertEquals } from "@std/assert";
import { aBucket, anAccessKey, aUser } from "../support/builders.ts";
import { readBucketPolicy } from "../support/policy_admin.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import { anIAMPolicy } from "./iam_policies.ts";
import type { Scenario } from "./stage.ts";

/** Scenarios of deletions. */
export const identityDeletionScenarios: readonly Scenario[] = [
  {
    claim: "a deleted namespace takes Users, keys and policies away, though the Secret goes first",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("user");
      await operate();
      await provide();
      await cluster.apply(
        anIAMPolicy("read", "one"),
        aUser("user", { name, policyRef: { name: "read" } }),
        anAccessKey("key"),
      );
      await cluster.untilCondition("AccessKey", "key", { status: "True" });
      await cluster.untilCondition("User", "user", { status: "True" });
      await cluster.deleteNamespace();
      await cluster.untilNamespaceGone();
      assertEquals([await iam.userId(name), await iam.keys(name)], [undefined, []]);
    },
  },
  {
    claim: "a Provider that is corrected in a deleted namespace cleans up as corrected",
    run: async ({ cluster, iam, operate, provide, theatre, bucketName }) => {
      const name = bucketName("user");
      await operate();
      await provide();
      await cluster.apply(aUser("user", { name }));
      await cluster.untilCondition("User", "user", { status: "True" });
      await cluster.patch("Provider", "provider", { spec: { iamEndpoint: null } });
      await cluster.untilCondition("Provider", "provider", { status: "True" });
      await cluster.deleteNamespace();
      const stuck = { status: "False", reason: "NoIamEndpoint" };
      await cluster.untilCondition("User", "user", stuck);
      const iamEndpoint = theatre.cloud.iamUrl!;
      await cluster.patch("Provider", "provider", { spec: { iamEndpoint } });
      await cluster.untilNamespaceGone();
      assertEquals(await iam.userId(name), undefined);
    },
  },
  {
    claim: "statements leave a bucket also when the Secret of its Provider is gone",
    run: async ({ cluster, cloud, operate, provide, theatre, bucketName }) => {
      const name = bucketName("logs");
      await operate();
      await provide();
      await cluster.apply(
        aBucket("logs", { name }),
        aBucketPolicy("read", [{
          effect: "Allow",
          principal: "*",
          action: "s3:GetObject",
          resource: `arn:aws:s3:::${name}/*`,
        }]),
      );
      await cluster.untilCondition("BucketPolicy", "read", { status: "True" });
      await cluster.delete("Secret", "credentials");
      await cluster.untilCondition("Provider", "provider", { status: "False" });
      await cluster.delete("BucketPolicy", "read");
      await cluster.untilGone("BucketPolicy", "read");
      assertEquals(await readBucketPolicy(theatre.cloud, name), undefined);
      assertEquals(await cloud.exists(name), true);
    },
  },
];
