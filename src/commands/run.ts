/**
 * Command `run`: the operator against a cluster, until SIGTERM.
 */
import { Command } from "commander";
import { type Config, ConfigError, type RawConfig, readConfig } from "../config.ts";
import { plainAccess, type ServerAccess } from "../kube/access.ts";
import { inClusterAccess } from "../kube/in_cluster.ts";
import { kubeconfigAccess } from "../kube/kubeconfig.ts";
import { type Clock, systemClock, systemRandom } from "../ops/clock.ts";
import { type Logger, startLog, stopLog } from "../ops/log.ts";
import { Redactor } from "../ops/redact.ts";
import { startOperator } from "../operator.ts";
import { untilSignal } from "./signals.ts";
import { VERSION } from "./version.ts";

/** Flags of the command, by the variable that each one hides. */
export const FLAGS = {
  kubeconfig: "KUBECONFIG",
  context: "CONTEXT",
  apiServer: "API_SERVER",
  namespaces: "WATCH_NAMESPACES",
  metricsPort: "METRICS_PORT",
  logLevel: "LOG_LEVEL",
} as const;

const LOST_DEADLINE_MS = 5_000;

type Flags = Readonly<Partial<Record<keyof typeof FLAGS, string>>>;

/** Makes the command. */
export function runCommand(): Command {
  return new Command("run")
    .description("Run the operator until it is told to stop")
    .option("--kubeconfig <file>", "kubeconfig to use outside a cluster")
    .option("--context <name>", "context of the kubeconfig, instead of its current one")
    .option("--api-server <url>", "API server to use without credentials, such as kubectl proxy")
    .option("--namespaces <list>", "namespaces to watch, separated by commas; default: all")
    .option(
      "--metrics-port <port>",
      "port of /metrics, /healthz and /readyz (METRICS_PORT); default: 8080",
    )
    .option("--log-level <level>", "debug, info, warning or error (LOG_LEVEL); default: info")
    .action(async (flags: Flags) => Deno.exit(await run(rawFlags(flags), Deno.env.toObject())));
}

/** Runs the operator; the result is the exit code. */
async function run(flags: RawConfig, environment: RawConfig): Promise<number> {
  let config: Config;
  try {
    config = readConfig(flags, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return 2;
  }
  const redactor = new Redactor();
  const log = await startLog({ level: config.logLevel, redactor, write: (l) => console.log(l) });
  globalThis.addEventListener("unhandledrejection", (event) => {
    // Never swallowed, and never printed by the runtime, which knows no secrets.
    event.preventDefault();
    log.error("Unhandled rejection", { error: event.reason });
    Deno.exit(1);
  });
  try {
    const access = await accessOf(config.server, systemClock);
    return await operate(config, { access, log, redactor });
  } catch (error) {
    log.error("Cannot run", { error });
    return 1;
  } finally {
    await stopLog();
  }
}

async function operate(
  config: Config,
  parts: { readonly access: ServerAccess; readonly log: Logger; readonly redactor: Redactor },
): Promise<number> {
  const namespaced = config.watchScope === "namespaced";
  const operator = startOperator({
    ...config,
    ...parts,
    namespaces: namespaced && config.namespaces.length === 0
      ? [parts.access.namespace]
      : config.namespaces,
    watchesNamespaces: !namespaced,
    ...(config.secretNamespaces.length === 0 ? {} : { secretNamespaces: config.secretNamespaces }),
    clock: systemClock,
    random: systemRandom,
    version: VERSION,
    instance: Deno.hostname(),
  });
  const signalled = untilSignal(["SIGTERM", "SIGINT"]);
  const end = await Promise.race([
    operator.started.then(() => signalled.first, (error: unknown) => ({ error })),
    signalled.first,
    operator.lost.then(() => "lost" as const),
  ]);
  // Whoever asks twice does not want to wait for the work in hand.
  signalled.second.then(() => Deno.exit(1));
  // What is in hand can change nothing any more, and another replica waits for nobody.
  await operator.stop(end === "lost" ? LOST_DEADLINE_MS : undefined);
  if (end === "lost") return 1;
  if (typeof end === "string") return 0;
  parts.log.error("Cannot start", { error: end.error });
  return 1;
}

/** Finds the API server. */
async function accessOf(server: Config["server"], clock: Clock): Promise<ServerAccess> {
  switch (server.kind) {
    case "url":
      return plainAccess(server.url);
    case "inCluster":
      return inClusterAccess({ clock, ...server });
    case "kubeconfig":
      return await kubeconfigAccess({ clock, ...server });
  }
}

function rawFlags(flags: Flags): RawConfig {
  return Object.fromEntries(
    Object.entries(FLAGS).map(([flag, name]) => [name, flags[flag as keyof typeof FLAGS]]),
  );
}
