/**
 * Access from inside a Pod: two variables and three files.
 *
 * The token is projected and replaced by the kubelet about every hour, and the CA file changes
 * when the cluster's CA is rotated, so both are read again each minute.
 */
import type { Clock } from "../ops/clock.ts";
import type { ServerAccess } from "./access.ts";

/** Where the kubelet mounts the ServiceAccount. */
const SERVICE_ACCOUNT_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

const REREAD_MS = 60_000;

/** Options of {@link inClusterAccess}. */
export interface InClusterOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly port: string;
  /** @default {SERVICE_ACCOUNT_DIRECTORY} */
  readonly directory?: string;
}

/**
 * Reads the ServiceAccount that Kubernetes mounts into each Pod.
 *
 * @throws Error naming the file that cannot be read
 */
export function inClusterAccess(options: InClusterOptions): ServerAccess {
  const directory = options.directory ?? SERVICE_ACCOUNT_DIRECTORY;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  let token = "";
  let readAt = -Infinity;

  function currentToken(): string {
    const now = options.clock.monotonic();
    if (now - readAt >= REREAD_MS) {
      token = readFile(`${directory}/token`).trim();
      readAt = now;
    }
    return token;
  }

  currentToken();
  return {
    baseUrl: `https://${host}:${options.port}`,
    namespace: readFile(`${directory}/namespace`).trim(),
    clientOptions: () => ({ caCerts: [readFile(`${directory}/ca.crt`)] }),
    authorization: () => Promise.resolve(`Bearer ${currentToken()}`),
    forget: () => {
      readAt = -Infinity;
    },
  };
}

function readFile(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new Error(`Cannot read ServiceAccount file: ${path}`, { cause });
  }
}
