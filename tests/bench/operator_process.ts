/**
 * The operator as a process of its own, on embedded servers that run in this process.
 */
import { freePort, type Program, startProgram, untilReadyz } from "../process/program.ts";
import type { Embedded } from "../scenario/embedded.ts";
import { aProvider, aSecret } from "../support/builders.ts";
import type { ClusterAdmin } from "../support/cluster_admin.ts";
import { figuresOf, type ProcessFigures } from "./process_figures.ts";

/** A running operator. */
export interface Operator {
  /** From the start of the process to 200 at /readyz. */
  readonly startMs: number;
  figures(): Promise<ProcessFigures>;
  stop(): Promise<void>;
}

/** Starts a program against embedded servers and waits until it is ready. */
export async function startOperator(
  program: Program,
  options: {
    readonly embedded: Embedded;
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<Operator> {
  const { embedded: { kubernetes, s3 }, environment } = options;
  kubernetes.requests.clear();
  s3.requests.clear();
  const port = freePort();
  const startedAt = performance.now();
  const running = startProgram(
    program,
    ["run", "--api-server", kubernetes.url, "--metrics-port", String(port)],
    // So that the account's budget is not what is measured.
    { environment: { WASABI_RATE_LIMIT_PER_SECOND: "100000", ...environment } },
  );
  await untilReadyz(running, port, { intervalMs: 5 });
  return {
    startMs: performance.now() - startedAt,
    figures: () => figuresOf(running.pid),
    stop: async () => {
      const { code, stdout, stderr } = await running.stop();
      if (code !== 0) throw new Error(`The operator ended with ${code}:\n${stdout}${stderr}`);
    },
  };
}

/** Applies credentials and a Provider, and waits until it is Ready. */
export async function provide({ theatre }: Embedded, admin: ClusterAdmin): Promise<void> {
  await admin.apply(
    aSecret("credentials", {
      "access-key": theatre.cloud.accessKeyId,
      "secret-key": theatre.cloud.secretAccessKey,
    }),
    aProvider("provider", {
      endpoint: theatre.cloud.url,
      ...(theatre.cloud.iamUrl === undefined ? {} : { iamEndpoint: theatre.cloud.iamUrl }),
    }),
  );
  await admin.untilCondition("Provider", "provider", { status: "True" });
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
