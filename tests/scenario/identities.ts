/**
 * Every scenario that needs a service with IAM.
 */
import type { Scenario } from "./stage.ts";
import { userScenarios } from "./users.ts";

/** All of them. */
export const identityScenarios: readonly Scenario[] = [...userScenarios];
