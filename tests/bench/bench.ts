/**
 * `deno task bench`: start, memory, CPU and calls of the operator, from source and as a bundle.
 *
 * Flags: --quick measures 100 Buckets only, --only source|bundle one program only. Nothing fails
 * for being slow: the machine may be shared.
 */
import { parseArgs } from "node:util";
import { bundle, readPermissionFlags } from "../../.ci/compile.ts";
import { type Program, programFromSource, runProgram } from "../process/program.ts";
import { measure } from "./measure.ts";
import { showMeasurement } from "./report.ts";

function withV8Flags(program: Program, flags: string | undefined): Program {
  if (flags === undefined) return program;
  const [command = "run", ...rest] = program.args;
  return { ...program, args: [command, `--v8-flags=${flags}`, ...rest] };
}

async function programFromBundle(): Promise<Program> {
  return {
    name: "bundle",
    path: Deno.execPath(),
    args: ["run", ...await readPermissionFlags(), "--no-config", await bundle()],
  };
}

const PROGRAMS = { source: programFromSource, bundle: programFromBundle } as const;

function isProgramName(name: string): name is keyof typeof PROGRAMS {
  return Object.hasOwn(PROGRAMS, name);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      "v8-flags": { type: "string" },
    },
  });
  const names = values.only === undefined ? Object.keys(PROGRAMS) : [values.only];
  const cores = navigator.hardwareConcurrency;
  console.log(`Deno ${Deno.version.deno}, ${Deno.build.target}, ${cores} cores`);
  for (const name of names) {
    if (!isProgramName(name)) throw new Error(`Cannot measure program: received "${name}"`);
    const program = withV8Flags(await PROGRAMS[name](), values["v8-flags"]);
    // The first start of all parses the files for Deno's cache, which the later ones find.
    await runProgram(program, ["version"]);
    for (const buckets of values.quick ? [100] : [100, 1000]) {
      console.log(showMeasurement(await measure(program, buckets)));
    }
  }
}

if (import.meta.main) await main();
