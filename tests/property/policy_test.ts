/**
 * Policies are compared by meaning: every rewriting that means the same is equal, and every change
 * of the meaning is not.
 */
import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { samePolicy } from "../../src/resources/policy/canonical.ts";
import type {
  Condition,
  PolicyDocument,
  Principal,
  Statement,
} from "../../src/resources/policy/document.ts";
import { changed, rewritten } from "./policy_rewriting.ts";

const RUNS = 10_000;

const actions = [
  ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:Get*", "s3:*"],
  ...["s3:GetBucketPolicy", "s3:AbortMultipartUpload"],
];
const resources = [
  ...["arn:aws:s3:::logs", "arn:aws:s3:::logs/*", "arn:aws:s3:::logs/A/*", "arn:aws:s3:::logs/a/*"],
];
const names = [
  ...["arn:aws:iam::100000000001:user/a", "arn:aws:iam::100000000001:user/b"],
  ...["arn:aws:iam::100000000001:root", "100000000002"],
];

function some(values: readonly string[]): fc.Arbitrary<string | readonly string[]> {
  const list = fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 4 });
  return fc.oneof(list, fc.constantFrom(...values));
}

const principal: fc.Arbitrary<Principal> = fc.oneof(
  fc.constant("*" as const),
  fc.record({ AWS: some(names) }),
  fc.record({ AWS: some(names), CanonicalUser: some(["abc", "def"]) }),
);

const condition: fc.Arbitrary<Condition> = fc.record({
  Bool: fc.record({ "aws:SecureTransport": fc.constantFrom(true, false, "true", "false") }),
  StringLike: fc.record({ "s3:prefix": some(["a/*", "b/*", "A/*"]) }),
  IpAddress: fc.record({ "aws:SourceIp": some(["10.0.0.0/8", "192.168.1.7", "fd00::/8"]) }),
  NumericLessThan: fc.record({ "s3:max-keys": fc.constantFrom(10, 20, "10") }),
}, { requiredKeys: [] });

const statement: fc.Arbitrary<Omit<Statement, "Sid">> = fc.record({
  Effect: fc.constantFrom("Allow" as const, "Deny" as const),
  action: fc.tuple(fc.boolean(), some(actions)),
  resource: fc.tuple(fc.boolean(), some(resources)),
  principal: fc.tuple(fc.boolean(), principal),
  Condition: fc.option(condition, { nil: undefined }),
}).map(({ Effect, action, resource, principal, Condition }) => ({
  Effect,
  [action[0] ? "Action" : "NotAction"]: action[1],
  [resource[0] ? "Resource" : "NotResource"]: resource[1],
  [principal[0] ? "Principal" : "NotPrincipal"]: principal[1],
  ...(Condition === undefined ? {} : { Condition }),
}));

/** Every statement but the first has a name, so that no two are the same. */
const document: fc.Arbitrary<PolicyDocument> = fc.record({
  Version: fc.constantFrom("2012-10-17", "2008-10-17"),
  Statement: fc.array(statement, { minLength: 1, maxLength: 4 }).map((statements) =>
    statements.map((body, index) => ({ ...(index === 0 ? {} : { Sid: `S${index}` }), ...body }))
  ),
});

Deno.test(`a document equals each rewriting that means the same (${RUNS} pairs)`, () => {
  fc.assert(
    fc.property(document, fc.infiniteStream(fc.nat()), (original, dice) => {
      assertEquals(samePolicy(original, rewritten(original, () => dice.next().value)), true);
    }),
    { numRuns: RUNS },
  );
});

Deno.test(`a document differs from each one with a changed meaning (${RUNS} pairs)`, () => {
  fc.assert(
    fc.property(document, fc.infiniteStream(fc.nat()), (original, dice) => {
      const roll = () => dice.next().value;
      assertEquals(samePolicy(original, rewritten(changed(original, roll), roll)), false);
    }),
    { numRuns: RUNS },
  );
});
