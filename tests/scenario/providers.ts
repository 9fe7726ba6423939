/**
 * Scenarios of Providers.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket, aProvider, aSecret } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import type { Scenario, Stage } from "./stage.ts";

/** Waits for a Provider to be refused for a reason, and checks that the message helps. */
async function refusedFor(stage: Stage, reason: string, remedy: string): Promise<void> {
  const provider = await stage.cluster.untilCondition("Provider", "provider", {
    status: "False",
    reason,
  });
  assertStringIncludes(conditionOf(provider, "Ready").message, remedy);
}

/** Scenarios that need nothing but an S3 service which checks signatures. */
export const providerScenarios: readonly Scenario[] = [
  {
    claim: "a Provider whose Secret is created later becomes Ready, and its Buckets with it",
    run: async (stage) => {
      const name = stage.bucketName("late");
      await stage.operate();
      await stage.cluster.apply(
        aProvider("provider", { endpoint: stage.theatre.cloud.url }),
        aBucket("bucket", { name }),
      );
      await refusedFor(stage, "SecretNotFound", 'create it with the key "access-key"');
      await stage.cluster.untilCondition("Bucket", "bucket", { status: "False" });
      await stage.cluster.apply(aSecret("credentials", stage.cloud.secretData));
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
      await stage.cluster.untilCondition("Bucket", "bucket", { status: "True" });
    },
  },
  {
    claim: "a Secret without the named key is told with field and remedy, and healed by adding it",
    run: async (stage) => {
      await stage.operate();
      await stage.provide();
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
      await stage.cluster.patch("Secret", "credentials", { data: { "secret-key": null } });
      await refusedFor(stage, "SecretKeyMissing", "spec.auth.secretKeySecretRef");
      await stage.cluster.apply(aSecret("credentials", stage.cloud.secretData));
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
    },
  },
  {
    claim: "white space around credentials is no reason to refuse them",
    run: async (stage) => {
      await stage.operate();
      const data = Object.entries(stage.cloud.secretData).map((
        [key, value],
      ) => [key, `${value}\n`]);
      await stage.cluster.apply(
        aSecret("credentials", Object.fromEntries(data)),
        aProvider("provider", { endpoint: stage.theatre.cloud.url }),
      );
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
    },
  },
  {
    claim: "a wrong secret and a wrong key have different reasons, and Ready comes back at once",
    run: async (stage) => {
      await stage.operate();
      await stage.provide();
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
      const good = stage.cloud.secretData;
      await stage.cluster.apply(aSecret("credentials", { ...good, "secret-key": "wrong-secret" }));
      await refusedFor(stage, "WrongSecret", "spec.auth.secretKeySecretRef");
      const provider = await stage.cluster.get("Provider", "provider");
      assertEquals(conditionOf(provider, "AuthValid").status, "False");
      assertEquals(conditionOf(provider, "EndpointReachable").status, "True");
      assertEquals(provider.status.connected, false);
      await stage.cluster.apply(
        aSecret("credentials", { ...good, "access-key": "AKIAUNKNOWNUNKNOWN00" }),
      );
      await refusedFor(stage, "WrongKey", "spec.auth.accessKeySecretRef");
      await stage.cluster.apply(aSecret("credentials", good));
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
    },
  },
  {
    claim: "an endpoint where nothing listens and one that does not resolve are told apart",
    run: async (stage) => {
      await stage.operate();
      await stage.provide({ endpoint: stage.theatre.closedUrl });
      await refusedFor(stage, "ConnectionRefused", "spec.endpoint");
      const provider = await stage.cluster.get("Provider", "provider");
      assertEquals(conditionOf(provider, "EndpointReachable").status, "False");
      assertEquals(conditionOf(provider, "AuthValid").status, "Unknown");
      await stage.provide({ endpoint: "http://s3.nowhere.invalid" });
      await refusedFor(stage, "DnsFailure", "spec.endpoint");
      await stage.provide();
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
    },
  },
  {
    claim: "spec.probe.bucket is looked up, and its absence is told",
    run: async (stage) => {
      const bucket = stage.bucketName("probe");
      await stage.operate({ probeIntervalMs: 500 });
      await stage.provide({ probe: { bucket } });
      await refusedFor(stage, "ProbeBucketNotFound", "spec.probe.bucket");
      await stage.cloud.createBucket(bucket);
      await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
    },
  },
  {
    claim: "a Provider in use is not released, names its users, and goes when they are gone",
    run: async (stage) => {
      await stage.operate();
      await stage.provide();
      await stage.cluster.apply(aBucket("user-of-it", { name: stage.bucketName("used") }));
      await stage.cluster.untilCondition("Bucket", "user-of-it", { status: "True" });
      await stage.cluster.delete("Provider", "provider");
      await refusedFor(stage, "InUse", `Bucket ${stage.cluster.namespace}/user-of-it`);
      await stage.cluster.delete("Bucket", "user-of-it");
      await stage.cluster.untilGone("Provider", "provider");
    },
  },
  {
    claim: "another namespace may refer to a Provider only while allowedNamespaces grants it",
    run: async (stage) => {
      const other = stage.cluster.in(`${stage.cluster.namespace}-other`);
      await other.createNamespace();
      await stage.operate();
      await stage.provide();
      const spec = {
        name: stage.bucketName("guest"),
        providerRef: { name: "provider", namespace: stage.cluster.namespace },
      };
      await other.apply(
        aBucket("guest", spec),
        aBucket("blind", {
          name: stage.bucketName("blind"),
          providerRef: { name: "missing", namespace: stage.cluster.namespace },
        }),
      );
      const wanted = { status: "False", reason: "ReferenceNotAllowed" };
      const guest = await other.untilCondition("Bucket", "guest", wanted);
      const blind = await other.untilCondition("Bucket", "blind", wanted);
      const [told, asked] = [guest, blind].map((bucket) => conditionOf(bucket, "Ready").message);
      assertEquals(told.replaceAll("/provider", "/missing"), asked);
      assertStringIncludes(told, "spec.allowedNamespaces");
      assertEquals(await stage.cloud.exists(spec.name), false);
      await stage.provide({ allowedNamespaces: { names: [other.namespace] } });
      await other.untilCondition("Bucket", "guest", { status: "True" });
      await stage.provide();
      await other.untilCondition("Bucket", "guest", wanted);
      assertEquals(await stage.cloud.exists(spec.name), true);
    },
  },
];
