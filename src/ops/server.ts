/**
 * The operator's own HTTP server: metrics and health.
 */
import type { Registry } from "prom-client";
import { answerHealth, type Check } from "./health.ts";

/** Options of {@link startOpsServer}. */
export interface OpsServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** @default {"0.0.0.0"} */
  readonly hostname?: string;
  readonly registry: Registry;
  readonly liveness: readonly Check[];
  readonly readiness: readonly Check[];
  /** Sets the gauges that are only worth computing when somebody looks. */
  readonly beforeScrape?: () => void;
}

/** A running server. */
export interface OpsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics`.
 *
 * @throws Deno.errors.AddrInUse when the port is taken
 */
export function startOpsServer(options: OpsServerOptions): OpsServer {
  const server = Deno.serve({
    port: options.port,
    hostname: options.hostname ?? "0.0.0.0",
    onListen: () => {},
  }, async (request) => {
    const url = new URL(request.url);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("method not allowed\n", { status: 405 });
    }
    if (url.pathname === "/metrics") {
      options.beforeScrape?.();
      return new Response(await options.registry.metrics(), {
        headers: { "content-type": options.registry.contentType },
      });
    }
    for (
      const [path, checks] of [["/healthz", options.liveness], [
        "/readyz",
        options.readiness,
      ]] as const
    ) {
      if (url.pathname !== path && !url.pathname.startsWith(`${path}/`)) continue;
      const answer = answerHealth(url, { path, checks });
      return new Response(answer.body, { status: answer.status });
    }
    return new Response("not found\n", { status: 404 });
  });
  return { port: server.addr.port, stop: () => server.shutdown() };
}
