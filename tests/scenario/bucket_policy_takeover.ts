/**
 * Scenarios of BucketPolicies that the predecessor left behind (seed-spec §11).
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { aBucket, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { readBucketPolicy, writeBucketPolicy } from "../support/policy_admin.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import { countWrites } from "./counts.ts";
import type { Scenario, Stage } from "./stage.ts";

const KIND = "BucketPolicy";
const TIME = "2026-11-23T05:04:06.094002+00:00";

/** A BucketPolicy as the predecessor leaves it; its status says `applied`, true or not. */
async function leaveBehind(
  cluster: Stage["cluster"],
  name: string,
  options: { readonly statement: TestObject; readonly spec?: TestObject },
): Promise<void> {
  const policy = aBucketPolicy(name, [options.statement], options.spec);
  policy.metadata.finalizers = [
    "kopf.zalando.org/KopfFinalizerMarker",
    "s3.cloud37.dev/finalizer",
  ];
  policy.metadata.annotations = { "kopf.zalando.org/last-handled-configuration": "{}\n" };
  await cluster.apply(policy);
  const conditions = ["BucketNotReady", "Ready"].map((type) => ({
    type,
    status: "True",
    reason: type,
    message: "as the predecessor said",
    lastTransitionTime: TIME,
  }));
  const status = { applied: true, observedGeneration: 1, lastSyncTime: TIME, conditions };
  await cluster.patchStatus(KIND, name, { status });
}

function statement(bucket: string): TestObject {
  return {
    effect: "Allow",
    principal: "*",
    action: ["s3:GetObject"],
    resource: [`arn:aws:s3:::${bucket}/public/*`],
  };
}

/** The same statement in the service's form, worded differently. */
function onTheBucket(bucket: string): TestObject {
  const body = { Effect: "Allow", Principal: { AWS: ["*"] }, Action: ["s3:GetObject"] };
  const Resource = `arn:aws:s3:::${bucket}/public/*`;
  return { Version: "2012-10-17", Statement: [{ ...body, Resource }] };
}

/** A bucket, and its Bucket `logs`. */
async function withOldBucket({ cluster, cloud, bucketName }: Stage): Promise<string> {
  const name = bucketName("old");
  await cloud.createBucket(name);
  await cluster.apply(aBucket("logs", { name, adoptionPolicy: "Adopt" }));
  return name;
}

/** Scenarios of the takeover. */
export const bucketPolicyTakeoverScenarios: readonly Scenario[] = [
  {
    claim: "a predecessor's BucketPolicy that its bucket has is taken over without a write",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withOldBucket(stage);
      await writeBucketPolicy(cloud.endpoint, name, onTheBucket(name));
      await leaveBehind(cluster, "old", { statement: statement(name) });
      const operator = await stage.operate();
      await stage.provide();
      const policy = await cluster.untilCondition(KIND, "old", { status: "True" });
      assertEquals((await countWrites(operator)).provider, 0);
      assertEquals(policy.metadata.finalizers, ["s3.cloud37.dev/finalizer"]);
      assertEquals(conditionOf(policy, "BucketNotReady").status, "False");
      await cluster.apply(
        aBucketPolicy("old", [{ ...statement(name), sid: "Edited" }]),
      );
      await cluster.untilCondition(KIND, "old", { status: "True" });
      const { Statement } = await readBucketPolicy(cloud.endpoint, name);
      assertEquals(Statement.map(({ Sid }: TestObject) => Sid), ["Edited"]);
    },
  },
  {
    claim: "one that never took effect does not take effect by itself",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withOldBucket(stage);
      await leaveBehind(cluster, "old", { statement: statement(name) });
      const operator = await stage.operate();
      await stage.provide();
      const differs = { status: "False", reason: "TakeoverDiffers" };
      const policy = await cluster.untilCondition(KIND, "old", differs);
      assertStringIncludes(conditionOf(policy, "Ready").message, "spec.adoptionPolicy");
      assertEquals(policy.status.applied, false);
      const edited = { ...statement(name), sid: "Edited" };
      await cluster.patch(KIND, "old", { spec: { policy: { statement: [edited] } } });
      await cluster.untilCondition(KIND, "old", differs);
      assertEquals((await countWrites(operator)).provider, 0);
      await cluster.patch(KIND, "old", { spec: { adoptionPolicy: "Adopt" } });
      await cluster.untilCondition(KIND, "old", { status: "True" });
      const { Statement } = await readBucketPolicy(cloud.endpoint, name);
      assertEquals(Statement.length, 1);
    },
  },
  {
    claim: "one that is deleted takes its own statements off, and no others",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withOldBucket(stage);
      const [ours] = onTheBucket(name).Statement;
      const theirs = { ...ours, Sid: "Theirs", Resource: `arn:aws:s3:::${name}/theirs/*` };
      const both = { Version: "2012-10-17", Statement: [ours, theirs] };
      await writeBucketPolicy(cloud.endpoint, name, both);
      await leaveBehind(cluster, "old", { statement: statement(name) });
      await cluster.delete(KIND, "old");
      await stage.operate();
      await stage.provide();
      await cluster.untilGone(KIND, "old");
      const { Statement } = await readBucketPolicy(cloud.endpoint, name);
      assertEquals(Statement.map(({ Sid }: TestObject) => Sid), ["Theirs"]);
    },
  },
  {
    claim: "one that refers to another namespace goes on with a warning, and not beyond its use",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withOldBucket(stage);
      await writeBucketPolicy(cloud.endpoint, name, onTheBucket(name));
      const other = cluster.in(`${cluster.namespace}-other`);
      await other.createNamespace();
      const bucketRef = { name: "logs", namespace: cluster.namespace };
      await leaveBehind(other, "guest", { statement: statement(name), spec: { bucketRef } });
      await other.apply(aBucketPolicy("new", [statement(name)], { bucketRef }));
      await stage.operate();
      await stage.provide();
      const guest = await other.untilCondition(KIND, "guest", { status: "True" });
      assertEquals(
        conditionOf(guest, "ReferenceWarning").reason,
        "ReferenceAllowedByPredecessor",
      );
      await other.untilCondition(KIND, "new", { status: "False", reason: "ReferenceNotAllowed" });
    },
  },
];
