import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Statement } from "../../../../src/resources/policy/document.ts";
import {
  lintBucketPolicy,
  lintIdentityPolicy,
  MAX_SIZE,
} from "../../../../src/resources/policy/lint.ts";

const OPERATOR = "arn:aws:iam::100000000001:user/operator";
const SELF = { arn: OPERATOR, usesTls: true, bucket: "logs" };
const OTHER = "arn:aws:iam::100000000002:user/guest";

const READ: Statement = {
  Sid: "Read",
  Effect: "Allow",
  Principal: { AWS: OTHER },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::logs/*",
};
const DENY: Statement = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
};

function tls(value: boolean | string): Statement {
  return { ...DENY, Condition: { Bool: { "aws:SecureTransport": value } } };
}

const CASES: readonly (readonly [string, Statement, string | undefined])[] = [
  ["a plain one", READ, undefined],
  ["both ARNs of the bucket", { ...READ, Resource: ["arn:aws:s3:::logs"] }, undefined],
  ["another bucket", { ...READ, Resource: "arn:aws:s3:::logs2/*" }, "refusal"],
  ["every bucket", { ...READ, Resource: "*" }, "refusal"],
  ["an action of IAM", { ...READ, Action: ["s3:GetObject", "iam:GetUser"] }, "refusal"],
  ["everybody", { ...READ, Principal: "*" }, "warning"],
  ["everybody in the other form", { ...READ, Principal: { AWS: ["*"] } }, "warning"],
  [
    "everybody from one network",
    { ...READ, Principal: "*", Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
    undefined,
  ],
  [
    "all actions but some",
    { ...READ, Action: undefined, NotAction: "s3:Put*" } as never,
    "warning",
  ],
  ["a denial of all", DENY, "refusal"],
  ["a denial of the policy alone", { ...DENY, Action: "s3:Put?ucketPolicy" }, "refusal"],
  ["a denial of objects", { ...DENY, Resource: "arn:aws:s3:::logs/*" }, undefined],
  ["a denial of other actions", { ...DENY, Action: ["s3:Delete*Object*", "s3:Get*ct"] }, undefined],
  ["a denial of everything but reading", { ...notAction("s3:GetObject") }, "refusal"],
  ["a denial of everything but the policy", { ...notAction("s3:*BucketPolicy") }, undefined],
  ["a denial of plain HTTP, to one who speaks TLS", tls(false), undefined],
  ["a denial of TLS, to one who speaks it", tls("true"), "refusal"],
  [
    "a denial by address",
    { ...DENY, Condition: { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
    "warning",
  ],
  ["a denial of a stranger", { ...DENY, Principal: { AWS: OTHER } }, undefined],
  ["a denial of the whole account", { ...DENY, Principal: { AWS: "100000000001" } }, "refusal"],
  ["a denial of another account", { ...DENY, Principal: { AWS: "100000000002" } }, undefined],
  ["a denial of all but a stranger", butFor(OTHER), "refusal"],
  ["a denial of all but the operator", butFor(OPERATOR), "warning"],
  ["a denial of all but the account", butFor("100000000001"), "warning"],
  ["a denial of the operator", { ...DENY, Principal: { AWS: [OTHER, OPERATOR] } }, "refusal"],
];

function notAction(action: string): Statement {
  const { Action: _action, ...rest } = DENY;
  return { ...rest, NotAction: action };
}

function butFor(name: string): Statement {
  const { Principal: _principal, ...rest } = DENY;
  return { ...rest, NotPrincipal: { AWS: name } };
}

for (const [what, statement, kind] of CASES) {
  Deno.test(`a bucket's policy with ${what}: ${kind ?? "nothing to say"}`, () => {
    const findings = lintBucketPolicy({ Statement: [statement] }, SELF);
    assertEquals(findings.map((finding) => finding.kind), kind === undefined ? [] : [kind]);
  });
}

Deno.test("a denial of plain HTTP shuts out an operator that speaks it", () => {
  const findings = lintBucketPolicy({ Statement: [tls("false")] }, { ...SELF, usesTls: false });
  assertEquals(findings.map(({ kind }) => kind), ["refusal"]);
  assertStringIncludes(findings[0]!.message, "s3:DeleteBucketPolicy");
});

Deno.test("a root key is met by a denial of its account, however that is written", () => {
  const self = { ...SELF, arn: "arn:aws:iam::100000000001:root" };
  for (const AWS of ["100000000001", "arn:aws:iam::100000000001:root"]) {
    const findings = lintBucketPolicy({ Statement: [{ ...DENY, Principal: { AWS } }] }, self);
    assertEquals(findings.map(({ kind }) => kind), ["refusal"]);
  }
});

Deno.test("a denial of somebody may meet an operator that does not know who it is", () => {
  const statement: Statement = { ...DENY, Principal: { AWS: "100000000002" } };
  const self = { ...SELF, arn: undefined };
  assertEquals(lintBucketPolicy({ Statement: [statement] }, self).map(({ kind }) => kind), [
    "warning",
  ]);
});

Deno.test("everybody but somebody is not to be allowed", () => {
  const { Principal: _principal, ...rest } = READ;
  const findings = lintBucketPolicy(
    { Statement: [{ ...rest, NotPrincipal: { AWS: OTHER } }] },
    SELF,
  );
  assertStringIncludes(findings[0]!.message, "notPrincipal");
});

Deno.test("a name that two statements have is refused, and messages name the statement", () => {
  const [twice] = lintBucketPolicy({ Statement: [READ, READ] }, SELF);
  assertStringIncludes(twice!.message, 'called "Read"');
  const strange = { ...READ, Resource: "arn:aws:s3:::x" };
  const [other] = lintBucketPolicy({ Statement: [strange] }, SELF);
  assertStringIncludes(other!.message, 'Statement "Read"');
});

Deno.test("policies of users are held to their own size", () => {
  const { Principal: _principal, ...statement } = READ;
  const resources = (count: number) =>
    Array.from({ length: count }, (_, i) => `arn:aws:s3:::b${i}`);
  const document = { Statement: [{ ...statement, Resource: resources(120) }] };
  const size = JSON.stringify(document).length;
  assert(size > MAX_SIZE.inline && size < MAX_SIZE.managed);
  assertEquals(lintIdentityPolicy(document, { kind: "managed" }), []);
  assertStringIncludes(
    lintIdentityPolicy(document, { kind: "inline" })[0]!.message,
    "at most 2048",
  );
  assertEquals(lintIdentityPolicy({ Statement: [] }, { kind: "inline" })[0]?.kind, "refusal");
});
