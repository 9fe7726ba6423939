/**
 * The scenario suite on the embedded servers.
 */
import { bucketScenarios } from "./buckets.ts";
import { embeddedTest } from "./embedded.ts";
import { providerScenarios } from "./providers.ts";

for (const scenario of [...providerScenarios, ...bucketScenarios]) {
  embeddedTest(scenario.claim, scenario.run);
}
