/**
 * Command `crds`: prints the definitions of the six kinds, for `kubectl apply -f -`.
 */
import { Command } from "commander";
import { customResourceDefinition } from "../api/crd.ts";
import { type KindName, kinds } from "../api/registry.ts";

/** Makes the command. */
export function crdsCommand(): Command {
  return new Command("crds")
    .description("Print the custom resource definitions, for kubectl apply -f -")
    .action(async () => {
      const { stringify } = await import("yaml");
      for (const kind of Object.keys(kinds) as KindName[]) {
        console.log(`---\n${stringify(customResourceDefinition(kind)).trimEnd()}`);
      }
    });
}
