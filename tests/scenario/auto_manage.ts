/**
 * Scenarios of Buckets with their User, BucketPolicy and AccessKey, for services with IAM.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket, aUser, type TestObject } from "../support/builders.ts";
import { type ClusterAdmin, conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countsAtRest } from "./counts.ts";
import type { Scenario } from "./stage.ts";

const KINDS = ["User", "AccessKey", "BucketPolicy"] as const;
const SUFFIXES = { User: "user", AccessKey: "accesskey", BucketPolicy: "policy" } as const;

function childNameOf(kind: typeof KINDS[number], bucket: string): string {
  return `${bucket}-${SUFFIXES[kind]}`;
}

async function untilCredentials(cluster: ClusterAdmin, name: string): Promise<TestObject> {
  return await cluster.untilCondition("Bucket", name, {
    type: "CredentialsReady",
    status: "True",
  });
}

/** Scenarios of autoManage. */
export const autoManageScenarios: readonly Scenario[] = [
  {
    claim: "a Bucket without a word about autoManage gets a Secret whose key can use it",
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("app");
      await operate();
      await provide();
      await cluster.apply(aBucket("app", { name, autoManage: undefined }));
      const bucket = await untilCredentials(cluster, "app");
      assertEquals(bucket.status.credentialsSecret, "app-accesskey-credentials");
      assertEquals(conditionOf(bucket, "Synced").status, "True");
      for (const kind of KINDS) {
        const child = await cluster.get(kind, childNameOf(kind, "app"));
        assertEquals(child?.metadata.ownerReferences, [{
          apiVersion: "s3.cloud37.dev/v1alpha1",
          kind: "Bucket",
          name: "app",
          uid: bucket.metadata.uid,
          controller: true,
        }]);
      }
      const client = cloud.withSecret(await cluster.get("Secret", "app-accesskey-credentials"));
      try {
        await client.put(name, "key");
      } finally {
        client.close();
      }
    },
  },
  {
    claim: "a settled Bucket with its children causes no write at all",
    run: async ({ cluster, operate, provide, bucketName }) => {
      const operator = await operate({ driftIntervalMs: 300 });
      await provide();
      const autoManage = { enabled: true, rotation: { enabled: true } };
      await cluster.apply(aBucket("calm", { name: bucketName("calm"), autoManage }));
      await untilCredentials(cluster, "calm");
      const before = await countsAtRest(operator);
      const calm = await countsAtRest(operator);
      assertEquals([calm.kube, calm.provider], [before.kube, before.provider]);
    },
  },
  {
    claim: "a changed access level is applied to both policies, and an edited child is put right",
    run: async ({ cluster, operate, provide, bucketName }) => {
      await operate();
      await provide();
      const name = bucketName("level");
      const withLevel = (accessLevel: string) =>
        aBucket("level", { name, autoManage: { accessLevel } });
      await cluster.apply(withLevel("readonly"));
      await untilCredentials(cluster, "level");
      await cluster.apply(withLevel("full"));
      await eventually(async () => {
        for (const kind of ["User", "BucketPolicy"] as const) {
          const child = await cluster.get(kind, childNameOf(kind, "level"));
          assertEquals(child?.spec.policy.statement[0].action, ["s3:*"]);
          assertEquals(conditionOf(child, "Ready").status, "True");
        }
      });
      await untilCredentials(cluster, "level");
      await cluster.patch("AccessKey", "level-accesskey", {
        spec: { rotate: { intervalDays: 1, enabled: true } },
      });
      await eventually(async () => {
        const key = await cluster.get("AccessKey", "level-accesskey");
        assertEquals(key?.spec.rotate.enabled, false);
      });
    },
  },
  {
    claim: "a child that somebody deletes is made again, and the Bucket says so meanwhile",
    run: async ({ cluster, operate, provide, bucketName }) => {
      await operate();
      await provide();
      const autoManage = { enabled: true };
      await cluster.apply(aBucket("mend", { name: bucketName("mend"), autoManage }));
      await untilCredentials(cluster, "mend");
      const before = await cluster.get("BucketPolicy", "mend-policy");
      await cluster.delete("BucketPolicy", "mend-policy");
      await eventually(async () => {
        const child = await cluster.get("BucketPolicy", "mend-policy");
        assertEquals(child !== undefined && child.metadata.uid !== before?.metadata.uid, true);
      });
      await untilCredentials(cluster, "mend");
    },
  },
  {
    claim: "a child's name that somebody else's object has is told, and that object is left alone",
    run: async ({ cluster, operate, provide, bucketName }) => {
      await operate();
      await provide();
      await cluster.apply(aUser("taken-user", { name: bucketName("other") }));
      await cluster.apply(
        aBucket("taken", { name: bucketName("taken"), autoManage: { enabled: true } }),
      );
      const bucket = await cluster.untilCondition("Bucket", "taken", { status: "True" });
      await eventually(async () => {
        const object = await cluster.get("Bucket", "taken");
        const { reason, message } = conditionOf(object, "CredentialsReady")!;
        assertEquals(reason, "ChildrenNotReady");
        assertStringIncludes(message, 'User "taken-user" belongs to somebody else');
      });
      const user = await cluster.get("User", "taken-user");
      assertEquals([user?.spec.name, user?.metadata.ownerReferences], [
        bucketName("other"),
        undefined,
      ]);
      assertEquals(bucket.status.exists, true);
    },
  },
  {
    claim: "autoManage that is asked for at a Provider without IAM is told with the remedy",
    run: async ({ cluster, operate, provide, bucketName }) => {
      await operate();
      await provide({ iamEndpoint: undefined });
      await cluster.apply(
        aBucket("noiam", { name: bucketName("noiam"), autoManage: { enabled: true } }),
        aBucket("silent", { name: bucketName("silent"), autoManage: undefined }),
      );
      const wanted = { type: "CredentialsReady", status: "False", reason: "NoIamEndpoint" };
      const bucket = await cluster.untilCondition("Bucket", "noiam", wanted);
      assertStringIncludes(conditionOf(bucket, "Synced").message, "set spec.iamEndpoint");
      assertEquals(conditionOf(bucket, "Ready").status, "True");
      const silent = await cluster.untilCondition("Bucket", "silent", { status: "True" });
      assertEquals(conditionOf(silent, "Synced").status, "True");
      assertEquals(await cluster.get("User", "silent-user"), undefined);
    },
  },
  {
    claim: "autoManage that is switched on later comes to rest",
    run: async ({ cluster, operate, provide, bucketName }) => {
      const settings = { tagging: { tags: { a: "1" } }, versioning: { enabled: true } };
      const spec = { name: bucketName("later"), ...settings };
      const operator = await operate();
      await provide();
      await cluster.apply(aBucket("later", { ...spec, autoManage: { enabled: false } }));
      await cluster.untilCondition("Bucket", "later", { status: "True" });
      await cluster.apply(aBucket("later", { ...spec, autoManage: { enabled: true } }));
      await untilCredentials(cluster, "later");
      const { passes } = await countsAtRest(operator);
      assertEquals((await countsAtRest(operator)).passes, passes);
    },
  },
  {
    claim: "children outlive autoManage, and go with their Bucket",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("leave");
      await operate();
      await provide();
      const deletion = { deletionPolicy: "Delete", forceDelete: true };
      await cluster.apply(aBucket("leave", { name, autoManage: { enabled: true }, ...deletion }));
      await untilCredentials(cluster, "leave");
      await cluster.apply(aBucket("leave", { name, autoManage: { enabled: false }, ...deletion }));
      const off = await cluster.untilCondition("Bucket", "leave", { status: "True" });
      assertEquals(conditionOf(off, "CredentialsReady"), undefined);
      for (const kind of KINDS) {
        assertEquals((await cluster.get(kind, childNameOf(kind, "leave"))) !== undefined, true);
      }
      await cluster.delete("Bucket", "leave");
      await cluster.untilGone("Bucket", "leave");
      for (const kind of KINDS) await cluster.untilGone(kind, childNameOf(kind, "leave"));
      assertEquals(await iam.userId(name), undefined);
    },
  },
];
