/**
 * The version: one number, kept in deno.json.
 */
import { Command } from "commander";
import project from "../../deno.json" with { type: "json" };

/** Version of the program, the chart and the image. */
export const VERSION: string = project.version;

/** Makes the command. */
export function versionCommand(): Command {
  return new Command("version").description("Print the version").action(() => console.log(VERSION));
}
