/**
 * The scenario suite on a real API server and on every S3 service that the environment names, with
 * no more rights than the operator is installed with: as the chart's ServiceAccount and, where the
 * service has IAM, by a key with the documented policy.
 */
import { installDefinitions } from "../conformance/crd_server.ts";
import {
  type OperatorStatement,
  operatorStatements,
  withOperatorKey,
} from "../scenario/operator_policy.ts";
import type { CloudEndpoint } from "../support/cloud_admin.ts";
import { MINIMAL, playUnder } from "./presets.ts";
import { type RealCloud, realClouds, withRealServers } from "./real_servers.ts";
import { scenariosFor } from "./services.ts";

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

/** The service as a key meets it that has the documented policy, if it has keys of its own. */
async function restricted(cloud: RealCloud): Promise<CloudEndpoint> {
  if (cloud.iamUrl === undefined) return cloud;
  const userName = `operator-${Date.now().toString(36)}`;
  const statements = [...(await operatorStatements()).map(withoutPlace), MOTO_NAMES];
  return await withOperatorKey(cloud, { userName, statements });
}

for (const cloud of realClouds()) {
  const key = cloud.iamUrl === undefined ? "" : " by a key with the documented policy";
  Deno.test(`as the chart's ServiceAccount on ${cloud.name}${key}`, async (t) => {
    const endpoint = await restricted(cloud);
    await withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      for (const scenario of scenariosFor(cloud)) {
        await t.step(scenario.claim, () => playUnder(theatre, MINIMAL, scenario));
      }
    }, endpoint);
  });
}
