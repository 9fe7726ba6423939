/**
 * Scenarios of IAMPolicies, for services with managed policies.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { aBucket, aUser, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { ManagedPolicyAdmin } from "../support/managed_policy_admin.ts";
import { readBucketPolicy } from "../support/policy_admin.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import type { Scenario, Stage } from "./stage.ts";

const KIND = "IAMPolicy";
const ANNOTATION = "kopf.zalando.org/last-handled-configuration";

/** An IAMPolicy that allows reading one bucket. */
export function anIAMPolicy(name: string, bucket: string, spec: TestObject = {}): TestObject {
  return {
    apiVersion: "s3.cloud37.dev/v1alpha1",
    kind: KIND,
    metadata: { name },
    spec: {
      providerRef: { name: "provider" },
      policy: {
        statement: [{
          effect: "Allow",
          action: "s3:GetObject",
          resource: `arn:aws:s3:::${bucket}/*`,
        }],
      },
      ...spec,
    },
  };
}

/** The same document in the service's form, worded differently. */
function document(bucket: string): TestObject {
  const Resource = [`arn:aws:s3:::${bucket}/*`];
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource }],
  };
}

function resourceIn(found: TestObject | undefined): string {
  return [found?.Statement?.[0]?.Resource].flat()[0];
}

async function withAdmin(
  { theatre }: Stage,
  run: (admin: ManagedPolicyAdmin) => Promise<void>,
): Promise<void> {
  const admin = new ManagedPolicyAdmin(theatre.cloud);
  try {
    await run(admin);
  } finally {
    admin.close();
  }
}

/** An IAMPolicy as the predecessor leaves it: named like the object, wherever that is. */
async function leaveBehind(
  { cluster }: Stage,
  policy: TestObject,
  { policyArn }: { readonly policyArn: string },
): Promise<void> {
  policy.metadata.annotations = { [ANNOTATION]: "{}\n" };
  await cluster.apply(policy);
  const status = { policyArn, applied: true, attachedUsers: [], observedGeneration: 1 };
  await cluster.patchStatus(KIND, policy.metadata.name, { status });
}

