/**
 * The scenario suite on a real API server and a third-party S3 service that checks signatures.
 */
import { installDefinitions } from "../conformance/crd_server.ts";
import { bucketScenarios } from "../scenario/buckets.ts";
import { providerScenarios } from "../scenario/providers.ts";
import { takeoverScenarios } from "../scenario/takeover.ts";
import { play } from "../scenario/stage.ts";
import { withRealServers } from "./real_servers.ts";

Deno.test("on a real API server and a third-party S3 service", (t) =>
  withRealServers(async (theatre) => {
    await installDefinitions(theatre.kubernetes);
    for (const scenario of [...providerScenarios, ...bucketScenarios, ...takeoverScenarios]) {
      await t.step(scenario.claim, () => play(theatre, scenario));
    }
  }));
