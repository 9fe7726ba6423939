/**
 * Access from a kubeconfig, through the official loader.
 *
 * The loader is imported only here and only when a kubeconfig is used: it costs 85 MB of
 * memory, and knows contexts, client certificates, tokens, exec plugins and proxies.
 */
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
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (options.path === undefined) config.loadFromDefault();
  else config.loadFromFile(options.path);
  if (options.context !== undefined) config.setCurrentContext(options.context);
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
  async function current(): Promise<Credentials | undefined> {
    if (secure && options.clock.monotonic() - readAt >= REREAD_MS) {
      credentials = await readCredentials(config);
      readAt = options.clock.monotonic();
    }
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
      readAt = -Infinity;
    },
  };
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
