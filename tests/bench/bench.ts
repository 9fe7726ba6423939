/**
 * `deno task bench`: start, memory, CPU and calls of the operator, from source, as a bundle, and
 * compiled where COMPILE_DENO and COMPILE_DENORT_BIN are set.
 *
 * Flags: --quick measures 100 Buckets only, --only source|bundle|compiled one program only,
 * --v8-flags replaces how the bundle's memory is kept. Nothing fails for being slow: the machine
 * may be shared.
 */
import { parseArgs } from "node:util";
import { bundle, compile, PROGRAM, readPermissionFlags, V8_FLAGS } from "../../.ci/compile.ts";
import { ROOT } from "../../.ci/files.ts";
import { type Program, programFromSource, runProgram } from "../process/program.ts";
import { measure } from "./measure.ts";
import { showMeasurement } from "./report.ts";

/** The bundle as it is compiled, on the deno that runs this. */
async function programFromBundle(flags?: string): Promise<Program> {
  const v8Flags = flags === undefined ? V8_FLAGS : `--v8-flags=${flags}`;
  const args = ["run", ...await readPermissionFlags(), v8Flags, "--no-config", await bundle()];
  return { name: "bundle", path: Deno.execPath(), args };
}

async function compiledProgram(): Promise<Program> {
  await compile(await bundle());
  return { name: "compiled", path: ROOT + PROGRAM, args: [] };
}

const PROGRAMS: Readonly<Record<string, (flags?: string) => Promise<Program>>> = {
  source: programFromSource,
  bundle: programFromBundle,
  compiled: compiledProgram,
};

function programsToMeasure(only: string | undefined): readonly string[] {
  if (only !== undefined) return [only];
  const canCompile = Deno.env.has("COMPILE_DENO");
  return Object.keys(PROGRAMS).filter((name) => name !== "compiled" || canCompile);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      "v8-flags": { type: "string" },
    },
  });
  const cores = navigator.hardwareConcurrency;
  console.log(`Deno ${Deno.version.deno}, ${Deno.build.target}, ${cores} cores`);
  for (const name of programsToMeasure(values.only)) {
    const make = PROGRAMS[name];
    if (make === undefined) throw new Error(`Cannot measure program: received "${name}"`);
    const program = await make(values["v8-flags"]);
    // The first start of all parses the files for Deno's cache, which the later ones find.
    await runProgram(program, ["version"]);
    for (const buckets of values.quick ? [100] : [100, 1000]) {
      console.log(showMeasurement(await measure(program, buckets)));
    }
  }
}

if (import.meta.main) await main();
