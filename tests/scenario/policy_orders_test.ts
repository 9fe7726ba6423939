/**
 * Buckets, Users and both kinds of policies come, change and go in any order: everything becomes
 * deletable, nothing stays behind in the account, and somebody else's policy is never touched.
 */
import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { aBucket, aUser, type TestObject } from "../support/builders.ts";
import { ManagedPolicyAdmin } from "../support/managed_policy_admin.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import { type Embedded, withEmbedded } from "./embedded.ts";
import { anIAMPolicy } from "./iam_policies.ts";
import { play, type Stage } from "./stage.ts";

const RUNS = 25;

type Kind = "Bucket" | "BucketPolicy" | "IAMPolicy" | "User";

interface Action {
  readonly kind: Kind;
  readonly number: 0 | 1;
  /** Undefined for a deletion. */
  readonly variant: number | undefined;
  /** How long until the next action: long enough for a pass, or not. */
  readonly pauseMs: number;
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom<Kind>("Bucket", "BucketPolicy", "IAMPolicy", "User"),
  number: fc.constantFrom(0, 1),
  variant: fc.option(fc.nat(3), { nil: undefined }),
  pauseMs: fc.constantFrom(0, 5, 40),
});

/** Orders of the end. */
const ending = fc.shuffledSubarray(
  (["Bucket", "BucketPolicy", "IAMPolicy", "User"] as const).flatMap((kind) =>
    ([0, 1] as const).map((number) => ({ kind, number }))
  ),
  { minLength: 8 },
);

function nameOf({ kind, number }: Pick<Action, "kind" | "number">): string {
  return `${kind.toLowerCase()}${number}`;
}

function objectOf(stage: Stage, { kind, number, variant = 0 }: Action): TestObject {
  const bucket = stage.bucketName(`b${number}`);
  const name = nameOf({ kind, number });
  switch (kind) {
    case "Bucket":
      return aBucket(name, {
        name: bucket,
        autoManage: { enabled: false },
        deletionPolicy: "Delete",
        tagging: { tags: { variant: String(variant) } },
      });
    case "BucketPolicy": {
      // Both are on the first Bucket, under one name and sometimes with one meaning.
      const resource = `arn:aws:s3:::${stage.bucketName("b0")}/${variant}/*`;
      const statement = { sid: "Read", effect: "Allow", principal: "*", action: "s3:GetObject" };
      return aBucketPolicy(name, [{ ...statement, resource }], { bucketRef: { name: "bucket0" } });
    }
    case "IAMPolicy":
      return anIAMPolicy(name, `x${variant}`);
    case "User": {
      const rights = variant < 2
        ? { policyRef: { name: `iampolicy${variant}` } }
        : { policy: anIAMPolicy("inline", `y${variant}`).spec.policy };
      return aUser(name, { name: stage.bucketName(name), ...rights });
    }
  }
}

async function perform(stage: Stage, action: Action): Promise<void> {
  const { cluster } = stage;
  const { kind } = action;
  const object = objectOf(stage, action);
  const name = object.metadata.name;
  const there = await cluster.get(kind, name);
  if (there === undefined) {
    if (action.variant !== undefined) await cluster.apply(object);
  } else if (there.metadata.deletionTimestamp === undefined) {
    const cleared = kind === "User" ? { policy: null, policyRef: null } : {};
    await unlessGone(
      action.variant === undefined
        ? cluster.delete(kind, name)
        : cluster.patch(kind, name, { spec: { ...cleared, ...object.spec } }),
    );
  }
  await new Promise((resolve) => setTimeout(resolve, action.pauseMs));
}

/** The last pass over a deleted object may be faster. */
async function unlessGone(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!String(error).includes('"code":404')) throw error;
  }
}

/** Of the policies of the account only the one that was there before is there, as it was. */
function assertEmpty({ s3 }: Embedded, foreignArn: string): void {
  const { users, policies } = s3.state.directory;
  assertEquals([...s3.state.buckets.keys()], []);
  assertEquals([...users.keys()], []);
  const local = [...policies.keys()].filter((arn) => !arn.startsWith("arn:aws:iam::aws:"));
  assertEquals(local, [foreignArn]);
  assertEquals(policies.get(foreignArn)?.versions.size, 1);
}

Deno.test(`policies and what they need come and go in any order, ${RUNS} times`, () =>
  withEmbedded(async (embedded) => {
    const admin = new ManagedPolicyAdmin(embedded.theatre.cloud);
    const document = anIAMPolicy("theirs", "theirs").spec.policy.statement[0];
    const foreignArn = await admin.create("theirs", {
      document: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: document.action, Resource: document.resource }],
      },
    });
    admin.close();
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 4, maxLength: 16 }),
        ending,
        (actions, end) =>
          play(embedded.theatre, {
            claim: "any order",
            run: async (stage) => {
              await stage.operate({ driftIntervalMs: 300, policySettleMs: 50 });
              await stage.provide();
              for (const one of actions) await perform(stage, one);
              for (const { kind, number } of end) {
                await perform(stage, { kind, number, variant: undefined, pauseMs: 0 });
              }
              for (const one of end) await stage.cluster.untilGone(one.kind, nameOf(one));
              assertEmpty(embedded, foreignArn);
            },
          }),
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  }));
