/**
 * Cases of the rules of BucketPolicy and IAMPolicy.
 */
import type { KindName } from "../../src/api/registry.ts";
import { grantCases } from "./crd_grant_rules.ts";
import {
  changes,
  type CrdRuleCase,
  creates,
  type Part,
  refused,
  statement,
} from "./crd_rule_builders.ts";

const { effect, action, resource } = statement;
const pairRefusal = refused(
  "<nil>",
  '"spec.policy.statement[0]" must validate one and only one schema (oneOf)',
);

function document(part: Part): Part {
  return { policy: { statement: [part] } };
}

/** Of each pair of fields exactly one must be given. */
function pairCases(kind: KindName, who: Part): readonly CrdRuleCase[] {
  const whole = { effect, action, resource, ...who };
  const { action: _action, ...noAction } = whole;
  const { resource: _resource, ...noResource } = whole;
  return [
    creates(
      kind,
      "action and resource as one text each",
      document({ ...whole, action: "s3:*", resource: "arn:aws:s3:::logs" }),
    ),
    creates(
      kind,
      "notAction and notResource",
      document({ effect, ...who, notAction: "s3:*", notResource: ["arn:aws:s3:::logs"] }),
    ),
    creates(kind, "neither action nor notAction", document(noAction), pairRefusal),
    creates(kind, "action and notAction", document({ ...whole, notAction: "s3:*" }), pairRefusal),
    creates(kind, "neither resource nor notResource", document(noResource), pairRefusal),
    creates(
      kind,
      "resource and notResource",
      document({ ...whole, notResource: "arn:aws:s3:::logs" }),
      pairRefusal,
    ),
    changes(kind, "action becomes notAction", {
      change: document({ effect, ...who, notAction: action, resource }),
    }),
    changes(kind, "resource taken away", {
      change: document({ effect, ...who, action }),
      outcome: pairRefusal,
    }),
  ];
}

/** Cases of both kinds, but for those that every kind has. */
export const policyCases: readonly CrdRuleCase[] = [
  creates("BucketPolicy", "a plain one", {}),
  creates("BucketPolicy", "principal and condition keep what is inside", {
    policy: {
      statement: [{
        ...statement,
        principal: { AWS: ["arn:aws:iam::123456789012:root"] },
        condition: { Bool: { "aws:SecureTransport": "true" } },
      }],
    },
  }),
  changes("BucketPolicy", "bucketRef changed", {
    change: { bucketRef: { name: "other" } },
    outcome: refused("spec.bucketRef", "bucketRef cannot be changed"),
  }),
  changes("BucketPolicy", "statements may change", { change: { policy: { statement: [] } } }),
  ...pairCases("BucketPolicy", { principal: "*" }),
  creates(
    "BucketPolicy",
    "notPrincipal instead of principal",
    document({ ...statement, effect: "Deny", notPrincipal: { AWS: "123456789012" } }),
  ),
  creates("BucketPolicy", "neither principal nor notPrincipal", document(statement), pairRefusal),
  creates(
    "BucketPolicy",
    "principal and notPrincipal",
    document({ ...statement, principal: "*", notPrincipal: { AWS: "123456789012" } }),
    pairRefusal,
  ),
  creates("IAMPolicy", "a plain one", {}),
  creates(
    "IAMPolicy",
    "a principal, which older objects have",
    document({ ...statement, principal: {} }),
  ),
  ...pairCases("IAMPolicy", {}),
  ...grantCases("IAMPolicy"),
  changes("IAMPolicy", "statements may change", { change: { policy: { statement: [] } } }),
];
