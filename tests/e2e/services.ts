/**
 * What the services are known to be able to, and the scenarios that play on each.
 */
import { features } from "../../src/api/features.ts";
import { allScenarios } from "../scenario/all.ts";
import { type ServiceFacts, settingScenarios } from "../scenario/bucket_settings.ts";
import { identityScenarios } from "../scenario/identities.ts";
import type { Scenario } from "../scenario/stage.ts";
import type { RealCloud } from "./real_servers.ts";

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

/** Every scenario that can play on a service. */
export function scenariosFor({ name, iamUrl }: RealCloud): readonly Scenario[] {
  const facts = KNOWN_SERVICES[name] ?? { type: "aws", has: features, refuses: [] };
  return [
    ...allScenarios,
    ...(iamUrl === undefined ? [] : identityScenarios),
    ...settingScenarios(facts),
  ];
}
