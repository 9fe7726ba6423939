/**
 * Where a case about the Kubernetes API runs: a namespace of its own on a server that it knows by
 * address and headers only.
 */
import { assertEquals } from "@std/assert";
import type { Json } from "../../../src/api/common.ts";
import { eventually } from "../../support/eventually.ts";
import type { KubernetesEndpoint } from "../../support/kubernetes_endpoint.ts";
import { openWatch, type WatchReader } from "./watch_reader.ts";
import { widgetDefinition } from "./widgets.ts";

/** Content types of patches. */
export const MERGE = "application/merge-patch+json";
export const JSON_PATCH = "application/json-patch+json";
export const APPLY = "application/apply-patch+yaml";

/** Accept headers that ask for metadata alone. */
export const METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
export const METADATA_ONLY_LIST =
  "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

export const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
export const NAMESPACES = "/api/v1/namespaces";

/** An answer with its headers. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any -- answers are read by path in assertions
  readonly body: any;
}

/** Options of a request. */
export interface SendOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

/** What a case works with. */
export interface Place {
  /** A fresh namespace. */
  readonly namespace: string;
  /** Path of the namespace's Widgets. */
  readonly widgets: string;
  /** Path of the namespace's objects of a core kind. */
  core(plural: string): string;
  /** Sends a request; never throws for a refusal. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** As `send`, but fails unless the answer is a success; returns its body. */
  must(method: string, path: string, options?: SendOptions): Promise<Answer["body"]>;
  /** Creates an object in a collection and returns it. */
  create(path: string, body: unknown): Promise<Answer["body"]>;
  /** Opens a watch; the case need not close it. */
  watch(path: string, options?: { readonly accept?: string }): Promise<WatchReader>;
}

/** A claim about the API, and how to refute it. */
export interface KubernetesCase {
  readonly claim: string;
  readonly run: (place: Place) => Promise<void>;
}

/** Installs the kind Widget and runs each case as a step of the test. */
export async function runKubernetesCases(
  context: Deno.TestContext,
  endpoint: KubernetesEndpoint,
  cases: readonly KubernetesCase[],
): Promise<void> {
  await installWidgets(endpoint);
  const runName = `conformance-${Date.now().toString(36)}`;
  for (const [index, { claim, run }] of cases.entries()) {
    await context.step(claim, () => runInPlace(endpoint, `${runName}-${index}`, run));
  }
}

async function runInPlace(
  endpoint: KubernetesEndpoint,
  namespace: string,
  run: KubernetesCase["run"],
): Promise<void> {
  const watches: WatchReader[] = [];
  const send = (method: string, path: string, options?: SendOptions) =>
    sendTo(endpoint, { method, path, ...options });
  async function must(method: string, path: string, options?: SendOptions) {
    const { status, body } = await send(method, path, options);
    if (status < 300) return body;
    throw new Error(`Cannot ${method} ${path}: ${status} ${JSON.stringify(body)}`);
  }
  const place: Place = {
    namespace,
    widgets: `/apis/conformance.example.dev/v1/namespaces/${namespace}/widgets`,
    core: (plural) => `/api/v1/namespaces/${namespace}/${plural}`,
    send,
    must,
    create: (path, body) => must("POST", path, { body }),
    async watch(path, options = {}) {
      const reader = await openWatch(endpoint, path, options);
      watches.push(reader);
      return reader;
    },
  };
  await must("POST", NAMESPACES, { body: { metadata: { name: namespace } } });
  try {
    await run(place);
  } finally {
    await Promise.all(watches.map((reader) => reader.cancel()));
    await send("DELETE", `${NAMESPACES}/${namespace}`);
  }
}

/** Sends one request to a server. */
async function sendTo(
  endpoint: KubernetesEndpoint,
  request: SendOptions & { readonly method: string; readonly path: string },
): Promise<Answer> {
  const { method, path, body, accept } = request;
  const usual = method === "PATCH" ? MERGE : "application/json";
  const response = await fetch(endpoint.baseUrl + path, {
    method,
    headers: {
      ...endpoint.headers,
      "user-agent": "conformance/1",
      ...(body === undefined ? {} : { "content-type": request.contentType ?? usual }),
      ...(accept === undefined ? {} : { accept }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(endpoint.client === undefined ? {} : { client: endpoint.client }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  const { status, headers } = response;
  return { status, headers, body: isJson ? JSON.parse(text) : text };
}

async function installWidgets(endpoint: KubernetesEndpoint): Promise<void> {
  const body = widgetDefinition("widgets", "Widget") as Json;
  const answer = await sendTo(endpoint, { method: "POST", path: DEFINITIONS, body });
  assertEquals([201, 409].includes(answer.status), true, JSON.stringify(answer.body));
  await eventually(async () => {
    const path = "/apis/conformance.example.dev/v1/widgets";
    assertEquals((await sendTo(endpoint, { method: "GET", path })).status, 200);
  });
}
