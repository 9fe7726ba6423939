/**
 * Requests for objects: get, paged list, create, apply, patch, delete.
 */
import type { Json, KubeObject } from "../api/common.ts";
import { type Clock, delay, limitTime } from "../ops/clock.ts";
import { type Rate, TokenBucket } from "../ops/token_bucket.ts";
import type { KubeAnswer, KubeConnection, RequestObserver } from "./connection.ts";
import { KubeError, kubeErrorOf, transportErrorOf } from "./error.ts";
import {
  apiVersionOf,
  collectionPath,
  type ObjectName,
  objectPath,
  type Resource,
} from "./resource.ts";

/** Accept header that asks for metadata alone. */
export const METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
/** Accept header that asks for a list of metadata alone. */
const METADATA_ONLY_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: "add" | "remove" | "replace" | "test";
  readonly path: string;
  readonly value?: Json;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
}

/** Options of {@link KubeClient}. */
export interface KubeClientOptions {
  readonly connection: KubeConnection;
  readonly clock: Clock;
  /** Field manager of every write. */
  readonly fieldManager: string;
  /** Limit on requests; none when absent, as the server has its own (API priority and fairness). */
  readonly rate?: Rate | undefined;
  /** Told how long each request waited for `rate`; the rest is the connection's to tell. */
  readonly onRequest?: RequestObserver;
  /** Throws when nothing may be changed, because another process may lead by now. */
  readonly fence?: (() => void) | undefined;
  /** Limit for one request. @default {10_000} */
  readonly requestTimeoutMs?: number;
  /** Limit for one page of a list. @default {30_000} */
  readonly listTimeoutMs?: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly timeoutMs?: number;
  readonly stop?: AbortSignal;
}

/** A typed client for one API server; every method throws KubeError. */
export class KubeClient {
  readonly #options: KubeClientOptions;
  readonly #bucket: TokenBucket | undefined;

  constructor(options: KubeClientOptions) {
    this.#options = options;
    this.#bucket = options.rate && new TokenBucket(options.rate, options.clock);
  }

  /** Reads one object as the server has it now (a quorum read). */
  get<T extends KubeObject>(resource: Resource, name: ObjectName): Promise<T> {
    return this.#call({ method: "GET", path: objectPath(resource, name) });
  }

