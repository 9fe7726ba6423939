/**
 * The scenario suite as the chart's ServiceAccount under the presets that grant by Roles; the one
 * that grants by a ClusterRole is played by scenarios_test.ts.
 */
import { assert } from "@std/assert";
import { installDefinitions } from "../conformance/crd_server.ts";
import type { Scenario } from "../scenario/stage.ts";
import { NAMESPACED, playUnder, SPLIT } from "./presets.ts";
import { type RealCloud, realClouds, withRealServers } from "./real_servers.ts";
import { scenariosFor } from "./services.ts";

/** The first service on which everything plays. */
function cloudWithIam(): RealCloud {
  const cloud = realClouds().find(({ iamUrl }) => iamUrl !== undefined);
  assert(cloud !== undefined, "No service with IAM is named by the environment");
  return cloud;
}

/**
 * What a Role cannot give: labels of namespaces, and rights in a namespace that is being deleted,
 * which takes its Roles away as well (tests/e2e/deleted_namespace_test.ts).
 */
const BEYOND_ROLES = /label|deleted namespace/;

const PRESETS = [
  { preset: NAMESPACED, plays: ({ claim }: Scenario) => !BEYOND_ROLES.test(claim) },
  { preset: SPLIT, plays: () => true },
];

for (const { preset, plays } of PRESETS) {
  Deno.test(`the operator can do everything as the chart's ServiceAccount: ${preset.name}`, (t) => {
    const cloud = cloudWithIam();
    return withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      for (const scenario of scenariosFor(cloud).filter(plays)) {
        await t.step(scenario.claim, () => playUnder(theatre, preset, scenario));
      }
    }, cloud);
  });
}
