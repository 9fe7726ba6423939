import { assert, assertEquals } from "@std/assert";
import type { IAMPolicy } from "../../../../src/api/iam_policy.ts";
import { descriptionOf, policyNameOf } from "../../../../src/resources/iam_policy/names.ts";
import type { Observed } from "../../../../src/resources/iam_policy/observe.ts";
import { type PlanInput, planPolicy } from "../../../../src/resources/iam_policy/plan.ts";
import { policyFingerprint } from "../../../../src/resources/policy/canonical.ts";
import type { TestObject } from "../../../support/builders.ts";

const WANTED = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow" as const, Action: "s3:GetObject", Resource: "*" }],
};
const ARN = "arn:aws:iam::100000000001:policy/home.read";
const NOW = Date.parse("2026-01-01T00:10:00Z");

function present(document: unknown, description?: string): Observed {
  return {
    kind: "present",
    policy: { arn: ARN, policyName: "home.read", defaultVersionId: "v1", description },
    document: JSON.stringify(document),
    attached: { users: [], groups: [], roles: [] },
  };
}

function plan(observed: Observed, input: Partial<PlanInput> = {}) {
  return planPolicy({
    name: "home.read",
    wanted: WANTED,
    observed,
    status: {},
    takenOver: false,
    adopts: false,
    descriptions: { ours: "ours", predecessors: "the predecessor's" },
    nowMs: NOW,
    ...input,
  });
}

const CHANGED = { ...WANTED, Statement: [{ ...WANTED.Statement[0], Action: "s3:*" }] };
const SAME = {
  Version: "2012-10-17",
  Statement: { ...WANTED.Statement[0], Action: ["S3:GETOBJECT"] },
};

const RIGHTS: readonly (readonly [string, Partial<PlanInput>, string | undefined, string])[] = [
  ["nothing but the name", {}, undefined, "refused"],
  ["somebody else's description", {}, "theirs", "refused"],
  ["our description", {}, "ours", "Created"],
  ["a recorded intention", { status: { ownership: "Creating" } }, undefined, "Created"],
  [
    "a recorded intention, and somebody else's description",
    { status: { ownership: "Creating" } },
    "theirs",
    "refused",
  ],
  ["the predecessor's memory", { takenOver: true }, undefined, "Created"],
  ["the predecessor's memory and description", { takenOver: true }, "the predecessor's", "Created"],
  ["the predecessor's memory alone", { takenOver: true }, "theirs", "refused"],
  ["a wish to adopt", { adopts: true }, "theirs", "Adopted"],
  ["an earlier adoption", { status: { ownership: "Adopted" } }, "theirs", "Adopted"],
];

for (const [what, input, description, right] of RIGHTS) {
  Deno.test(`a managed policy with ${what}: ${right}`, () => {
    const result = plan(present(SAME, description), input);
    if (right === "refused") {
      assert(result.kind === "refused");
      return assertEquals(result.reason, "AdoptionRefused");
    }
    assertEquals(result, { kind: "settled", arn: ARN, ownership: right } as typeof result);
  });
}

Deno.test("what is absent is made, what differs is updated, what means the same is left", () => {
  const status = { ownership: "Created" as const };
  assertEquals(plan({ kind: "absent" }, { status }).kind, "create");
  assertEquals(plan(present(CHANGED), { status }).kind, "update");
  assertEquals(plan(present(SAME), { status }).kind, "settled");
  assertEquals(plan({ kind: "unsupported", code: "MethodNotAllowed" }).kind, "unsupported");
});

Deno.test("what was just written is waited for, not written again; after five minutes it is", () => {
  const writtenDocument = policyFingerprint(WANTED);
  const status = { ownership: "Created" as const, writtenDocument };
  const soon = { ...status, writeTime: "2026-01-01T00:05:01Z" };
  const late = { ...status, writeTime: "2026-01-01T00:05:00Z" };
  assertEquals(plan(present(CHANGED), { status: soon }).kind, "settling");
  assertEquals(plan({ kind: "absent" }, { status: soon }).kind, "settling");
  assertEquals(plan(present(CHANGED), { status: late }).kind, "update");
  const other = { ...soon, writtenDocument: "of another document" };
  assertEquals(plan(present(CHANGED), { status: other }).kind, "update");
});

Deno.test("an edit that the predecessor ignored waits for a word", () => {
  const result = plan(present(CHANGED), { takenOver: true });
  assert(result.kind === "refused");
  assertEquals(result.reason, "TakeoverDiffers");
  assertEquals(plan(present(CHANGED), { takenOver: true, adopts: true }).kind, "update");
  const status = { ownership: "Created" as const };
  assertEquals(plan(present(CHANGED), { takenOver: true, status }).kind, "update");
});

function policy(namespace: string, name: string, extra: TestObject = {}): IAMPolicy {
  return {
    apiVersion: "s3.cloud37.dev/v1alpha1",
    kind: "IAMPolicy",
    metadata: {
      namespace,
      name,
      uid: `${namespace}-${name}`,
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...extra.metadata,
    },
    ...(extra.status === undefined ? {} : { status: extra.status }),
  };
}

function old(namespace: string, creationTimestamp: string, status: TestObject = {}): IAMPolicy {
  const annotations = { "kopf.zalando.org/last-handled-configuration": "{}" };
  return policy(namespace, "read", {
    metadata: { annotations, creationTimestamp },
    status: { policyArn: "arn:aws:iam::*:policy/read", ...status },
  });
}

Deno.test("names tell namespaces apart, and long ones stay below IAM's limit", () => {
  assertEquals(policyNameOf(policy("team-a", "read"), { others: [] }), "team-a.read");
  assertEquals(policyNameOf(policy("team", "a.read"), { others: [] }), "team.a.read");
  const [one, two] = ["x", "y"].map((end) =>
    policyNameOf(policy("team-a", `${"long".repeat(40)}${end}`), { others: [] })
  );
  assertEquals([one!.length, two!.length], [128, 128]);
  assert(one !== two);
  assert(descriptionOf(policy("team-a", "read")).includes("team-a/read (team-a-read)"));
});

Deno.test("of two objects that the predecessor gave one policy, the first keeps it", () => {
  const first = old("a", "2025-01-01T00:00:00Z");
  const second = old("b", "2025-06-01T00:00:00Z");
  const others = [first, second];
  assertEquals(policyNameOf(first, { others }), "read");
  assertEquals(policyNameOf(second, { others }), "b.read");
  const settled = old("b", "2025-06-01T00:00:00Z", { policyName: "read", ownership: "Created" });
  assertEquals(policyNameOf(first, { others: [first, settled] }), "a.read");
});

Deno.test("an object without the predecessor's marks does not inherit a name by its status", () => {
  const status = { policyArn: "arn:aws:iam::100000000001:policy/admin" };
  assertEquals(policyNameOf(policy("a", "read", { status }), { others: [] }), "a.read");
});
