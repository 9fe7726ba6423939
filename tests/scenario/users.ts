/**
 * Scenarios of Users, for services with IAM.
 */
import { assertEquals, assertExists, assertMatch, assertStringIncludes } from "@std/assert";
import { aProvider, aUser, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countsAtRest } from "./counts.ts";
import type { Scenario } from "./stage.ts";

const ANNOTATION = "kopf.zalando.org/last-handled-configuration";

function reads(bucket: string): TestObject {
  return {
    version: "2012-10-17",
    statement: [{
      sid: "read",
      effect: "Allow",
      action: ["s3:GetObject"],
      resource: [`arn:aws:s3:::${bucket}/*`],
    }],
  };
}

function document(bucket: string, action: TestObject = "s3:GetObject"): TestObject {
  return {
    Version: "2012-10-17",
    Statement: [{
      Sid: "read",
      Effect: "Allow",
      Action: action,
      Resource: `arn:aws:s3:::${bucket}/*`,
    }],
  };
}

function anOldUser(name: string, spec: TestObject): TestObject {
  const user = aUser(name, spec);
  user.metadata.annotations = { [ANNOTATION]: "{}\n" };
  return user;
}

/** Scenarios of Users. */
export const userScenarios: readonly Scenario[] = [
  {
    claim: "a User is made with its policy, follows its edits, and is gone when it is deleted",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("app");
      const operator = await operate();
      await provide();
      await cluster.apply(aUser("user", { name, policy: reads("one") }));
      const made = await cluster.untilCondition("User", "user", { status: "True" });
      assertEquals(made.status.userId, await iam.userId(name));
      assertMatch(made.status.arn, new RegExp(`:user/${name}$`));
      assertEquals([made.status.ownership, made.status.created], ["Created", true]);
      assertEquals(await iam.policies(name), [`${name}-policy`]);
      await countsAtRest(operator);
      await cluster.apply(aUser("user", { name, policy: reads("two") }));
      await cluster.untilCondition("User", "user", { status: "True" });
      assertStringIncludes(JSON.stringify(await iam.policy(name)), "arn:aws:s3:::two/*");
      const key = await iam.createKey(name);
      await iam.putPolicy(name, "extra", document("three"));
      assertEquals((await iam.keys(name)).map(({ id }) => id), [key.id]);
      await cluster.delete("User", "user");
      await cluster.untilGone("User", "user");
      assertEquals(await iam.userId(name), undefined);
    },
  },
  {
    claim: "a policy that means the same is left alone; one that was changed is restored",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("drift");
      const operator = await operate({ driftIntervalMs: 300 });
      await provide();
      await cluster.apply(aUser("user", { name, policy: reads("one") }));
      await cluster.untilCondition("User", "user", { status: "True" });
      await iam.putPolicy(name, `${name}-policy`, document("one", ["S3:getobject"]));
      const before = (await countsAtRest(operator)).provider;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      assertEquals((await countsAtRest(operator)).provider, before);
      await iam.putPolicy(name, `${name}-policy`, document("one", "s3:*"));
      await eventually(async () => {
        assertStringIncludes(JSON.stringify(await iam.policy(name)), "s3:GetObject");
      });
    },
  },
  {
    claim: "an IAM user that was there before is refused, adopted on demand, and then retained",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("theirs");
      await iam.createUser(name);
      await operate();
      await provide();
      await cluster.apply(aUser("user", { name, policy: reads("one") }));
      await cluster.untilCondition("User", "user", { status: "False", reason: "AdoptionRefused" });
      assertEquals(await iam.policies(name), []);
      await cluster.apply(aUser("user", { name, policy: reads("one"), adoptionPolicy: "Adopt" }));
      const adopted = await cluster.untilCondition("User", "user", { status: "True" });
      assertEquals(adopted.status.ownership, "Adopted");
      assertEquals(await iam.policies(name), [`${name}-policy`]);
      await cluster.delete("User", "user");
      await cluster.untilGone("User", "user");
      assertExists(await iam.userId(name));
    },
  },
  {
    claim: "a refused User leaves the IAM user of somebody else behind when it is deleted",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("foreign");
      await iam.createUser(name);
      await operate();
      await provide();
      await cluster.apply(aUser("user", { name, deletionPolicy: "Delete" }));
      await cluster.untilCondition("User", "user", { status: "False", reason: "AdoptionRefused" });
      await cluster.delete("User", "user");
      await cluster.untilGone("User", "user");
      assertExists(await iam.userId(name));
    },
  },
  {
    claim: "the predecessor's User is taken over by its id, or by the policy that it wrote",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const [known, half, forged] = ["known", "half", "forged"].map(bucketName);
      const userId = await iam.createUser(known!);
      await iam.createUser(half!);
      await iam.putPolicy(half!, `${half}-policy`, document("one", ["s3:GetObject"]));
      await iam.createUser(forged!);
      await cluster.apply(
        anOldUser("known", { name: known, policy: reads("one") }),
        anOldUser("half", { name: half, policy: reads("one") }),
        anOldUser("forged", { name: forged, policy: reads("one") }),
      );
      await cluster.patchStatus("User", "known", { status: { userId, created: true } });
      await operate();
      await provide();
      const first = await cluster.untilCondition("User", "known", { status: "True" });
      assertEquals([first.status.userId, first.status.ownership], [userId, "Created"]);
      await cluster.untilCondition("User", "half", { status: "True" });
      await cluster.untilCondition("User", "forged", {
        status: "False",
        reason: "AdoptionRefused",
      });
      await cluster.delete("User", "half");
      await cluster.untilGone("User", "half");
      assertEquals(await iam.userId(half!), undefined);
    },
  },
  {
    claim: "a user that somebody deleted and made anew is not taken for ours",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("replaced");
      await operate({ driftIntervalMs: 300 });
      await provide();
      await cluster.apply(aUser("user", { name }));
      await cluster.untilCondition("User", "user", { status: "True" });
      await cluster.patchStatus("User", "user", { status: { userId: "AIDASOMEBODYELSE" } });
      await cluster.untilCondition("User", "user", { status: "False", reason: "UserReplaced" });
      await cluster.delete("User", "user");
      await cluster.untilGone("User", "user");
      assertExists(await iam.userId(name));
    },
  },
  {
    claim: "two Users of one name: one has it, the other says so and deletes nothing",
    run: async ({ cluster, iam, operate, provide, bucketName }) => {
      const name = bucketName("shared");
      await operate();
      await provide();
      await cluster.apply(aUser("first", { name }));
      await cluster.untilCondition("User", "first", { status: "True" });
      await cluster.apply(aUser("second", { name, adoptionPolicy: "Adopt" }));
      await cluster.untilCondition("User", "second", { status: "False", reason: "UserConflict" });
      await cluster.delete("User", "second");
      await cluster.untilGone("User", "second");
      assertExists(await iam.userId(name));
    },
  },
  {
    claim: "two Users for one IAM user by two Providers of one account: the first has it",
    run: async ({ cluster, iam, theatre, operate, provide, bucketName }) => {
      const name = bucketName("account");
      await iam.createUser(name);
      await operate();
      await provide();
      const { url: endpoint, iamUrl: iamEndpoint } = theatre.cloud;
      await cluster.apply(
        aProvider("other", { endpoint, iamEndpoint }),
        aUser("first", { name, adoptionPolicy: "Adopt" }),
      );
      await cluster.untilCondition("User", "first", { status: "True" });
      const providerRef = { name: "other" };
      await cluster.apply(aUser("second", { name, adoptionPolicy: "Adopt", providerRef }));
      await cluster.untilCondition("User", "second", { status: "False", reason: "UserConflict" });
      await cluster.delete("User", "first");
      await cluster.untilCondition("User", "second", { status: "True" });
      assertExists(await iam.userId(name));
    },
  },
  {
    claim: "without an IAM endpoint a User says which field to set, and works once it is set",
    run: async ({ cluster, theatre, operate, provide, bucketName }) => {
      await operate();
      await provide({ iamEndpoint: undefined });
      await cluster.apply(aUser("user", { name: bucketName("none") }));
      const waiting = await cluster.untilCondition("User", "user", {
        status: "False",
        reason: "NoIamEndpoint",
      });
      assertStringIncludes(conditionOf(waiting, "Ready").message, "set spec.iamEndpoint");
      await provide({ iamEndpoint: theatre.cloud.iamUrl });
      await cluster.untilCondition("User", "user", { status: "True" });
    },
  },
];
