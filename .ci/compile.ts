/**
 * Makes the program: a minified bundle, and from it one executable that carries its permissions.
 *
 * A bundle first, because the executable of a source tree holds every npm package whole and
 * needs 100 MB more of memory. What is imported on demand stays a chunk of its own, so that it
 * costs nothing until it is needed.
 */
import { ROOT } from "./files.ts";

/** Folder of the bundle; as deep as src/commands/, so that `../../examples/` is the same place. */
export const BUNDLE_FOLDER = "dist/bundle";

/** The executable. */
export const PROGRAM = "dist/wasabi-s3-operator";

/**
 * How V8 keeps its memory, baked into the program.
 *
 * Left alone, it lets garbage of 1,000 new Buckets grow the process to 170 MB. A tight old
 * generation costs time, and a roomy young one gives it back: most garbage dies there
 * (docs/benchmarks.md).
 */
export const V8_FLAGS =
  "--v8-flags=--optimize-for-size,--min-semi-space-size=2,--max-semi-space-size=8";

/** The deno that compiles, and the base that it compiles onto where it cannot download one. */
interface Compiler {
  readonly deno: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The flags between `deno run` and the file in the task `run`: what the program may do.
 *
 * @throws Error when the task is written in another way
 */
export function permissionFlags(configuration: string): readonly string[] {
  const { tasks } = JSON.parse(configuration) as {
    readonly tasks: Readonly<Record<string, { readonly command: string }>>;
  };
  const command = tasks["run"]?.command ?? "";
  const flags = /^deno run ((?:--\S+ )+)src\/main\.ts run$/.exec(command)?.[1];
  if (flags === undefined) throw new Error(`Cannot read the flags of task run: "${command}"`);
  return flags.trim().split(" ");
}

/** The flags of the task `run` of this repository. */
export async function readPermissionFlags(): Promise<readonly string[]> {
  return permissionFlags(await Deno.readTextFile(`${ROOT}deno.json`));
}

/**
 * Bundles the program.
 *
 * @returns path of the main file, from the root
 * @throws Error with the output of deno
 */
export async function bundle(): Promise<string> {
  await Deno.remove(ROOT + BUNDLE_FOLDER, { recursive: true }).catch(ignoreNotFound);
  await deno(Deno.execPath(), {
    args: ["bundle", "--platform", "deno", "--minify", "--code-splitting", "--frozen"]
      .concat(["--outdir", BUNDLE_FOLDER, "src/main.ts"]),
  });
  return `${BUNDLE_FOLDER}/main.js`;
}

/**
 * Compiles a bundle to {@link PROGRAM}, for another machine where COMPILE_TARGET names one.
 *
 * @throws Error with the output of deno
 */
export async function compile(main: string): Promise<void> {
  const { deno: path, environment } = compilerFrom(Deno.env.toObject());
  const target = Deno.env.get("COMPILE_TARGET");
  await deno(path, {
    // The bundle is all there is: no import map, and nothing to fetch.
    args: ["compile", ...await readPermissionFlags(), V8_FLAGS]
      .concat(["--no-config", "--no-npm", "--no-remote", "--no-check"])
      .concat(target === undefined ? [] : ["--target", target])
      .concat(["--include", "examples", "--output", PROGRAM, main]),
    environment,
  });
}

/** COMPILE_DENO and COMPILE_DENORT_BIN, together or not at all; otherwise this deno. */
export function compilerFrom(environment: Readonly<Record<string, string>>): Compiler {
  const { COMPILE_DENO: path, COMPILE_DENORT_BIN: base } = environment;
  if (path === undefined && base === undefined) return { deno: Deno.execPath(), environment: {} };
  if (path !== undefined && base !== undefined) {
    return { deno: path, environment: { DENORT_BIN: base } };
  }
  throw new Error("Cannot compile: set both of COMPILE_DENO and COMPILE_DENORT_BIN, or neither");
}

async function deno(
  path: string,
  options: {
    readonly args: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(path, {
    args: [...options.args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...options.environment },
  }).output();
  if (success) return;
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  throw new Error(`Cannot run deno ${options.args.join(" ")}:\n${output}`);
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

async function main(): Promise<void> {
  await compile(await bundle());
  const { size } = await Deno.stat(ROOT + PROGRAM);
  console.log(`${PROGRAM}: ${(size / 1e6).toFixed(0)} MB`);
}

if (import.meta.main) await main();
