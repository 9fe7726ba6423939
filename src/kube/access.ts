/**
 * How to reach one API server, whatever the source of that knowledge.
 */

/** Address, trust and identity; implemented by the in-cluster files, a kubeconfig, or a plain URL. */
export interface ServerAccess {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Namespace that the process runs in, or that the context names. */
  readonly namespace: string;
  /** Trust and client certificate for a new client; read anew on each call. */
  clientOptions(): Deno.CreateHttpClientOptions;
  /** Value of the Authorization header, if there is one; renewed when it is due. */
  authorization(): Promise<string | undefined>;
  /** Called after a 401: the next `authorization` must not answer from memory. */
  forget(): void;
}

/**
 * Access without credentials of its own, for `kubectl proxy` and for the embedded server.
 *
 * @throws TypeError when the text is not an http or https URL
 */
export function plainAccess(url: string): ServerAccess {
  const parsed = new URL(url);
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new TypeError(`Cannot use API server address: received "${url}"`);
  }
  return {
    baseUrl: url.replace(/\/+$/, ""),
    namespace: "default",
    clientOptions: () => ({}),
    authorization: () => Promise.resolve(undefined),
    forget: () => {},
  };
}
