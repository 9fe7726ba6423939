/**
 * Scenarios of BucketPolicies.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { aBucket, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import {
  readBucketPolicy,
  removeBucketPolicy,
  writeBucketPolicy,
} from "../support/policy_admin.ts";
import { countsAtRest, countWrites } from "./counts.ts";
import type { Scenario, Stage } from "./stage.ts";

const KIND = "BucketPolicy";

/** A BucketPolicy on the Bucket `logs`. */
export function aBucketPolicy(
  name: string,
  statements: readonly TestObject[],
  spec: TestObject = {},
): TestObject {
  return {
    apiVersion: "s3.cloud37.dev/v1alpha1",
    kind: KIND,
    metadata: { name },
    spec: { bucketRef: { name: "logs" }, policy: { statement: statements }, ...spec },
  };
}

/** Everybody may read below a prefix of the bucket. */
function reading(bucket: string, prefix: string): TestObject {
  return {
    sid: "Read",
    effect: "Allow",
    principal: "*",
    action: "s3:GetObject",
    resource: [`arn:aws:s3:::${bucket}/${prefix}/*`],
  };
}

/** A statement of somebody else, as the service has it. */
function foreign(bucket: string): TestObject {
  return {
    Sid: "Theirs",
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject"],
    Resource: [`arn:aws:s3:::${bucket}/theirs/*`],
  };
}

function policyOf(...statements: readonly TestObject[]): TestObject {
  return { Version: "2012-10-17", Statement: statements };
}

/** A Ready Bucket `logs` whose bucket has another name. */
async function withBucket(stage: Stage, options: TestObject = {}): Promise<string> {
  const name = stage.bucketName("policies");
  await stage.operate(options);
  await stage.provide();
  await stage.cluster.apply(aBucket("logs", { name, deletionPolicy: "Delete" }));
  await stage.cluster.untilCondition("Bucket", "logs", { status: "True" });
  return name;
}

/** Names of the statements on the bucket. */
async function namesOn({ cloud }: Stage, bucket: string): Promise<readonly string[]> {
  const policy = await readBucketPolicy(cloud.endpoint, bucket);
  return (policy?.Statement ?? []).map(({ Sid }: TestObject) => Sid).sort();
}