/** Scenarios of IAMPolicies. */
export const iamPolicyScenarios: readonly Scenario[] = [
  {
    claim:
      "an IAMPolicy is made under a name of its namespace, and eight edits leave five versions",
    run: (stage) =>
      withAdmin(stage, async (admin) => {
        const { cluster } = stage;
        await stage.operate();
        await stage.provide();
        await cluster.apply(anIAMPolicy("read", "one"));
        const made = await cluster.untilCondition(KIND, "read", { status: "True" });
        const arn = made.status.policyArn;
        assertMatch(arn, new RegExp(`:policy/${cluster.namespace}\\.read$`));
        assertEquals([made.status.ownership, made.status.applied], ["Created", true]);
        assertEquals(resourceIn(await admin.document(arn)), "arn:aws:s3:::one/*");
        for (const edit of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
          await cluster.apply(anIAMPolicy("read", edit));
          await cluster.untilCondition(KIND, "read", { status: "True" });
          assertEquals(resourceIn(await admin.document(arn)), `arn:aws:s3:::${edit}/*`);
        }
        assertEquals((await admin.versions(arn)).length, 5);
        await cluster.delete(KIND, "read");
        await cluster.untilGone(KIND, "read");
        assertEquals(await admin.document(arn), undefined);
      }),
  },
  {
    claim: "objects of one name in two namespaces have a managed policy each",
    run: (stage) =>
      withAdmin(stage, async (admin) => {
        const { cluster } = stage;
        const other = cluster.in(`${cluster.namespace}-other`);
        await other.createNamespace();
        await stage.operate();
        await stage.provide({ allowedNamespaces: { names: [other.namespace] } });
        const providerRef = { name: "provider", namespace: cluster.namespace };
        await cluster.apply(anIAMPolicy("read", "one"));
        await other.apply(anIAMPolicy("read", "two", { providerRef }));
        const one = await cluster.untilCondition(KIND, "read", { status: "True" });
        const two = await other.untilCondition(KIND, "read", { status: "True" });
        const { policyArn } = one.status;
        assert(policyArn !== two.status.policyArn);
        await other.delete(KIND, "read");
        await other.untilGone(KIND, "read");
        assertEquals(resourceIn(await admin.document(policyArn)), "arn:aws:s3:::one/*");
        assertEquals(await admin.document(two.status.policyArn), undefined);
      }),
  },
  {
    claim: "a managed policy changed behind our back is put right, and other words are no change",
    run: (stage) =>
      withAdmin(stage, async (admin) => {
        const { cluster } = stage;
        await stage.operate({ driftIntervalMs: 300 });
        await stage.provide();
        await cluster.apply(anIAMPolicy("read", "one"));
        const { status } = await cluster.untilCondition(KIND, "read", { status: "True" });
        await admin.update(status.policyArn, document("one"));
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        assertEquals((await admin.versions(status.policyArn)).length, 2);
        await admin.update(status.policyArn, document("theirs"));
        await eventually(async () =>
          assertEquals(resourceIn(await admin.document(status.policyArn)), "arn:aws:s3:::one/*")
        );
      }),
  },
  {
    claim: "the Users that a managed policy is attached to are in its status; it leaves them first",
    run: (stage) =>
      withAdmin(stage, async (admin) => {
        const { cluster, iam } = stage;
        const userName = stage.bucketName("reader");
        await stage.operate();
        await stage.provide();
        await cluster.apply(
          anIAMPolicy("read", "one"),
          aUser("reader", { name: userName, policyRef: { name: "read" } }),
        );
        await cluster.untilCondition("User", "reader", { status: "True" });
        const arn = await eventually(async () => {
          const policy = await cluster.get(KIND, "read");
          assertEquals(policy.status.attachedUsers, [userName]);
          return policy.status.policyArn;
        });
        await cluster.delete(KIND, "read");
        await cluster.untilGone(KIND, "read");
        assertEquals(await admin.document(arn), undefined);
        assertEquals(await iam.attached(userName), []);
      }),
  },
  {
    claim: "a User whose IAMPolicy does not exist says so, and gets it once it is made",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const name = stage.bucketName("waiter");
      await stage.operate();
      await stage.provide();
      await cluster.apply(aUser("waiter", { name, policyRef: { name: "read" } }));
      const wanted = { status: "False", reason: "IAMPolicyNotFound" };
      const waiting = await cluster.untilCondition("User", "waiter", wanted);
      assertStringIncludes(conditionOf(waiting, "Ready").message, 'IAMPolicy "read"');
      await cluster.apply(anIAMPolicy("read", "one"));
      await cluster.untilCondition("User", "waiter", { status: "True" });
      const { status } = await cluster.get(KIND, "read");
      assertEquals(await iam.attached(name), [status.policyArn]);
    },
  },
  {
    claim:
      "a managed policy that somebody else attached is not deleted, and the message names whom",
    run: (stage) =>
      withAdmin(stage, async (admin) => {
        const { cluster } = stage;
        const stranger = stage.bucketName("stranger");
        await stage.operate({ driftIntervalMs: 300 });
        await stage.provide();
        await cluster.apply(anIAMPolicy("read", "one"));
        const { status } = await cluster.untilCondition(KIND, "read", { status: "True" });
        await admin.attachTo(stranger, status.policyArn);
        await cluster.delete(KIND, "read");
        const held = await cluster.untilCondition(KIND, "read", {
          status: "False",
          reason: "AttachedElsewhere",
        });
        assertStringIncludes(conditionOf(held, "Ready").message, `user "${stranger}"`);
        assert(await admin.document(status.policyArn) !== undefined);
        await admin.detachFrom(stranger, status.policyArn);
        await cluster.untilGone(KIND, "read");
        assertEquals(await admin.document(status.policyArn), undefined);
      }),
  },
  {
    claim: "a managed policy that was there before is taken over only when asked, and stays",
    run: (stage) =>
      withAdmin(stage, async (admin) => {
        const { cluster } = stage;
        const name = `${cluster.namespace}.read`;
        const arn = await admin.create(name, { document: document("theirs") });
        await stage.operate();
        await stage.provide();
        await cluster.apply(anIAMPolicy("read", "ours"));
        const refused = { status: "False", reason: "AdoptionRefused" };
        await cluster.untilCondition(KIND, "read", refused);
        assertEquals(resourceIn(await admin.document(arn)), "arn:aws:s3:::theirs/*");
        await cluster.patch(KIND, "read", { spec: { adoptionPolicy: "Adopt" } });
        const adopted = await cluster.untilCondition(KIND, "read", { status: "True" });
        assertEquals(adopted.status.ownership, "Adopted");
        assertEquals(resourceIn(await admin.document(arn)), "arn:aws:s3:::ours/*");
        await cluster.delete(KIND, "read");
        await cluster.untilGone(KIND, "read");
        assert(await admin.document(arn) !== undefined);
      }),
  },
  {
    claim:
      "a predecessor's managed policy keeps its name, and edits that it ignored wait for a word",
    run: (stage) =>
      withAdmin(stage, async (admin) => {
        const { cluster } = stage;
        const [same, edited] = [stage.bucketName("same"), stage.bucketName("edited")];
        for (const name of [same, edited]) {
          const description = `IAMPolicy ${name} managed by wasabi-s3-operator`;
          await admin.create(name, { document: document("one"), description });
        }
        const placeholder = (name: string) => ({ policyArn: `arn:aws:iam::*:policy/${name}` });
        await leaveBehind(stage, anIAMPolicy(same, "one"), placeholder(same));
        await leaveBehind(stage, anIAMPolicy(edited, "two"), placeholder(edited));
        await stage.operate();
        await stage.provide();
        const kept = await cluster.untilCondition(KIND, same, { status: "True" });
        assertMatch(kept.status.policyArn, new RegExp(`^arn:aws:iam::\\d+:policy/${same}$`));
        assertEquals(kept.status.ownership, "Created");
        assertEquals((await admin.versions(kept.status.policyArn)).length, 1);
        const differs = { status: "False", reason: "TakeoverDiffers" };
        await cluster.untilCondition(KIND, edited, differs);
        await cluster.patch(KIND, edited, { spec: { adoptionPolicy: "Adopt" } });
        const written = await cluster.untilCondition(KIND, edited, { status: "True" });
        const { policyArn } = written.status;
        assertEquals(resourceIn(await admin.document(policyArn)), "arn:aws:s3:::two/*");
        await cluster.delete(KIND, same);
        await cluster.untilGone(KIND, same);
        assertEquals(await admin.document(kept.status.policyArn), undefined);
      }),
  },
  {
    claim: "without an IAM endpoint an IAMPolicy says what is missing",
    run: async ({ cluster, operate, provide, theatre }) => {
      await operate();
      await provide({ iamEndpoint: undefined });
      await cluster.apply(anIAMPolicy("read", "one"));
      const policy = await cluster.untilCondition(KIND, "read", {
        status: "False",
        reason: "NoIamEndpoint",
      });
      assertEquals(conditionOf(policy, "ProviderNotReady").status, "True");
      await provide({ iamEndpoint: theatre.cloud.iamUrl });
      await cluster.untilCondition(KIND, "read", { status: "True" });
      await cluster.delete(KIND, "read");
      await cluster.untilGone(KIND, "read");
    },
  },
  {
    claim: "principals in the predecessor's forms get the account's real number",
    run: async (stage) => {
      const { cluster, cloud } = stage;
      const [name, userName] = [stage.bucketName("granted"), stage.bucketName("guest")];
      const { policy } = anIAMPolicy("elsewhere", "elsewhere").spec;
      await stage.operate();
      await stage.provide();
      await cluster.apply(
        aBucket("logs", { name }),
        aUser("guest", { name: userName, policy }),
      );
      await cluster.untilCondition("User", "guest", { status: "True" });
      const statements = ["*", "wasabi"].map((account, index) => ({
        sid: `Read-${index}`,
        effect: "Allow",
        principal: `arn:aws:iam::${account}:user/${userName}`,
        action: ["s3:GetObject"],
        resource: [`arn:aws:s3:::${name}/${index}`],
      }));
      await cluster.apply(aBucketPolicy("grant", statements));
      await cluster.untilCondition("BucketPolicy", "grant", { status: "True" });
      const { Statement } = await readBucketPolicy(cloud.endpoint, name);
      for (const { Principal } of Statement) {
        const [principal] = [Principal.AWS].flat();
        assertMatch(principal, new RegExp(`^arn:aws:iam::\\d{12}:user/${userName}$`));
      }
    },
  },
];
