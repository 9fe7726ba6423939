/**
 * The program: reads its arguments, runs one command, and ends with that command's exit code.
 */
import { Command } from "commander";
import { crdsCommand } from "./commands/crds.ts";
import { healthCommand } from "./commands/health.ts";
import { runCommand } from "./commands/run.ts";
import { sandboxCommand } from "./commands/sandbox.ts";
import { VERSION, versionCommand } from "./commands/version.ts";

if (import.meta.main) {
  await new Command("wasabi-s3-operator")
    .description("Kubernetes operator for Wasabi and other S3-compatible storage")
    .version(VERSION)
    .addCommand(runCommand())
    .addCommand(sandboxCommand())
    .addCommand(crdsCommand())
    .addCommand(healthCommand(fetch))
    .addCommand(versionCommand())
    .parseAsync(Deno.args, { from: "user" });
}
