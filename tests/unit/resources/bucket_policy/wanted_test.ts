import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { BucketPolicy, BucketPolicySpec } from "../../../../src/api/bucket_policy.ts";
import { isTakenOver, isUnproven } from "../../../../src/resources/bucket_policy/taken_over.ts";
import {
  asksForArn,
  inheritedOf,
  recordedOf,
  shareOf,
  wantedDocument,
} from "../../../../src/resources/bucket_policy/wanted.ts";
import type { TestObject } from "../../../support/builders.ts";

const PLACE = { bucket: "logs", usesTls: true, arn: "arn:aws:iam::100000000001:root" };

function specOf(principal: string, effect: "Allow" | "Deny" = "Allow"): BucketPolicySpec {
  const statement = { effect, principal, action: "s3:GetObject", resource: "arn:aws:s3:::logs/*" };
  return {
    bucketRef: { name: "logs" },
    policy: { version: "2012-10-17", statement: [statement] },
  };
}

const WITHOUT_ACCOUNT = "arn:aws:iam::*:user/reader";

function policy(status: TestObject, marks = true): BucketPolicy {
  return {
    apiVersion: "s3.cloud37.dev/v1alpha1",
    kind: "BucketPolicy",
    metadata: {
      namespace: "home",
      name: "reading",
      uid: "1",
      resourceVersion: "1",
      annotations: marks ? { "kopf.zalando.org/last-handled-configuration": "{}" } : {},
    },
    spec: specOf(WITHOUT_ACCOUNT),
    status,
  };
}

Deno.test("a principal without an account number gets the one of the operator's own ARN", () => {
  const wanted = wantedDocument(specOf(WITHOUT_ACCOUNT), PLACE);
  assert(wanted.kind === "wanted");
  assertEquals(wanted.document.Statement[0]?.Principal, {
    AWS: "arn:aws:iam::100000000001:user/reader",
  });
  const unknown = wantedDocument(specOf(WITHOUT_ACCOUNT), { ...PLACE, arn: undefined });
  assert(unknown.kind === "refused");
  assertEquals(unknown.reason, "AccountUnknown");
  assertStringIncludes(unknown.message, "spec.iamEndpoint");
});

Deno.test("the service is asked who the operator is only where that matters", () => {
  assertEquals(asksForArn(specOf("*")), false);
  assertEquals(asksForArn(specOf(WITHOUT_ACCOUNT)), true);
  assertEquals(asksForArn(specOf("*", "Deny")), true);
});

Deno.test("a status of ours makes no takeover, whatever marks the object bears", () => {
  assertEquals(isTakenOver(policy({ applied: true })), true);
  assertEquals(isTakenOver(policy({ applied: true }, false)), false);
  assertEquals(isTakenOver(policy({})), false);
  assertEquals(isTakenOver(policy({ applied: true, bucketName: "logs" })), false);
  assertEquals(isTakenOver(policy({ applied: true, appliedStatements: ["x"] })), false);
  assertEquals(isTakenOver(policy({ takenOver: true, applied: false })), true);
});

Deno.test("a predecessor's object has what it says, with and without the number, until it is proven", () => {
  const unproven = policy({ applied: true });
  const [literal, complete] = inheritedOf(unproven, PLACE);
  assert(literal !== undefined && complete !== undefined && literal !== complete);
  const proven = policy({ takenOver: true, bucketName: "logs", appliedStatements: ["x"] });
  assertEquals([isUnproven(proven), inheritedOf(proven, PLACE)], [false, []]);
  assertEquals(recordedOf(proven, "logs"), ["x"]);
  assertEquals(recordedOf(proven, "another"), [], "it wrote that on another bucket");
});

Deno.test("an object that does not count has what it wrote, and wants nothing", () => {
  const object = policy({ bucketName: "logs", appliedStatements: ["x"] });
  const counted = shareOf(object, { place: PLACE, counts: true });
  const uncounted = shareOf(object, { place: PLACE, counts: false });
  assertEquals([counted.wanted.Statement.length, counted.recorded], [1, ["x"]]);
  assertEquals([uncounted.wanted.Statement.length, uncounted.recorded], [0, ["x"]]);
});
