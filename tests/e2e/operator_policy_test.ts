/**
 * The documented IAM policy of the operator's own key on a service that judges every call by it:
 * its actions are enough for every scenario.
 */
import { assert } from "@std/assert";
import { installDefinitions } from "../conformance/crd_server.ts";
import { allScenarios } from "../scenario/all.ts";
import { identityScenarios } from "../scenario/identities.ts";
import {
  type OperatorStatement,
  operatorStatements,
  withOperatorKey,
} from "../scenario/operator_policy.ts";
import { play } from "../scenario/stage.ts";
import { realClouds, withRealServers } from "./real_servers.ts";

/** What moto calls by names of its own, where AWS has other ones; see its ACTION_MAP. */
const MOTO_NAMES = {
  Sid: "MotoNames",
  Effect: "Allow",
  Action: ["HeadBucket", "GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock"]
    .map((name) => `s3:${name}`),
  Resource: "*",
};

/** moto asks whether an action of IAM is allowed on "*", whatever it is about. */
function withoutPlace(statement: OperatorStatement): OperatorStatement {
  const isIam = [statement.Action].flat().every((action) => action.startsWith("iam:"));
  return isIam ? { ...statement, Resource: "*" } : statement;
}

for (const cloud of realClouds().filter(({ iamUrl }) => iamUrl !== undefined)) {
  Deno.test(`a key with the documented IAM policy is enough for every scenario: ${cloud.name}`, (t) =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      const userName = `operator-${Date.now().toString(36)}`;
      const documented = (await operatorStatements()).map(withoutPlace);
      const statements = [...documented, MOTO_NAMES];
      const restricted = await withOperatorKey(cloud, { userName, statements });
      assert(restricted.operatorKey !== undefined);
      for (const scenario of [...allScenarios, ...identityScenarios]) {
        await t.step(scenario.claim, () => play({ ...theatre, cloud: restricted }, scenario));
      }
    }, cloud));
}
