/**
 * The program as a process of its own, with no other permission and no other variable than it
 * is given.
 */
import { readPermissionFlags } from "../../.ci/compile.ts";
import { ROOT } from "../../.ci/files.ts";

/** How to start the program; the command of the program itself comes after `args`. */
export interface Program {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** How a process ended. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** The program from source, with the permissions of the task `run`. */
export async function programFromSource(): Promise<Program> {
  return {
    name: "source",
    path: Deno.execPath(),
    args: ["run", ...await readPermissionFlags(), "src/main.ts"],
  };
}

/** A process of the program; whoever starts it ends it by `stop`. */
export class RunningProgram {
  readonly #child: Deno.ChildProcess;
  readonly #stdout: Promise<string>;
  readonly #stderr: Promise<string>;
  #ended = false;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#stdout = new Response(child.stdout).text();
    this.#stderr = new Response(child.stderr).text();
    child.status.then(() => this.#ended = true);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Waits for its end. */
  async ending(): Promise<Ending> {
    const [{ code }, stdout, stderr] = await Promise.all([
      this.#child.status,
      this.#stdout,
      this.#stderr,
    ]);
    return { code, stdout, stderr };
  }

  /** Sends SIGTERM unless it has ended, SIGKILL after the limit, and waits for its end. */
  async stop({ limitMs = 25_000 }: { readonly limitMs?: number } = {}): Promise<Ending> {
    if (!this.#ended) this.#child.kill("SIGTERM");
    const limit = setTimeout(() => {
      if (!this.#ended) this.#child.kill("SIGKILL");
    }, limitMs);
    try {
      return await this.ending();
    } finally {
      clearTimeout(limit);
    }
  }
}

/** Starts the program with `words`, such as `["run", "--log-level", "debug"]`. */
export function startProgram(
  program: Program,
  words: readonly string[],
  options: { readonly environment?: Environment } = {},
): RunningProgram {
  const child = new Deno.Command(program.path, {
    args: [...program.args, ...words],
    cwd: ROOT,
    clearEnv: true,
    env: { ...inherited(), NO_COLOR: "1", ...options.environment },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return new RunningProgram(child);
}

/** Runs the program to its own end. */
export function runProgram(
  program: Program,
  words: readonly string[],
  options: { readonly environment?: Environment } = {},
): Promise<Ending> {
  return startProgram(program, words, options).ending();
}

/** A port on which nothing listens now. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/**
 * Asks /readyz until it answers 200.
 *
 * @throws Error with the output when the program ends first
 */
export async function untilReadyz(
  program: RunningProgram,
  port: number,
  { intervalMs = 20 }: { readonly intervalMs?: number } = {},
): Promise<void> {
  while (!program.hasEnded) {
    if (await isReady(port)) return;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
  const { code, stdout, stderr } = await program.ending();
  throw new Error(`The program ended with ${code} before it was ready:\n${stdout}${stderr}`);
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** What deno itself needs to find its cache; nothing that tells the program where to connect. */
function inherited(): Environment {
  const all = Deno.env.toObject();
  const names = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(
    names.filter((name) => all[name] !== undefined).map((name) => [name, all[name]!]),
  );
}
