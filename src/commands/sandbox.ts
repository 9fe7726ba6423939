/**
 * Command `sandbox`: the whole thing on one machine, with embedded servers, until stopped.
 */
import { Command } from "commander";
import { delay, systemClock } from "../ops/clock.ts";
import { heightOf, showObjects } from "./sandbox_display.ts";
import type { Sandbox } from "./sandbox_session.ts";
import { untilSignal } from "./signals.ts";

interface Flags {
  readonly once?: boolean;
  readonly examples?: string;
  readonly folder: string;
  readonly timeout: string;
}

/** Makes the command. */
export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description("Try the operator with an embedded Kubernetes API and an embedded S3 service")
    .option("--once", "end when every object is Ready, or with an error when one is not")
    .option("--examples <folder>", "objects to apply; default: the examples of this repository")
    .option("--folder <folder>", "where kubeconfig and log are written", ".sandbox")
    .option("--timeout <seconds>", "how long --once waits for Ready", "60")
    .action(async (flags: Flags) => Deno.exit(await run(flags)));
}

/** Runs the sandbox; the result is the exit code. */
async function run(flags: Flags): Promise<number> {
  const seconds = Number(flags.timeout);
  if (!(seconds > 0)) {
    console.error(`Cannot use --timeout: received "${flags.timeout}"`);
    return 2;
  }
  const signals = untilSignal(["SIGTERM", "SIGINT"]);
  signals.second.then(() => Deno.exit(1));
  try {
    return await withSandbox(
      flags,
      (sandbox) =>
        flags.once
          ? untilReady(sandbox, { seconds, stopped: signals.first })
          : follow(sandbox, signals.first),
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function withSandbox(
  flags: Flags,
  use: (sandbox: Sandbox) => Promise<number>,
): Promise<number> {
  // On demand, so that the servers and what they need cost `run` no memory.
  const { openSandbox } = await import("./sandbox_session.ts");
  const sandbox = await openSandbox(flags);
  try {
    await sandbox.applyExamples();
    return await use(sandbox);
  } finally {
    await sandbox.close();
  }
}

const PERIOD_MS = 250;
const WIDTH_OF_A_PIPE = 160;

async function untilReady(
  sandbox: Sandbox,
  limit: { readonly seconds: number; readonly stopped: Promise<unknown> },
): Promise<number> {
  const deadline = systemClock.monotonic() + limit.seconds * 1000;
  let stopped = false;
  limit.stopped.then(() => stopped = true);
  while (true) {
    const rows = sandbox.rows();
    const settled = rows.length > 0 && rows.every((row) => row.ready === "True");
    if (settled || stopped || systemClock.monotonic() > deadline) {
      console.log(showObjects(rows));
      if (settled) console.log(`All ${rows.length} objects are Ready`);
      for (const row of settled ? [] : rows.filter(({ ready }) => ready !== "True")) {
        console.error(`${row.kind} ${row.name} is not Ready: ${row.reason || "not tried yet"}`);
      }
      return settled ? 0 : 1;
    }
    // Looks again and again, as a person would.
    // deno-lint-ignore no-await-in-loop
    await pause();
  }
}

/** Shows the table whenever it changes, until a signal comes. */
async function follow(sandbox: Sandbox, stopped: Promise<unknown>): Promise<number> {
  console.log(sandbox.instructions);
  let ended = false;
  stopped.then(() => ended = true);
  let shown = "";
  let height = 0;
  while (!ended) {
    const text = showObjects(sandbox.rows());
    if (text !== shown) {
      const redraw = Deno.stdout.isTerminal() && height > 0;
      console.log(redraw ? `\x1b[${height}A\x1b[0J${text}` : text);
      shown = text;
      height = heightOf(text, terminalWidth());
    }
    // deno-lint-ignore no-await-in-loop
    await pause();
  }
  console.log("Stopping");
  return 0;
}

function terminalWidth(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : WIDTH_OF_A_PIPE;
}

function pause(): Promise<unknown> {
  return delay(systemClock, PERIOD_MS);
}
