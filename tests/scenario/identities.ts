/**
 * Every scenario that needs a service with IAM.
 */
import { iamPolicyScenarios } from "./iam_policies.ts";
import { accessKeyScenarios } from "./access_keys.ts";
import type { Scenario } from "./stage.ts";
import { userScenarios } from "./users.ts";

/** All of them. */
export const identityScenarios: readonly Scenario[] = [...userScenarios, ...iamPolicyScenarios];
