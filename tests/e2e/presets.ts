/**
 * Scenarios whose operator has the rights that a preset of the chart grants, and no other.
 */
import { assertEquals } from "@std/assert";
import { type OperateOptions, play, type Scenario, type Theatre } from "../scenario/stage.ts";
import {
  accountAccess,
  applyRoles,
  noteRefusals,
  removeClusterRoles,
  renderRoles,
  stageAs,
  untilInForce,
} from "./chart_roles.ts";

/** A preset of rights, and what the chart tells the operator along with it. */
export interface Preset {
  readonly name: "minimal" | "namespaced" | "split";
  readonly options: (namespaces: readonly string[]) => OperateOptions;
  /** Rights that a deleted namespace takes away, without which the operator cleans up all the same. */
  readonly dispensable: readonly string[];
}

/** A ClusterRole. */
export const MINIMAL: Preset = { name: "minimal", options: () => ({}), dispensable: [] };

/** A Role in each watched namespace. */
export const NAMESPACED: Preset = {
  name: "namespaced",
  options: () => ({ watchesNamespaces: false }),
  dispensable: [],
};

/** A ClusterRole, and a Role on Secrets in each watched namespace. */
export const SPLIT: Preset = {
  name: "split",
  options: (secretNamespaces) => ({ secretNamespaces }),
  dispensable: ["get secrets", "list secrets", "watch secrets"],
};

/** Plays a scenario with a release of the chart in a namespace of its own. */
export async function playUnder(
  theatre: Theatre,
  { name, options, dispensable }: Preset,
  { claim, run }: Scenario,
): Promise<void> {
  const { kubernetes } = theatre;
  await play(theatre, {
    claim,
    run: async (stage) => {
      const namespaces = [stage.cluster.namespace, `${stage.cluster.namespace}-other`];
      const release = stage.cluster.in(`${stage.cluster.namespace}-release`);
      await stage.cluster.in(namespaces[1]!).createNamespace();
      await release.createNamespace();
      const roles = await renderRoles(release.namespace, [
        `rbac.preset=${name}`,
        `operator.watchNamespaces={${namespaces.join(",")}}`,
      ]);
      await applyRoles(kubernetes, roles);
      const access = await accountAccess(kubernetes, release.namespace);
      await untilInForce(kubernetes, roles, access);
      const refused = new Set<string>();
      const own = { ...options(namespaces), fetch: noteRefusals(fetch, refused) };
      try {
        await run(stageAs(stage, { access, options: own }));
        const spared = /deleted namespace/.test(claim) ? dispensable : [];
        assertEquals([...refused].filter((right) => !spared.includes(right)), []);
      } finally {
        await removeClusterRoles(kubernetes, roles);
      }
    },
  });
}
