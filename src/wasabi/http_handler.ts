/**
 * HTTP connections of the SDK's clients.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { ConnectionSettings } from "./connection_settings.ts";

const MAX_SOCKETS = 32;

/** Limits of one attempt. */
export interface HttpLimits {
  /** Limit for the connection to open. @default {5_000} */
  readonly connectTimeoutMs?: number;
  /** Limit for one attempt. @default {30_000} */
  readonly requestTimeoutMs?: number;
}

/**
 * A handler with connections of its own, which trusts what the settings say.
 *
 * @param options.keepAlive false for calls that must not be made twice: when a kept connection
 * turns out to be dead, the runtime sends the request once more by itself, whether it was carried
 * out or not (denoland/deno#31932)
 */
export function createHttpHandler(
  { tls }: Pick<ConnectionSettings, "tls">,
  { keepAlive = true, ...limits }: HttpLimits & { readonly keepAlive?: boolean },
): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: limits.connectTimeoutMs ?? 5_000,
    requestTimeout: limits.requestTimeoutMs ?? 30_000,
    throwOnRequestTimeout: true,
    httpAgent: new HttpAgent({ keepAlive, maxSockets: MAX_SOCKETS }),
    httpsAgent: new HttpsAgent({
      keepAlive,
      maxSockets: MAX_SOCKETS,
      rejectUnauthorized: !tls.insecureSkipVerify,
      ...(tls.caCertificate === undefined ? {} : { ca: tls.caCertificate }),
    }),
  });
}
