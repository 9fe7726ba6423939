/**
 * The scenarios of identities on a real API server and on every service with IAM that the
 * environment names.
 */
import { installDefinitions } from "../conformance/crd_server.ts";
import { identityScenarios } from "../scenario/identities.ts";
import { play } from "../scenario/stage.ts";
import { realClouds, withRealServers } from "./real_servers.ts";

for (const cloud of realClouds().filter(({ iamUrl }) => iamUrl !== undefined)) {
  Deno.test(`identities on a real API server and ${cloud.name}`, (t) =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      for (const scenario of identityScenarios) {
        await t.step(scenario.claim, () => play(theatre, scenario));
      }
    }, cloud));
}
