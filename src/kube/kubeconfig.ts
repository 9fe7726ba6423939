/**
 * Access from a kubeconfig, through the official loader.
 *
 * The loader is imported only here and only when a kubeconfig is used: it costs 85 MB of
 * memory, and knows contexts, client certificates, tokens, exec plugins and proxies.
 */
import type { KubeConfig } from "@kubernetes/client-node";
import type { Clock } from "../ops/clock.ts";
import type { ServerAccess } from "./access.ts";

/** Tokens of exec plugins and OIDC are asked for again after this time. */
const REREAD_MS = 60_000;

/** Options of {@link kubeconfigAccess}. */
export interface KubeconfigOptions {
  readonly clock: Clock;
  /** File to read; otherwise KUBECONFIG and then ~/.kube/config, as kubectl does. */
  readonly path?: string | undefined;
  /** Context to use instead of the file's current one. */
  readonly context?: string | undefined;
}

interface Credentials {
  readonly authorization: string | undefined;
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/**
 * Reads a kubeconfig.
 *
 * @throws Error when the file or the context is not there, or when it asks to skip verification
 * of the server's certificate, which the native client cannot do
 */
export async function kubeconfigAccess(options: KubeconfigOptions): Promise<ServerAccess> {
  let config = await load(options);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Error(`Cannot use kubeconfig: no context "${config.getCurrentContext()}"`);
  }
  const secure = cluster.server.startsWith("https:");
  if (secure && cluster.skipTLSVerify) {
    throw new Error(
      `Cannot use cluster "${cluster.name}": insecure-skip-tls-verify is not supported, set certificate-authority-data`,
    );
  }

  let credentials = secure ? await readCredentials(config) : undefined;
  let readAt = options.clock.monotonic();
  let refused = false;
  let reading: Promise<void> | undefined;
  async function read(): Promise<void> {
    // The loader keeps what a plugin answered, so only a new one asks again before it expires.
    if (refused) config = await load(options);
    credentials = await readCredentials(config);
    readAt = options.clock.monotonic();
    refused = false;
  }
  async function current(): Promise<Credentials | undefined> {
    const due = refused || options.clock.monotonic() - readAt >= REREAD_MS;
    // One read for all requests that wait for it: a plugin may open a browser.
    if (secure && due) await (reading ??= read().finally(() => reading = undefined));
    return credentials;
  }

  return {
    baseUrl: cluster.server.replace(/\/+$/, ""),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? "default",
    clientOptions: () => ({
      ...(credentials?.ca === undefined ? {} : { caCerts: [credentials.ca] }),
      ...(credentials?.certificate === undefined || credentials.key === undefined
        ? {}
        : { cert: credentials.certificate, key: credentials.key }),
      ...(cluster.proxyUrl === undefined ? {} : { proxy: { url: cluster.proxyUrl } }),
    }),
    authorization: async () => (await current())?.authorization,
    forget: () => {
      refused = true;
    },
  };
}

async function load({ path, context }: KubeconfigOptions): Promise<KubeConfig> {
  const client = await import("@kubernetes/client-node");
  const config = new client.KubeConfig();
  if (path === undefined) config.loadFromDefault();
  else config.loadFromFile(path);
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}

/** Runs the loader's authenticators (files, exec plugins, OIDC) and takes what they answer. */
async function readCredentials(
  config: { applyToHTTPSOptions(options: LoaderOptions): Promise<void> },
): Promise<Credentials> {
  const options: LoaderOptions = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const basic = typeof options.auth === "string" ? `Basic ${btoa(options.auth)}` : undefined;
  return {
    authorization: options.headers["Authorization"] ?? basic,
    ca: textOf(options.ca),
    certificate: textOf(options.cert),
    key: textOf(options.key),
  };
}

interface LoaderOptions {
  headers: Record<string, string>;
  auth?: string | null;
  ca?: unknown;
  cert?: unknown;
  key?: unknown;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}
