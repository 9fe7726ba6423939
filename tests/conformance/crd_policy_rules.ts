/**
 * Cases of the rules of BucketPolicy and IAMPolicy.
 */
import { changes, type CrdRuleCase, creates, refused, statement } from "./crd_rule_builders.ts";
import { grantCases } from "./crd_grant_rules.ts";

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
  creates("IAMPolicy", "a plain one", {}),
  ...grantCases("IAMPolicy"),
  changes("IAMPolicy", "statements may change", { change: { policy: { statement: [] } } }),
];
