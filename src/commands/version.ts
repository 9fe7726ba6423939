/**
 * The version: one number, kept in deno.json.
 */
import project from "../../deno.json" with { type: "json" };

/** Version of the program, the chart and the image. */
export const VERSION: string = project.version;
