import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";

import { parsePolicy, type PolicyTarget } from "../../../../src/sandbox/policy/document.ts";
import { PolicyError } from "../../../../src/sandbox/policy/error.ts";

const IDENTITY: PolicyTarget = { kind: "identity" };
const BUCKET: PolicyTarget = { kind: "bucket", bucket: "logs" };
const ALLOW = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*" };
const SHARED = { ...ALLOW, Principal: "*" };

function refusal(document: unknown, target: PolicyTarget): string {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const error = assertThrows(() => parsePolicy(text, target), PolicyError);
  return (error as Error).message;
}

function condition(operator: string, key: string, value: unknown): unknown {
  return { Statement: { ...ALLOW, Condition: { [operator]: { [key]: value } } } };
}

const REFUSED: readonly (readonly [claim: string, PolicyTarget, unknown, message: string])[] = [
  ["text that is not JSON", IDENTITY, "{", "invalid Json"],
  ["a document that is a list", IDENTITY, [], "begin with '{'"],
  ["no statement", IDENTITY, { Version: "2012-10-17" }, "required field Statement"],
  ["an empty list of statements", IDENTITY, { Statement: [] }, "required field Statement"],
  ["a statement that is a text", IDENTITY, { Statement: ["Allow"] }, "not a statement"],
  ["another version", IDENTITY, { Version: "2012-10-18", Statement: ALLOW }, "version string"],
  ["an unknown field", IDENTITY, { Statement: ALLOW, Comment: "x" }, "Unknown field Comment"],
  ["a lower-case field", IDENTITY, { Statement: { effect: "Allow" } }, "Unknown field effect"],
  ["another effect", IDENTITY, { Statement: { ...ALLOW, Effect: "allow" } }, "Invalid effect"],
  ["no action", IDENTITY, { Statement: { Effect: "Deny", Resource: "*" } }, "field Action"],
  ["no resource", IDENTITY, { Statement: { Effect: "Deny", Action: "*" } }, "field Resource"],
  [
    "both Action and NotAction",
    IDENTITY,
    { Statement: { ...ALLOW, NotAction: "s3:PutObject" } },
    "Action and NotAction",
  ],
  ["an empty list of actions", IDENTITY, { Statement: { ...ALLOW, Action: [] } }, "invalid action"],
  [
    "an action that is a number",
    IDENTITY,
    { Statement: { ...ALLOW, Action: 1 } },
    "invalid action",
  ],
  [
    "an action of no service",
    IDENTITY,
    { Statement: { ...ALLOW, Action: "Get" } },
    "invalid action",
  ],
  [
    "a resource that is no ARN",
    IDENTITY,
    { Statement: { ...ALLOW, Resource: "logs" } },
    "ARN format",
  ],
  ["a principal in a user's policy", IDENTITY, { Statement: SHARED }, "not specify a principal"],
  ["a repeated Sid", IDENTITY, {
    Statement: [{ ...ALLOW, Sid: "A" }, { ...ALLOW, Sid: "A" }],
  }, "must be unique"],
  ["a Sid with a space", IDENTITY, { Statement: { ...ALLOW, Sid: "a b" } }, "alpha-numeric"],
  ["an unknown operator", IDENTITY, condition("ArnLike", "aws:username", "x"), "Condition type"],
  ["a set operator", IDENTITY, condition("ForAnyValue:StringEquals", "aws:username", "x"), "type"],
  ["an unknown key", IDENTITY, condition("StringEquals", "aws:VpcSourceIp", "x"), "condition key"],
  [
    "a range that is none",
    IDENTITY,
    condition("IpAddress", "aws:SourceIp", "10.0.0.0/33"),
    "value",
  ],
  ["a date that is none", IDENTITY, condition("DateLessThan", "aws:CurrentTime", "soon"), "value"],
  ["a number that is none", IDENTITY, condition("NumericEquals", "s3:max-keys", "few"), "value"],
  ["a truth that is none", IDENTITY, condition("Bool", "aws:SecureTransport", "yes"), "value"],
  ["no value", IDENTITY, condition("StringEquals", "aws:username", []), "value"],
  ["an unknown variable", IDENTITY, {
    Version: "2012-10-17",
    Statement: { ...ALLOW, Resource: "arn:aws:s3:::${aws:Team}/*" },
  }, "policy variable"],

  ["a bucket policy without principal", BUCKET, { Statement: ALLOW }, "field Principal"],
  ["another bucket's resource", BUCKET, {
    Statement: { ...SHARED, Resource: "arn:aws:s3:::logs-old/*" },
  }, "invalid resource"],
  ["every resource", BUCKET, { Statement: { ...SHARED, Resource: "*" } }, "invalid resource"],
  ["another service's action", BUCKET, {
    Statement: { ...SHARED, Action: "iam:GetUser" },
  }, "invalid action"],
  ["an account name that is no number", BUCKET, {
    Statement: { ...SHARED, Principal: { AWS: "arn:aws:iam::wasabi:user/eve" } },
  }, "Invalid principal"],
  ["a pattern of principals", BUCKET, {
    Statement: { ...SHARED, Principal: { AWS: "arn:aws:iam::111111111111:user/*" } },
  }, "Invalid principal"],
  ["a service as principal", BUCKET, {
    Statement: { ...SHARED, Principal: { Service: "sns.amazonaws.com" } },
  }, "Invalid principal"],
  ["an ARN as a bare text", BUCKET, {
    Statement: { ...SHARED, Principal: "arn:aws:iam::111111111111:root" },
  }, "Invalid principal"],
  ["Allow with NotPrincipal", BUCKET, {
    Statement: { ...ALLOW, NotPrincipal: { AWS: "111111111111" } },
  }, "NotPrincipal"],
];

for (const [claim, target, document, message] of REFUSED) {
  Deno.test(`${claim} is refused (${target.kind})`, () => {
    assertStringIncludes(refusal(document, target), message);
  });
}

Deno.test("one statement and one value need no list", () => {
  const text = JSON.stringify({ Id: "x", Statement: { ...SHARED, Sid: "Any name, here" } });
  const { statements, hasVariables } = parsePolicy(text, BUCKET);
  assertEquals(hasVariables, false);
  assertEquals(statements, [{
    effect: "Allow",
    actions: { kind: "only", patterns: ["s3:GetObject"] },
    resources: { kind: "only", patterns: ["arn:aws:s3:::logs/*"] },
    principals: { kind: "only", set: { kind: "everybody" } },
    conditions: [],
  }]);
});
