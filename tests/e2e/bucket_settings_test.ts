/**
 * The settings on a real API server and every S3 service that the environment names.
 */
import { features } from "../../src/api/features.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { type ServiceFacts, settingScenarios } from "../scenario/bucket_settings.ts";
import { play } from "../scenario/stage.ts";
import { realClouds, withRealServers } from "./real_servers.ts";

/** By the name of the service, as its variables of the environment begin. */
const KNOWN_SERVICES: Readonly<Record<string, ServiceFacts>> = {
  MOTO_ENFORCING: {
    type: "aws",
    has: features.filter((feature) => feature !== "requestPayer"),
    refuses: ["requestPayer"],
    wantsLogGrant: true,
  },
  MINIO: {
    type: "minio",
    // Replication is there, between servers that its administrator has made known to each other.
    has: ["versioning", "tagging", "lifecycle", "objectLock"],
    refuses: ["encryption", "publicAccess", "ownership", "cors", "logging", "requestPayer"],
  },
};

for (const cloud of realClouds()) {
  const facts = KNOWN_SERVICES[cloud.name] ?? { type: "aws", has: features, refuses: [] };
  Deno.test(`settings on a real API server and ${cloud.name}`, (t) =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      for (const scenario of settingScenarios(facts)) {
        await t.step(scenario.claim, () => play(theatre, scenario));
      }
    }, cloud));
}
