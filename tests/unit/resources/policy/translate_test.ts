import { assertEquals } from "@std/assert";
import { parseDocument } from "../../../../src/resources/policy/document.ts";
import { fitsPattern } from "../../../../src/resources/policy/pattern.ts";
import { needsAccount, withAccount } from "../../../../src/resources/policy/principal.ts";
import {
  type SourceStatement,
  translateBucketPolicy,
  translateIdentityPolicy,
} from "../../../../src/resources/policy/translate.ts";

const STATEMENT: SourceStatement = {
  sid: "Read",
  effect: "Allow",
  principal: "arn:aws:iam::*:user/reader",
  action: "s3:GetObject",
  resource: ["arn:aws:s3:::logs/*"],
  condition: { Bool: { "aws:SecureTransport": true } },
};

function bucketPolicy(statement: SourceStatement) {
  return translateBucketPolicy({ version: "2012-10-17", statement: [statement] });
}

Deno.test("every field of a statement is translated, and a bare ARN becomes an AWS principal", () => {
  assertEquals(bucketPolicy(STATEMENT), {
    Version: "2012-10-17",
    Statement: [{
      Sid: "Read",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: ["arn:aws:s3:::logs/*"],
      Condition: { Bool: { "aws:SecureTransport": true } },
      Principal: { AWS: "arn:aws:iam::*:user/reader" },
    }],
  });
});

Deno.test("the negative forms are translated, and everybody and objects stay as they are", () => {
  const negative = bucketPolicy({
    effect: "Deny",
    notPrincipal: { AWS: ["100000000001"], CanonicalUser: "abc" },
    notAction: ["s3:Get*"],
    notResource: "arn:aws:s3:::logs/x",
  });
  assertEquals(negative.Statement, [{
    Effect: "Deny",
    NotAction: ["s3:Get*"],
    NotResource: "arn:aws:s3:::logs/x",
    NotPrincipal: { AWS: ["100000000001"], CanonicalUser: "abc" },
  }]);
  assertEquals(bucketPolicy({ ...STATEMENT, principal: "*" }).Statement[0]?.Principal, "*");
});

Deno.test("a policy of a user has no principal, and no empty name", () => {
  const statement = { ...STATEMENT, sid: "" };
  const [translated] = translateIdentityPolicy({ version: "2012-10-17", statement: [statement] })
    .Statement;
  assertEquals(Object.keys(translated!).toSorted(), ["Action", "Condition", "Effect", "Resource"]);
});

Deno.test("principals without an account number get it, in each of the predecessor's forms", () => {
  for (const account of ["*", "wasabi", ""]) {
    const document = bucketPolicy({
      ...STATEMENT,
      principal: { AWS: [`arn:aws:iam::${account}:user/a`, "*"] },
    });
    assertEquals(needsAccount(document), true);
    const { Principal } = withAccount(document, "100000000001").Statement[0]!;
    assertEquals(Principal, { AWS: ["arn:aws:iam::100000000001:user/a", "*"] });
  }
  const complete = bucketPolicy({ ...STATEMENT, principal: "arn:aws:iam::100000000002:user/a" });
  assertEquals(needsAccount(complete), false);
  assertEquals(withAccount(complete, "100000000001"), complete);
});

Deno.test("what is no document is not taken for one", () => {
  for (const text of ["", "[]", "null", "{}", '{"Statement":[{}]}', '{"Statement":"x"}', "<a/>"]) {
    assertEquals(parseDocument(text), undefined, text);
  }
  assertEquals(parseDocument('{"Statement":{"Effect":"Deny"}}'), {
    Statement: [{ Effect: "Deny" }],
  });
  assertEquals(parseDocument('{"Version":"2012-10-17","Statement":[]}')?.Statement, []);
});

const PATTERNS: readonly (readonly [string, string, boolean])[] = [
  ["s3:*", "s3:GetObject", true],
  ["*", "", true],
  ["s3:Get*Acl", "s3:GetObjectAcl", true],
  ["s3:Get*Acl", "s3:GetObjectAclx", false],
  ["s3:Get?bject", "s3:GetObject", true],
  ["s3:Get?bject", "s3:Getbject", false],
  ["a*b*c", "aXbXbc", true],
  ["a*b*c", "aXbXbcd", false],
  ["", "x", false],
  ["s3:GetObject", "s3:GetObjec", false],
];

for (const [pattern, text, fits] of PATTERNS) {
  Deno.test(`pattern "${pattern}" ${fits ? "fits" : "does not fit"} "${text}"`, () => {
    assertEquals(fitsPattern(text, pattern), fits);
  });
}
