/**
 * The documented IAM policy of the operator's own key on a service that judges every call by it:
 * enough for every scenario.
 */
import { assert } from "@std/assert";
import { installDefinitions } from "../conformance/crd_server.ts";
import { allScenarios } from "../scenario/all.ts";
import { identityScenarios } from "../scenario/identities.ts";
import { operatorStatements, withOperatorKey } from "../scenario/operator_policy.ts";
import { play } from "../scenario/stage.ts";
import { realClouds, withRealServers } from "./real_servers.ts";

for (const cloud of realClouds().filter(({ iamUrl }) => iamUrl !== undefined)) {
  Deno.test(`a key with the documented IAM policy is enough for every scenario: ${cloud.name}`, (t) =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      const userName = `operator-${Date.now().toString(36)}`;
      const statements = await operatorStatements();
      const restricted = await withOperatorKey(cloud, { userName, statements });
      assert(restricted.operatorKey !== undefined);
      for (const scenario of [...allScenarios, ...identityScenarios]) {
        await t.step(scenario.claim, () => play({ ...theatre, cloud: restricted }, scenario));
      }
    }, cloud));
}
