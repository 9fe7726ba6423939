/**
 * Command `health`: asks a running operator whether it is ready; the image has no other program
 * that could.
 */
import { Command } from "commander";

const LIMIT_MS = 5_000;

/** How an answer is fetched. */
type Ask = (url: URL, options: { readonly signal: AbortSignal }) => Promise<Response>;

/** Makes the command. */
export function healthCommand(ask: Ask): Command {
  return new Command("health")
    .description("Ask a running operator whether it is ready")
    .argument("[url]", "address of its metrics port", "http://127.0.0.1:8080")
    .action(async (url: string) => Deno.exit(await check(new URL("/readyz", url), ask)));
}

async function check(url: URL, ask: Ask): Promise<number> {
  try {
    const response = await ask(url, { signal: AbortSignal.timeout(LIMIT_MS) });
    console.log(await response.text());
    return response.ok ? 0 : 1;
  } catch (error) {
    console.error(`Cannot ask ${url}: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}
