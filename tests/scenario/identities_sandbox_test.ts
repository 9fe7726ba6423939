/**
 * The scenarios of identities on the embedded servers.
 */
import { embeddedTest } from "./embedded.ts";
import { identityScenarios } from "./identities.ts";

for (const scenario of identityScenarios) embeddedTest(scenario.claim, scenario.run);
