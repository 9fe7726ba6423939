/**
 * Every scenario that needs a service with IAM.
 */
import { accessKeyScenarios } from "./access_keys.ts";
import { autoManageScenarios } from "./auto_manage.ts";
import { iamPolicyScenarios } from "./iam_policies.ts";
import { identityDeletionScenarios } from "./identity_deletion.ts";
import type { Scenario } from "./stage.ts";
import { userScenarios } from "./users.ts";

/** All of them. */
export const identityScenarios: readonly Scenario[] = [
  ...userScenarios,
  ...iamPolicyScenarios,
  ...accessKeyScenarios,
  ...autoManageScenarios,
  ...identityDeletionScenarios,
];
