/**
 * The scenario suite on the embedded servers.
 */
import { allScenarios } from "./all.ts";
import { embeddedTest } from "./embedded.ts";

for (const scenario of allScenarios) embeddedTest(scenario.claim, scenario.run);
