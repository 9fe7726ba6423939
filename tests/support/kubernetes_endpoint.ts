/**
 * A Kubernetes API as tests see it: an address and headers. Whether it is the embedded one or a
 * real one, the test cannot tell.
 */
import { parse } from "yaml";
import type { Json } from "../../src/api/common.ts";

/** Where the API is and how to be let in. */
export interface KubernetesEndpoint {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly client?: Deno.HttpClient;
}

/** Any JSON object of an answer. */
// deno-lint-ignore no-explicit-any -- tests read answers of many shapes
export type AnswerBody = any;

/** Answer of the API. */
export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: Json;
  /** Default: merge patch for PATCH, otherwise JSON. */
  readonly contentType?: string;
}

/** Sends one request; never throws for a refusal. */
export async function call(endpoint: KubernetesEndpoint, request: Call): Promise<Answer> {
  const contentType = request.contentType ??
    (request.method === "PATCH" ? "application/merge-patch+json" : "application/json");
  const response = await fetch(endpoint.baseUrl + request.path, {
    method: request.method,
    headers: { ...endpoint.headers, "content-type": contentType },
    body: request.body === undefined ? null : JSON.stringify(request.body),
    ...(endpoint.client === undefined ? {} : { client: endpoint.client }),
  });
  return { status: response.status, body: await response.json() };
}

/** As {@link call}, but throws unless the answer is a success; returns its body. */
export async function mustCall(endpoint: KubernetesEndpoint, request: Call): Promise<AnswerBody> {
  const answer = await call(endpoint, request);
  if (answer.status < 300) return answer.body;
  throw new Error(
    `Cannot ${request.method} ${request.path}: ${answer.status} ${JSON.stringify(answer.body)}`,
  );
}

/**
 * The real API server that KUBECONFIG, KUBERNETES_TOKEN and KUBERNETES_CA name.
 *
 * The caller closes `client`. Throws when one of them is missing: a test without its server has
 * failed, not passed.
 */
export async function kubernetesFromEnvironment(): Promise<
  KubernetesEndpoint & { readonly client: Deno.HttpClient }
> {
  const kubeconfig = parse(await Deno.readTextFile(variable("KUBECONFIG")));
  const client = Deno.createHttpClient({
    caCerts: [await Deno.readTextFile(variable("KUBERNETES_CA"))],
  });
  return {
    baseUrl: String(kubeconfig.clusters[0].cluster.server).replace(/\/$/, ""),
    headers: { authorization: `Bearer ${variable("KUBERNETES_TOKEN")}` },
    client,
  };
}

function variable(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined || value === "") {
    throw new Error(`Cannot reach the Kubernetes API: variable "${name}" is not set`);
  }
  return value;
}