/** Scenarios that need nothing but an S3 service with bucket policies. */
export const bucketPolicyScenarios: readonly Scenario[] = [
  {
    claim:
      "a BucketPolicy is on its Bucket's bucket, under that one's real name, before it is Ready",
    run: async (stage) => {
      const name = await withBucket(stage);
      await stage.cluster.apply(aBucketPolicy("public", [reading(name, "public")]));
      const policy = await stage.cluster.untilCondition(KIND, "public", { status: "True" });
      assertEquals(await namesOn(stage, name), ["Read"]);
      assertEquals(policy.status.applied, true);
      assertEquals(policy.status.bucketName, name);
      assertEquals(policy.status.appliedStatements.length, 1);
      assertEquals(conditionOf(policy, "Synced").status, "True");
      assertEquals(conditionOf(policy, "BucketNotReady").status, "False");
      assertEquals(conditionOf(policy, "ApplyFailed").status, "False");
      assertStringIncludes(conditionOf(policy, "PolicyWarning").message, "everybody in the world");
      await stage.cluster.apply(
        aBucketPolicy("public", [{ ...reading(name, "x"), sid: "Edited" }]),
      );
      await stage.cluster.untilCondition(KIND, "public", { status: "True" });
      assertEquals(await namesOn(stage, name), ["Edited"]);
    },
  },
  {
    claim: "BucketPolicies of one bucket keep their statements apart, equal names included",
    run: async (stage) => {
      const { cluster } = stage;
      const name = await withBucket(stage);
      await cluster.apply(
        aBucketPolicy("one", [reading(name, "one")]),
        aBucketPolicy("two", [reading(name, "two")]),
        aBucketPolicy("three", [{ ...reading(name, "three"), sid: "Three" }]),
      );
      await eventually(async () => {
        const names = await namesOn(stage, name);
        assertEquals(names.length, 3);
        assertMatch(names[0]!, /^Read[0-9a-f]{8}$/);
        assertMatch(names[1]!, /^Read[0-9a-f]{8}$/);
        assertEquals(names[2], "Three");
      });
      await eventually(async () => {
        const one = await cluster.untilCondition(KIND, "one", { status: "True" });
        assertStringIncludes(conditionOf(one, "PolicyWarning").message, 'is called "Read"');
      });
      await cluster.delete(KIND, "two");
      await cluster.untilGone(KIND, "two");
      await eventually(async () => assertEquals(await namesOn(stage, name), ["Read", "Three"]));
      await cluster.delete(KIND, "three");
      await cluster.delete(KIND, "one");
      await cluster.untilGone(KIND, "three");
      await cluster.untilGone(KIND, "one");
      assertEquals(await readBucketPolicy(stage.cloud.endpoint, name), undefined);
    },
  },
  {
    claim:
      "statements that no BucketPolicy put there stop the write, until they are adopted; and stay",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withBucket(stage);
      await writeBucketPolicy(cloud.endpoint, name, policyOf(foreign(name)));
      await cluster.apply(aBucketPolicy("ours", [reading(name, "ours")]));
      const refused = await cluster.untilCondition(KIND, "ours", {
        status: "False",
        reason: "ForeignPolicy",
      });
      assertStringIncludes(conditionOf(refused, "Ready").message, "spec.adoptionPolicy");
      assertEquals(await namesOn(stage, name), ["Theirs"]);
      await cluster.patch(KIND, "ours", { spec: { adoptionPolicy: "Adopt" } });
      await cluster.untilCondition(KIND, "ours", { status: "True" });
      assertEquals(await namesOn(stage, name), ["Read", "Theirs"]);
      await cluster.delete(KIND, "ours");
      await cluster.untilGone(KIND, "ours");
      assertEquals(await namesOn(stage, name), ["Theirs"]);
    },
  },
  {
    claim: "statements of others are replaced where the spec says so",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withBucket(stage);
      await writeBucketPolicy(cloud.endpoint, name, policyOf(foreign(name)));
      const spec = { adoptionPolicy: "Replace" };
      await cluster.apply(aBucketPolicy("ours", [reading(name, "ours")], spec));
      await cluster.untilCondition(KIND, "ours", { status: "True" });
      assertEquals(await namesOn(stage, name), ["Read"]);
    },
  },
  {
    claim: "a refused BucketPolicy that is deleted removes nothing",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withBucket(stage);
      await writeBucketPolicy(cloud.endpoint, name, policyOf(foreign(name)));
      await cluster.apply(aBucketPolicy("ours", [reading(name, "ours")]));
      await cluster.untilCondition(KIND, "ours", { status: "False", reason: "ForeignPolicy" });
      await cluster.delete(KIND, "ours");
      await cluster.untilGone(KIND, "ours");
      assertEquals(await namesOn(stage, name), ["Theirs"]);
    },
  },
  {
    claim: "a policy removed or edited behind our back comes back",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withBucket(stage, { driftIntervalMs: 300 });
      await cluster.apply(aBucketPolicy("ours", [reading(name, "ours")]));
      await cluster.untilCondition(KIND, "ours", { status: "True" });
      await removeBucketPolicy(cloud.endpoint, name);
      await eventually(async () => assertEquals(await namesOn(stage, name), ["Read"]));
      const edited = { ...foreign(name), Sid: "Read" };
      await writeBucketPolicy(cloud.endpoint, name, policyOf(edited));
      await eventually(async () => {
        const policy = await readBucketPolicy(cloud.endpoint, name);
        assertStringIncludes(JSON.stringify(policy), `${name}/ours/*`);
        assertEquals(JSON.stringify(policy).includes("theirs"), false);
      });
    },
  },
  {
    claim: "a policy in other words is no drift: nothing is written",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = stage.bucketName("words");
      const operator = await stage.operate({ driftIntervalMs: 200 });
      await stage.provide();
      await cluster.apply(
        aBucket("logs", { name }),
        aBucketPolicy("ours", [reading(name, "ours"), { ...reading(name, "b"), sid: "B" }]),
      );
      await cluster.untilCondition(KIND, "ours", { status: "True" });
      const policy = await readBucketPolicy(cloud.endpoint, name);
      const reworded = policy.Statement.toReversed().map((statement: TestObject) => ({
        ...statement,
        Principal: { AWS: ["*"] },
        Resource: [statement.Resource].flat()[0],
      }));
      await writeBucketPolicy(cloud.endpoint, name, policyOf(...reworded));
      const before = await countsAtRest(operator);
      await eventually(async () =>
        assert((await countWrites(operator)).passes >= before.passes + 8)
      );
      const after = await countWrites(operator);
      assertEquals(after.provider, before.provider);
      assertEquals(after.kube, before.kube);
    },
  },
  {
    claim: "a policy that shuts out the operator, or is about another bucket, is refused unsent",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = await withBucket(stage);
      const everything = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
      await cluster.apply(
        aBucketPolicy("shut", [
          { effect: "Deny", principal: "*", action: "s3:*", resource: everything },
        ]),
        aBucketPolicy("elsewhere", [reading("another-bucket", "x")]),
      );
      const invalid = { status: "False", reason: "InvalidPolicy" };
      const shut = await cluster.untilCondition(KIND, "shut", invalid);
      assertStringIncludes(conditionOf(shut, "Ready").message, "shut out the operator itself");
      const elsewhere = await cluster.untilCondition(KIND, "elsewhere", invalid);
      assertStringIncludes(conditionOf(elsewhere, "Ready").message, "not in this bucket");
      assertEquals(await readBucketPolicy(cloud.endpoint, name), undefined);
    },
  },
  {
    claim: "an edit that is refused leaves what was applied before",
    run: async (stage) => {
      const { cluster } = stage;
      const name = await withBucket(stage);
      await cluster.apply(aBucketPolicy("ours", [reading(name, "ours")]));
      await cluster.untilCondition(KIND, "ours", { status: "True" });
      await cluster.apply(aBucketPolicy("ours", [reading("another-bucket", "x")]));
      const invalid = { status: "False", reason: "InvalidPolicy" };
      const refused = await cluster.untilCondition(KIND, "ours", invalid);
      assertStringIncludes(conditionOf(refused, "Ready").message, "what was applied before stays");
      await cluster.apply(aBucketPolicy("more", [{ ...reading(name, "more"), sid: "More" }]));
      await cluster.untilCondition(KIND, "more", { status: "True" });
      assertEquals(await namesOn(stage, name), ["More", "Read"]);
    },
  },
  {
    claim: "a BucketPolicy waits for its Bucket, does not hold it up, and goes after it",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const name = stage.bucketName("late");
      await stage.operate();
      await stage.provide();
      await cluster.apply(aBucketPolicy("early", [reading(name, "x")]));
      const waiting = await cluster.untilCondition(KIND, "early", {
        status: "False",
        reason: "BucketNotFound",
      });
      assertEquals(conditionOf(waiting, "BucketNotReady").status, "True");
      await cluster.apply(aBucket("logs", { name, deletionPolicy: "Delete" }));
      const ready = await cluster.untilCondition(KIND, "early", { status: "True" });
      assertEquals(conditionOf(ready, "BucketNotReady").status, "False");
      await cluster.delete("Bucket", "logs");
      await cluster.untilGone("Bucket", "logs");
      assertEquals(await cloud.exists(name), false);
      await cluster.delete(KIND, "early");
      await cluster.untilGone(KIND, "early");
    },
  },
  {
    claim: "statements leave a retained bucket also when its Bucket went first, and no others do",
    run: async (stage) => {
      const { cluster, theatre } = stage;
      const name = await withBucket(stage);
      await cluster.apply(
        aBucketPolicy("stays", [reading(name, "stays")]),
        aBucketPolicy("goes", [reading(name, "goes")]),
      );
      await cluster.untilCondition(KIND, "stays", { status: "True" });
      await cluster.untilCondition(KIND, "goes", { status: "True" });
      await cluster.patch("Bucket", "logs", { spec: { deletionPolicy: "Retain" } });
      await cluster.delete("Bucket", "logs");
      await cluster.untilGone("Bucket", "logs");
      await cluster.delete("Provider", "provider");
      await cluster.delete(KIND, "goes");
      await cluster.untilGone(KIND, "goes");
      const { Statement } = await readBucketPolicy(theatre.cloud, name);
      assertEquals(Statement.length, 1);
      assertStringIncludes(JSON.stringify(Statement), "/stays/");
      await cluster.delete(KIND, "stays");
      await cluster.untilGone(KIND, "stays");
      assertEquals(await readBucketPolicy(theatre.cloud, name), undefined);
      await cluster.untilGone("Provider", "provider");
    },
  },
  {
    claim: "a Bucket of another namespace takes a policy by its grant; without it nothing is lost",
    run: async (stage) => {
      const { cluster } = stage;
      const name = await withBucket(stage);
      const other = cluster.in(`${cluster.namespace}-other`);
      await other.createNamespace();
      const bucketRef = { name: "logs", namespace: cluster.namespace };
      await other.apply(aBucketPolicy("guest", [reading(name, "guest")], { bucketRef }));
      const notAllowed = { status: "False", reason: "ReferenceNotAllowed" };
      await other.untilCondition(KIND, "guest", notAllowed);
      const names = [other.namespace];
      await cluster.patch("Bucket", "logs", { spec: { allowedNamespaces: { names } } });
      await other.untilCondition(KIND, "guest", { status: "True" });
      await cluster.patch("Bucket", "logs", { spec: { allowedNamespaces: null } });
      await other.untilCondition(KIND, "guest", notAllowed);
      await other.apply(
        aBucketPolicy("guest", [{ ...reading(name, "x"), sid: "Later" }], { bucketRef }),
      );
      await other.untilCondition(KIND, "guest", notAllowed);
      assertEquals(await namesOn(stage, name), ["Read"]);
      await other.delete(KIND, "guest");
      await other.untilGone(KIND, "guest");
      assertEquals(await namesOn(stage, name), []);
    },
  },
];
