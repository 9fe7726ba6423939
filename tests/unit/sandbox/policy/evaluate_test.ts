import { assertEquals } from "@std/assert";

import type { RequestContext } from "../../../../src/sandbox/policy/context.ts";
import { parsePolicy } from "../../../../src/sandbox/policy/document.ts";
import { judge, type Verdict } from "../../../../src/sandbox/policy/evaluate.ts";
import type { Principal } from "../../../../src/sandbox/policy/principal.ts";

const OWN = "111111111111";
const OTHER = "222222222222";
const CONTEXT: RequestContext = {
  now: Date.UTC(2026, 5, 1),
  sourceIp: "10.1.2.3",
  isSecureTransport: false,
};

function user(userName: string, accountId = OWN): Principal {
  const arn = `arn:aws:iam::${accountId}:user/${userName}`;
  return { kind: "user", accountId, arn, userName, userId: `AIDA${userName}` };
}

interface Question {
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly own?: unknown;
  readonly bucket?: unknown;
  readonly context?: Partial<RequestContext>;
}

function ask(question: Question): Verdict {
  const { own, bucket } = question;
  return judge({
    principal: question.principal ?? user("eve"),
    action: question.action ?? "s3:GetObject",
    resource: question.resource ?? "arn:aws:s3:::logs/2026/a.txt",
    ownerId: OWN,
    identityPolicies: own === undefined
      ? []
      : [parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: own }), {
        kind: "identity",
      })],
    bucketPolicy: bucket === undefined
      ? undefined
      : parsePolicy(JSON.stringify({ Statement: bucket }), { kind: "bucket", bucket: "logs" }),
    context: { ...CONTEXT, ...question.context },
  });
}

const ALL = { Effect: "Allow", Action: "*", Resource: "*" };
const BUCKET_ALL = {
  Effect: "Allow",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
};
const DENY_ALL = { ...BUCKET_ALL, Effect: "Deny" };
const EVE = `arn:aws:iam::${OWN}:user/eve`;
const ROOT = `arn:aws:iam::${OWN}:root`;

