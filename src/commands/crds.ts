/**
 * Command `crds`: prints the definitions of the six kinds, for `kubectl apply -f -`.
 */
import { Command, InvalidArgumentError } from "commander";
import { customResourceDefinition, fitDefinition } from "../api/crd.ts";
import { type KindName, kinds } from "../api/registry.ts";

/** Makes the command. */
export function crdsCommand(): Command {
  return new Command("crds")
    .description("Print the custom resource definitions, for kubectl apply -f -")
    .option(
      "--kubernetes <version>",
      "version of the cluster, such as 1.29: what it does not know is left out",
      parseMinor,
      Infinity,
    )
    .action(async ({ kubernetes: kubernetesMinor }: { readonly kubernetes: number }) => {
      const { stringify } = await import("yaml");
      for (const kind of Object.keys(kinds) as KindName[]) {
        const definition = fitDefinition(customResourceDefinition(kind), { kubernetesMinor });
        console.log(`---\n${stringify(definition).trimEnd()}`);
      }
    });
}

function parseMinor(version: string): number {
  const minor = /^v?1\.(\d+)(\.|$)/.exec(version)?.[1];
  if (minor !== undefined) return Number(minor);
  throw new InvalidArgumentError('Give it as "kubectl version" prints it, such as 1.29');
}
