/**
 * Leases over an HTTP client of their own: a renewal must never wait behind other requests.
 */
import type { Json, KubeObject } from "../api/common.ts";
import type { Clock } from "../ops/clock.ts";
import { limitTime } from "../ops/clock.ts";
import type { KubeConnection } from "./connection.ts";
import { isNotFound, kubeErrorOf } from "./error.ts";
import { collectionPath, LEASES, objectPath } from "./resource.ts";

/** Who holds a lease, and since when; times as the holder's clock told them. */
export interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** A lease of coordination.k8s.io/v1. */
export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

/** One lease, by name. */
export interface LeaseClient {
  /** The lease as the server has it; undefined when there is none. */
  get(): Promise<Lease | undefined>;
  /** Makes the lease; fails with a conflict when somebody was faster. */
  create(spec: LeaseSpec): Promise<Lease>;
  /** Replaces the lease as it was read; fails with a conflict when somebody wrote meanwhile. */
  replace(read: Lease, spec: LeaseSpec): Promise<Lease>;
}

/** Options of {@link leaseClient}. */
export interface LeaseClientOptions {
  readonly connection: KubeConnection;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
  /** Limit for one request; half of the renew deadline leaves time for a second one. */
  readonly timeoutMs: number;
}

/** A client for one lease; its methods throw KubeError. */
export function leaseClient(options: LeaseClientOptions): LeaseClient {
  const { namespace, name } = options;
  const path = objectPath(LEASES, { namespace, name });

  async function send(method: string, to: string, body?: Json): Promise<Lease> {
    const limit = limitTime(options.clock, options.timeoutMs);
    try {
      const answer = await options.connection.send({
        purpose: "lease",
        method,
        path: to,
        signal: limit.signal,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), contentType: "application/json" }),
      });
      try {
        const { response } = answer;
        const content = await answer.text().then((text) => JSON.parse(text)).catch(() => undefined);
        if (response.ok && content !== undefined) return content as Lease;
        throw kubeErrorOf(`${method} ${to}`, {
          code: response.status,
          body: content,
          retryAfter: response.headers.get("retry-after"),
        });
      } finally {
        answer.release();
      }
    } finally {
      limit.release();
    }
  }

  const identity = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" } as const;
  return {
    get: async () => {
      try {
        return await send("GET", path);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    create: (spec) =>
      send("POST", collectionPath(LEASES, namespace), {
        ...identity,
        metadata: { namespace, name },
        spec: spec as Json,
      }),
    replace: (read, spec) =>
      send("PUT", path, {
        ...identity,
        metadata: read.metadata as unknown as Json,
        spec: spec as Json,
      }),
  };
}
