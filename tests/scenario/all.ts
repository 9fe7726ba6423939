/**
 * Every scenario that plays on the embedded servers and, unchanged, on real ones.
 */
import { bucketDeletionScenarios } from "./bucket_deletion.ts";
import { bucketDriftScenarios } from "./bucket_drift.ts";
import { bucketPolicyScenarios } from "./bucket_policies.ts";
import { bucketPolicyTakeoverScenarios } from "./bucket_policy_takeover.ts";
import { bucketScenarios } from "./buckets.ts";
import { providerScenarios } from "./providers.ts";
import { requestScenarios } from "./requests.ts";
import type { Scenario } from "./stage.ts";
import { takeoverScenarios } from "./takeover.ts";

/** All of them. */
export const allScenarios: readonly Scenario[] = [
  ...providerScenarios,
  ...bucketScenarios,
  ...bucketDriftScenarios,
  ...bucketDeletionScenarios,
  ...bucketPolicyScenarios,
  ...requestScenarios,
  ...takeoverScenarios,
  ...bucketPolicyTakeoverScenarios,
];
