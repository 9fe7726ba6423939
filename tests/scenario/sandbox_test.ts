/**
 * The scenario suite on the embedded servers.
 */
import { bucketScenarios } from "./buckets.ts";
import { embeddedTest } from "./embedded.ts";
import { providerScenarios } from "./providers.ts";
import { takeoverScenarios } from "./takeover.ts";

for (const scenario of [...providerScenarios, ...bucketScenarios, ...takeoverScenarios]) {
  embeddedTest(scenario.claim, scenario.run);
}
