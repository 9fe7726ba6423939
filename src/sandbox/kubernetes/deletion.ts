/** Deletion: finalizers first, then removal. Used by requests and by the background controllers. */

import type { Clock } from "../../ops/clock.ts";
import type { JsonObject } from "./json.ts";
import { cloneJson, objectOr } from "./json.ts";
import { finalizersOf, isTerminating, metadataOf, timestamp } from "./object_meta.ts";
import { DEFINITIONS, NAMESPACES } from "./builtin_types.ts";
import type { Store } from "./store.ts";

/** Finalizer of an owner that waits for its dependents. */
export const FOREGROUND_FINALIZER = "foregroundDeletion";

/** Holds a definition until its objects are gone. */
export const DEFINITION_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/** What happens to dependents. */
export type PropagationPolicy = "Background" | "Foreground" | "Orphan";

/** What a deletion led to. */
export type DeletionOutcome =
  | { readonly kind: "removed"; readonly object: JsonObject }
  | { readonly kind: "terminating"; readonly object: JsonObject };

/** Deletes stored objects. */
export class Deletion {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(options: { readonly store: Store; readonly clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /**
   * Asks for the deletion of a stored object: removes it, or marks it when finalizers hold it.
   *
   * Namespaces are always marked; their controller removes them once they are empty.
   */
  request(
    storage: string,
    key: string,
    options: { readonly policy: PropagationPolicy; readonly dryRun?: boolean } = {
      policy: "Background",
    },
  ): DeletionOutcome {
    const { dryRun = false } = options;
    const current = this.#store.get(storage, key) as JsonObject;
    const finalizers = [...finalizersOf(current)];
    if (options.policy === "Foreground" && !finalizers.includes(FOREGROUND_FINALIZER)) {
      finalizers.push(FOREGROUND_FINALIZER);
    }
    const isCleaned = storage === DEFINITIONS && !isTerminating(current);
    if (isCleaned) finalizers.push(DEFINITION_FINALIZER);
    const isNamespace = storage === NAMESPACES;
    if (finalizers.length === 0 && !isNamespace) {
      if (dryRun) return { kind: "removed", object: current };
      return { kind: "removed", object: this.#store.remove(storage, key) as JsonObject };
    }
    if (isTerminating(current) && finalizers.length === finalizersOf(current).length) {
      return { kind: "terminating", object: current };
    }
    const marked = this.#marked(current, finalizers);
    if (isNamespace) delete metadataOf(marked)["deletionGracePeriodSeconds"];
    if (isNamespace) marked["status"] = { ...objectOr(marked["status"]), phase: "Terminating" };
    if (storage === DEFINITIONS) this.#markDefinition(marked);
    if (dryRun) return { kind: "terminating", object: marked };
    return { kind: "terminating", object: this.#store.put(storage, key, marked) };
  }

  /** Drops one finalizer, and the object with the last one. */
  dropFinalizer(storage: string, key: string, finalizer: string): void {
    const current = this.#store.get(storage, key);
    if (current === undefined || !finalizersOf(current).includes(finalizer)) return;
    const left = finalizersOf(current).filter((item) => item !== finalizer);
    if (left.length === 0 && isTerminating(current)) {
      this.#store.remove(storage, key);
      return;
    }
    const next = cloneJson(current);
    metadataOf(next)["finalizers"] = left;
    this.#store.put(storage, key, next);
  }

  #marked(current: JsonObject, finalizers: string[]): JsonObject {
    const marked = cloneJson(current);
    const metadata = metadataOf(marked);
    if (!isTerminating(current)) {
      metadata["deletionTimestamp"] = timestamp(this.#clock.now());
      metadata["deletionGracePeriodSeconds"] = 0;
      const generation = Number(metadata["generation"] ?? 0);
      if (generation > 0) metadata["generation"] = generation + 1;
    }
    if (finalizers.length > 0) metadata["finalizers"] = finalizers;
    return marked;
  }

  #markDefinition(definition: JsonObject): void {
    const status = objectOr(definition["status"]);
    const conditions = Array.isArray(status["conditions"]) ? status["conditions"] : [];
    definition["status"] = {
      ...status,
      conditions: [...conditions, {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionPending",
        message:
          "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
        lastTransitionTime: timestamp(this.#clock.now()),
      }],
    };
  }
}
