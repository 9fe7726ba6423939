import { assertEquals } from "@std/assert";
import { userSpecSchema } from "../../../../src/api/user.ts";
import type { Observed } from "../../../../src/resources/user/observe.ts";
import { planUser } from "../../../../src/resources/user/plan.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const SETTLE_MS = 90_000;
const ARN = "arn:aws:iam::1:policy/reader";
const OTHER_ARN = "arn:aws:iam::1:policy/writer";
const DOCUMENT = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow" as const, Action: "s3:GetObject", Resource: "*" }],
};

type Input = Parameters<typeof planUser>[0];

function present(change: Partial<Extract<Observed, { kind: "present" }>> = {}): Observed {
  return {
    kind: "present",
    user: { userId: "ID", userName: "app", arn: "arn", createdAtMs: NOW },
    inline: undefined,
    attached: [],
    tags: undefined,
    tagsUnsupported: undefined,
    ...change,
  };
}

function planOf(change: Partial<Input>) {
  return planUser({
    spec: userSpecSchema.parse({ providerRef: { name: "p" }, name: "app" }),
    observed: present(),
    policy: { kind: "unmanaged" },
    status: { ownership: "Created", userId: "ID" },
    takenOver: false,
    provenByPolicy: false,
    nowMs: NOW,
    policySettleMs: SETTLE_MS,
    ...change,
  });
}

function stepsOf(change: Partial<Input>): readonly string[] {
  const plan = planOf(change);
  return plan.kind === "steps" ? plan.steps.map(({ kind }) => kind) : [plan.reason];
}

Deno.test("a user that is absent is claimed before it is made, and gets its policy at once", () => {
  assertEquals(
    stepsOf({ observed: { kind: "absent" }, policy: { kind: "inline", document: DOCUMENT } }),
    ["claim", "create", "putPolicy"],
  );
});

Deno.test("a policy that another one replaces goes only once the new one has had its time", () => {
  const policy = { kind: "managed", policyArn: ARN } as const;
  const inline = JSON.stringify(DOCUMENT);
  const owned = { ownership: "Created", userId: "ID", inlinePolicy: "app-policy" } as const;
  assertEquals(stepsOf({ policy, status: owned, observed: present({ inline }) }), ["attach"]);
  const changed = { ...owned, policyChangeTime: new Date(NOW).toISOString() };
  const observed = present({ inline, attached: [ARN] });
  const early = planOf({ policy, status: changed, observed, nowMs: NOW + 60_000 });
  assertEquals(early, { kind: "steps", steps: [], ownership: "Created", settleMs: 30_000 });
  assertEquals(stepsOf({ policy, status: changed, observed, nowMs: NOW + SETTLE_MS }), [
    "dropInline",
  ]);
});

Deno.test("the predecessor's hidden policy goes once the managed one is seen attached", () => {
  const policy = { kind: "managed", policyArn: ARN } as const;
  const takenOver = { policy, takenOver: true, status: { userId: "ID" } };
  const inline = JSON.stringify(DOCUMENT);
  assertEquals(stepsOf({ ...takenOver, observed: present({ inline }) }), ["attach"]);
  assertEquals(stepsOf({ ...takenOver, observed: present({ inline, attached: [ARN] }) }), [
    "dropInline",
  ]);
});

Deno.test("only what this object attached is detached", () => {
  const policy = { kind: "managed", policyArn: ARN } as const;
  const observed = present({ attached: [ARN, OTHER_ARN] });
  const status = { ownership: "Created", userId: "ID" } as const;
  assertEquals(stepsOf({ policy, observed, status }), []);
  assertEquals(
    stepsOf({ policy, observed, status: { ...status, attachedPolicies: [OTHER_ARN] } }),
    ["detach"],
  );
});

Deno.test("an intention to create gives no right to a user that is older than it", () => {
  const claimTime = new Date(NOW).toISOString();
  const status = { ownership: "Creating", claimTime } as const;
  const user = { userId: "ID", userName: "app", arn: "arn" };
  const made = (createdAtMs: number) => present({ user: { ...user, createdAtMs } });
  assertEquals(stepsOf({ status, observed: made(NOW + 1_000) }), []);
  assertEquals(stepsOf({ status, observed: made(NOW - 3_600_000) }), ["AdoptionRefused"]);
});

Deno.test("tags that the spec does not name stay, and with none named all go", () => {
  const spec = (tags: Record<string, string>) =>
    userSpecSchema.parse({ providerRef: { name: "p" }, name: "app", tags });
  const observed = present({ tags: { theirs: "1", ours: "old" } });
  assertEquals(stepsOf({ spec: spec({ ours: "new" }), observed }), ["tag"]);
  assertEquals(stepsOf({ spec: spec({ ours: "old" }), observed }), []);
  assertEquals(stepsOf({ spec: spec({}), observed }), ["untag"]);
});
