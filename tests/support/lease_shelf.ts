/**
 * One lease in memory, with an API server's optimistic writes and a network that can fail.
 */
import { KubeError } from "../../src/kube/error.ts";
import type { Lease, LeaseClient, LeaseSpec } from "../../src/kube/leases.ts";

/** The lease, and who can reach it. */
export class LeaseShelf {
  stored: Lease | undefined;
  /** Writes that are done and whose answer does not arrive. */
  loseAnswers = 0;
  #version = 0;
  readonly #cut = new Set<string>();

  /** A client whose network can be cut by its name. */
  client(name: string): LeaseClient {
    return {
      get: () => this.#answer(name, () => this.stored),
      create: (spec) =>
        this.#answer(name, () => {
          if (this.stored !== undefined) throw conflict();
          return this.#written(spec);
        }),
      replace: (read, spec) =>
        this.#answer(name, () => {
          const known = this.stored?.metadata.resourceVersion;
          if (read.metadata.resourceVersion !== known) throw conflict();
          return this.#written(spec);
        }),
    };
  }

  /** Writes as somebody else. */
  put(spec: LeaseSpec): Lease {
    this.stored = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "lease", uid: "uid", resourceVersion: String(++this.#version) },
      spec,
    };
    return this.stored;
  }

  /** Requests of this client fail. */
  cutOff(name: string): void {
    this.#cut.add(name);
  }

  /** They arrive again. */
  reconnect(name: string): void {
    this.#cut.delete(name);
  }

  #written(spec: LeaseSpec): Lease {
    const lease = this.put(spec);
    if (this.loseAnswers === 0) return lease;
    this.loseAnswers--;
    throw unreachable();
  }

  #answer<T>(name: string, work: () => T): Promise<T> {
    if (this.#cut.has(name)) return Promise.reject(unreachable());
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

function conflict(): KubeError {
  return new KubeError("Cannot write: conflict", { code: 409, reason: "Conflict" });
}

function unreachable(): KubeError {
  return new KubeError("Cannot reach", { code: 0, reason: "ConnectionLost" });
}