const VERDICTS: readonly (readonly [claim: string, Question, Verdict])[] = [
  ["a user without a policy may nothing", {}, "notAllowed"],
  ["an account's key may everything", { principal: { kind: "root", accountId: OWN } }, "allowed"],
  ["no bucket policy narrows the account's key", {
    principal: { kind: "root", accountId: OWN },
    bucket: DENY_ALL,
  }, "allowed"],
  ["another account's key may nothing", {
    principal: { kind: "root", accountId: OTHER },
  }, "notAllowed"],
  ["a user's own policy allows", { own: ALL }, "allowed"],
  ["a Deny beats an Allow of the same policy", {
    own: [ALL, { Effect: "Deny", Action: "s3:GetObject", Resource: "*" }],
  }, "denied"],
  ["a Deny of the bucket beats the user's Allow", { own: ALL, bucket: DENY_ALL }, "denied"],
  ["an action's case does not matter", { own: { ...ALL, Action: "S3:getobject" } }, "allowed"],
  ["an action's pattern fits the whole name", { own: { ...ALL, Action: "s3:Get" } }, "notAllowed"],
  ["? is one character", { own: { ...ALL, Action: "s3:GetObjec?" } }, "allowed"],
  ["NotAction is about the others", {
    own: { Effect: "Allow", NotAction: "s3:Delete*", Resource: "*" },
  }, "allowed"],
  ["NotAction is not about what it names", {
    own: { Effect: "Allow", NotAction: "s3:Get*", Resource: "*" },
  }, "notAllowed"],
  ["a resource's case matters", {
    own: { ...ALL, Resource: "arn:aws:s3:::Logs/*" },
  }, "notAllowed"],
  ["* of a resource crosses slashes", {
    own: { ...ALL, Resource: "arn:aws:s3:::*/a.txt" },
  }, "allowed"],
  ["a bucket's ARN is not about its objects", {
    own: { ...ALL, Resource: "arn:aws:s3:::logs" },
  }, "notAllowed"],
  ["a dot of a resource is a dot", {
    own: { ...ALL, Resource: "arn:aws:s3:::logs/2026/aXtxt" },
  }, "notAllowed"],
  ["NotResource is about the others", {
    own: { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::logs/2025/*" },
  }, "allowed"],
  ["a variable stands for the user's name", {
    own: { ...ALL, Resource: "arn:aws:s3:::logs/${aws:username}/*" },
    resource: "arn:aws:s3:::logs/eve/a",
  }, "allowed"],
  ["a variable's value is no pattern", {
    principal: user("e*"),
    own: { ...ALL, Resource: "arn:aws:s3:::logs/${aws:username}/*" },
    resource: "arn:aws:s3:::logs/eve/a",
  }, "notAllowed"],
  ["a document of 2008 has no variables", {
    bucket: { ...BUCKET_ALL, Resource: "arn:aws:s3:::logs/${aws:username}" },
    resource: "arn:aws:s3:::logs/eve",
  }, "notAllowed"],

  ["a bucket policy alone allows whom it names", {
    bucket: { ...BUCKET_ALL, Principal: { AWS: [EVE] } },
  }, "allowed"],
  ["it does not allow somebody else", {
    bucket: { ...BUCKET_ALL, Principal: { AWS: `arn:aws:iam::${OWN}:user/adam` } },
  }, "notAllowed"],
  ["naming the account leaves it to the users' policies", {
    bucket: { ...BUCKET_ALL, Principal: { AWS: OWN } },
  }, "notAllowed"],
  ["denying the account denies its users", {
    own: ALL,
    bucket: { ...DENY_ALL, Principal: { AWS: ROOT } },
  }, "denied"],
  ["NotPrincipal spares a user named with its account", {
    own: ALL,
    bucket: { ...DENY_ALL, Principal: undefined, NotPrincipal: { AWS: [EVE, ROOT] } },
  }, "allowed"],
  ["NotPrincipal does not spare a user named alone", {
    own: ALL,
    bucket: { ...DENY_ALL, Principal: undefined, NotPrincipal: { AWS: EVE } },
  }, "denied"],
  ["everybody is anybody without a signature too", {
    principal: { kind: "anonymous" },
    bucket: { ...BUCKET_ALL, Principal: { AWS: "*" } },
  }, "allowed"],
  ["a named user is nobody without a signature", {
    principal: { kind: "anonymous" },
    bucket: { ...BUCKET_ALL, Principal: { AWS: EVE } },
  }, "notAllowed"],
  ["another account's user needs its own policy too", {
    principal: user("eve", OTHER),
    bucket: BUCKET_ALL,
  }, "notAllowed"],
  ["another account's user may with both", {
    principal: user("eve", OTHER),
    own: ALL,
    bucket: BUCKET_ALL,
  }, "allowed"],
  ["another account's key may what the bucket allows", {
    principal: { kind: "root", accountId: OTHER },
    bucket: { ...BUCKET_ALL, Principal: { AWS: OTHER } },
  }, "allowed"],
];

for (const [claim, question, verdict] of VERDICTS) {
  Deno.test(claim, () => assertEquals(ask(question), verdict));
}

/** Operator, key, value, facts, and whether it is fulfilled. */
const CONDITIONS: readonly (
  readonly [string, string, unknown, Partial<RequestContext>, boolean]
)[] = [
  ["StringEquals", "aws:username", "eve", {}, true],
  ["StringEquals", "AWS:UserName", ["adam", "eve"], {}, true],
  ["StringEquals", "aws:username", "e*", {}, false],
  ["StringEquals", "aws:PrincipalArn", EVE, {}, true],
  ["StringEquals", "s3:prefix", "a", {}, false],
  ["StringEqualsIfExists", "s3:prefix", "a", {}, true],
  ["StringEqualsIgnoreCase", "aws:username", "EVE", {}, true],
  ["StringNotEquals", "aws:username", ["adam", "eve"], {}, false],
  ["StringNotEquals", "s3:prefix", "a", {}, true],
  ["StringLike", "s3:prefix", ["home", "home/*"], { prefix: "home/eve/" }, true],
  ["StringLike", "s3:prefix", "home/${aws:username}/*", { prefix: "home/eve/" }, true],
  ["StringLike", "s3:prefix", "home/*", { prefix: "" }, false],
  ["StringNotLike", "s3:prefix", "home/*", { prefix: "tmp/" }, true],
  ["Bool", "aws:SecureTransport", "false", {}, true],
  ["Bool", "aws:SecureTransport", true, {}, false],
  ["IpAddress", "aws:SourceIp", ["192.168.0.0/16", "10.0.0.0/8"], {}, true],
  ["IpAddress", "aws:SourceIp", "10.1.2.3", {}, true],
  ["IpAddress", "aws:SourceIp", "2001:db8::/32", { sourceIp: "2001:db8::1" }, true],
  ["IpAddress", "aws:SourceIp", "2001:db8::/32", {}, false],
  ["NotIpAddress", "aws:SourceIp", "10.0.0.0/8", {}, false],
  ["NotIpAddress", "aws:SourceIp", ["192.168.0.0/16", "172.16.0.0/12"], {}, true],
  ["DateLessThan", "aws:CurrentTime", "2026-06-02T00:00:00Z", {}, true],
  ["DateLessThan", "aws:CurrentTime", "2026-06-01", {}, false],
  ["DateLessThanEquals", "aws:CurrentTime", "2026-06-01", {}, true],
  ["DateGreaterThan", "aws:CurrentTime", "2026-06-02T00:00:00Z", {}, false],
  ["DateEquals", "aws:CurrentTime", "1780272000", {}, true],
  ["DateNotEquals", "aws:CurrentTime", "2026-06-01", {}, false],
  ["NumericLessThanEquals", "s3:max-keys", "10", { maxKeys: "9" }, true],
  ["NumericGreaterThan", "s3:max-keys", 10, { maxKeys: "9" }, false],
  ["NumericEquals", "s3:max-keys", "9", {}, false],
  ["Null", "s3:prefix", "true", {}, true],
  ["Null", "s3:prefix", false, {}, false],
  ["Null", "s3:prefix", "false", { prefix: "" }, true],
];

for (const [operator, key, value, context, isFulfilled] of CONDITIONS) {
  const shown = `${operator} ${key} ${JSON.stringify(value)} given ${JSON.stringify(context)}`;
  Deno.test(`${shown} is ${isFulfilled}`, () => {
    const own = { ...ALL, Condition: { [operator]: { [key]: value } } };
    assertEquals(ask({ own, context }), isFulfilled ? "allowed" : "notAllowed");
  });
}

Deno.test("all conditions of a statement have to be fulfilled", () => {
  const Condition = { Bool: { "aws:SecureTransport": false }, StringEquals: { "s3:prefix": "a" } };
  assertEquals(ask({ own: { ...ALL, Condition } }), "notAllowed");
  assertEquals(ask({ own: { ...ALL, Condition }, context: { prefix: "a" } }), "allowed");
});
