/** A running embedded API server with one custom kind, for the tests of this folder. */

import { systemClock } from "../../../../src/ops/clock.ts";
import type { JsonObject } from "../../../../src/sandbox/kubernetes/json.ts";
import type { SandboxKubernetes } from "../../../../src/sandbox/kubernetes/server.ts";
import { startSandboxKubernetes } from "../../../../src/sandbox/kubernetes/server.ts";

// deno-lint-ignore no-explicit-any -- answers are read by path in assertions
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any };

export const WIDGETS = "/apis/example.dev/v1/namespaces/default/widgets";
export const MERGE = "application/merge-patch+json";
export const JSON_PATCH = "application/json-patch+json";
export const APPLY = "application/apply-patch+yaml";
export const WATCH_LIST =
  "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";

const SPEC_SCHEMA = {
  type: "object",
  required: ["color"],
  "x-kubernetes-validations": [
    { rule: "!has(self.size) || self.size < 100", message: "size must be below 100" },
  ],
  properties: {
    color: { type: "string", enum: ["red", "green"] },
    size: { type: "integer", minimum: 1, default: 3 },
    name: { type: "string", pattern: "^[a-z]+$", maxLength: 8 },
    fixed: {
      type: "string",
      "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "fixed cannot be changed" }],
    },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    atomic: { type: "array", items: { type: "string" } },
    set: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
    rules: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["id"],
      items: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "string" }, value: { type: "integer" } },
      },
    },
    nested: { type: "object", properties: { x: { type: "string" }, y: { type: "string" } } },
  },
};

const STATUS_SCHEMA = {
  type: "object",
  properties: {
    phase: { type: "string" },
    conditions: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
      items: {
        type: "object",
        required: ["type", "status"],
        properties: { type: { type: "string" }, status: { type: "string" } },
      },
    },
  },
};

/** The definition of the kind Widget. */
export function widgetDefinition(spec: object = SPEC_SCHEMA): JsonObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.dev" },
    spec: {
      group: "example.dev",
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", shortNames: ["wd"] },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        selectableFields: [{ jsonPath: ".spec.color" }],
        additionalPrinterColumns: [
          { name: "Color", type: "string", jsonPath: ".spec.color" },
          {
            name: "Ready",
            type: "string",
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
          },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: spec as JsonObject, status: STATUS_SCHEMA },
          },
        },
      }],
    },
  };
}

/** A Widget. */
export function aWidget(name: string, spec: JsonObject = {}, rest: JsonObject = {}): JsonObject {
  const { metadata = {}, ...other } = rest;
  return {
    apiVersion: "example.dev/v1",
    kind: "Widget",
    metadata: { name, ...metadata as JsonObject },
    spec: { color: "red", ...spec },
    ...other,
  };
}

/** A client of a running server. */
export interface Cluster {
  readonly server: SandboxKubernetes;
  send(
    method: string,
    path: string,
    options?: { body?: unknown; contentType?: string; accept?: string },
  ): Promise<Answer>;
  watch(path: string): Promise<WatchReader>;
}

/** Reads one watch line by line. */
export interface WatchReader {
  // deno-lint-ignore no-explicit-any -- events are read by path in assertions
  next(): Promise<any>;
  /** What is left when the stream ends, or the error that ended it. */
  end(): Promise<string>;
  cancel(): Promise<void>;
}

async function openWatch(url: string): Promise<WatchReader> {
  const response = await fetch(url);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let buffered = "";
  async function more(): Promise<boolean> {
    const { done, value } = await reader.read();
    if (value !== undefined) buffered += decoder.decode(value, { stream: true });
    return !done;
  }
  return {
    async next() {
      while (!buffered.includes("\n")) {
        if (!await more()) throw new Error(`Watch has ended: left "${buffered}"`);
      }
      const end = buffered.indexOf("\n");
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 1);
      return JSON.parse(line);
    },
    async end() {
      try {
        while (await more());
        return buffered;
      } catch (error) {
        return `${buffered} broken: ${error instanceof Error ? error.name : error}`;
      }
    },
    cancel: () => reader.cancel(),
  };
}

/** Runs `test` against a fresh server with the kind Widget installed. */
export async function withCluster(
  test: (cluster: Cluster) => Promise<void>,
  options: { bookmarkIntervalMs?: number; historySize?: number } = {},
): Promise<void> {
  const server = await startSandboxKubernetes({ clock: systemClock, ...options });
  const cluster: Cluster = {
    server,
    async send(method, path, { body, contentType = "application/json", accept } = {}) {
      const headers: Record<string, string> = { "user-agent": "test/1" };
      if (body !== undefined) headers["content-type"] = contentType;
      if (accept !== undefined) headers["accept"] = accept;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const init = { method, headers, ...(body === undefined ? {} : { body: text }) };
      const response = await fetch(server.url + path, init);
      const answer = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? JSON.parse(answer) : answer,
      };
    },
    watch: (path) => openWatch(server.url + path),
  };
  try {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    await cluster.send("POST", path, { body: widgetDefinition() });
    await test(cluster);
  } finally {
    await server.stop();
  }
}