  /** Reads one page of a collection. */
  async listPage<T extends KubeObject>(
    resource: Resource,
    options: {
      readonly namespace?: string | undefined;
      readonly limit: number;
      readonly continueToken?: string | undefined;
      readonly metadataOnly?: boolean;
      /** Gives the request up, as its time limit does. */
      readonly stop?: AbortSignal;
    },
  ): Promise<Page<T>> {
    const query = new URLSearchParams({ limit: String(options.limit) });
    if (options.continueToken !== undefined) query.set("continue", options.continueToken);
    const list = await this.#call<{
      readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
      readonly items: readonly T[] | null;
    }>({
      method: "GET",
      path: `${collectionPath(resource, options.namespace)}?${query}`,
      timeoutMs: this.#options.listTimeoutMs ?? 30_000,
      ...(options.stop === undefined ? {} : { stop: options.stop }),
      ...(options.metadataOnly ? { accept: METADATA_ONLY_LIST } : {}),
    });
    return {
      // The API server's way to say that a list of metadata is empty.
      items: list.items ?? [],
      resourceVersion: list.metadata.resourceVersion,
      continueToken: list.metadata.continue === "" ? undefined : list.metadata.continue,
    };
  }

  /** Creates an object; 409 AlreadyExists when the name is taken. */
  create<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    body: Json,
  ): Promise<T> {
    const path = `${
      collectionPath(resource, namespace)
    }?fieldManager=${this.#options.fieldManager}`;
    return this.#call({ method: "POST", path, body });
  }

  /**
   * Server-side apply with our field manager, taking over fields of others.
   *
   * `apiVersion`, `kind` and the name are added; `content` holds the rest.
   */
  apply<T extends KubeObject>(
    resource: Resource,
    name: ObjectName,
    content: {
      readonly metadata?: { readonly [key: string]: Json };
      readonly subresource?: "status";
      readonly fields: { readonly [key: string]: Json };
    },
  ): Promise<T> {
    const query = `fieldManager=${this.#options.fieldManager}&force=true`;
    return this.#call({
      method: "PATCH",
      path: `${objectPath(resource, name, content)}?${query}`,
      contentType: "application/apply-patch+yaml",
      body: {
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        metadata: {
          ...content.metadata,
          name: name.name,
          ...(name.namespace === undefined ? {} : { namespace: name.namespace }),
        },
        ...content.fields,
      },
    });
  }

  /** JSON patch; a `test` that fails is answered with 422 and changes nothing. */
  patchJson<T extends KubeObject>(
    resource: Resource,
    name: ObjectName,
    operations: readonly PatchOperation[],
  ): Promise<T> {
    return this.#patch(resource, name, { type: "application/json-patch+json", body: operations });
  }

  /** Merge patch; lists are replaced as a whole. */
  patchMerge<T extends KubeObject>(
    resource: Resource,
    name: ObjectName,
    body: { readonly [key: string]: Json },
  ): Promise<T> {
    return this.#patch(resource, name, { type: "application/merge-patch+json", body });
  }

  /** Deletes an object, only while it has this uid when one is given. */
  async delete(resource: Resource, name: ObjectName, uid?: string): Promise<void> {
    await this.#call({
      method: "DELETE",
      path: objectPath(resource, name),
      ...(uid === undefined ? {} : { body: { preconditions: { uid } } }),
    });
  }

  /** Asks for the server's version; serves as warm-up of the connection. */
  async version(): Promise<string> {
    const answer = await this.#call<{ readonly gitVersion?: string }>({
      method: "GET",
      path: "/version",
    });
    return answer.gitVersion ?? "unknown";
  }

  #patch<T>(
    resource: Resource,
    name: ObjectName,
    patch: { readonly type: string; readonly body: unknown },
  ): Promise<T> {
    return this.#call({
      method: "PATCH",
      path: `${objectPath(resource, name)}?fieldManager=${this.#options.fieldManager}`,
      contentType: patch.type,
      body: patch.body,
    });
  }

  async #call<T>(call: Call): Promise<T> {
    await this.#awaitRate(call.method);
    if (call.method !== "GET") this.#options.fence?.();
    const timeoutMs = call.timeoutMs ?? this.#options.requestTimeoutMs ?? 10_000;
    const limit = limitTime(this.#options.clock, timeoutMs);
    try {
      const { stop } = call;
      const signal = stop === undefined ? limit.signal : AbortSignal.any([limit.signal, stop]);
      return await this.#send(call, signal);
    } finally {
      limit.release();
    }
  }

  async #send<T>(call: Call, signal: AbortSignal): Promise<T> {
    const answer = await this.#options.connection.send({
      purpose: "request",
      method: call.method,
      path: call.path,
      signal,
      ...(call.accept === undefined ? {} : { accept: call.accept }),
      ...(call.body === undefined
        ? {}
        : { body: JSON.stringify(call.body), contentType: call.contentType ?? "application/json" }),
    });
    try {
      return await readAnswer(answer, `${call.method} ${call.path}`);
    } finally {
      answer.release();
    }
  }

  async #awaitRate(method: string): Promise<void> {
    if (this.#bucket === undefined) return;
    const { clock, connection, onRequest } = this.#options;
    const startedAt = clock.monotonic();
    let grant = this.#bucket.take();
    while (grant.kind === "empty") {
      await delay(clock, grant.waitMs);
      grant = this.#bucket.take();
    }
    const seconds = (clock.monotonic() - startedAt) / 1000;
    onRequest?.({ kind: "limited", method, host: connection.host, seconds });
  }
}

async function readAnswer<T>(answer: KubeAnswer, request: string): Promise<T> {
  let text: string;
  try {
    text = await answer.text();
  } catch (error) {
    answer.suspect("AnswerCutOff");
    throw transportErrorOf(request, error);
  }
  const body = parseOrUndefined(text);
  if (answer.response.ok && body !== undefined) return body as T;
  if (answer.response.ok) {
    throw new KubeError(`Cannot ${request}: received an answer that is not JSON`, {
      code: 0,
      reason: "InvalidAnswer",
      retryAfterMs: 0,
    });
  }
  throw kubeErrorOf(request, {
    code: answer.response.status,
    body,
    retryAfter: answer.response.headers.get("retry-after"),
  });
}

function parseOrUndefined(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
