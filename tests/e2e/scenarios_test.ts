/**
 * The scenario suite on a real API server and on every S3 service that the environment names.
 */
import { installDefinitions } from "../conformance/crd_server.ts";
import { allScenarios } from "../scenario/all.ts";
import { play } from "../scenario/stage.ts";
import { realClouds, withRealServers } from "./real_servers.ts";

for (const cloud of realClouds()) {
  Deno.test(`on a real API server and ${cloud.name}`, (t) =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      for (const scenario of allScenarios) {
        await t.step(scenario.claim, () => play(theatre, scenario));
      }
    }, cloud));
}
