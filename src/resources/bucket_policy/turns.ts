/**
 * Who may read and write the policy of a bucket now: one pass at a time, so that none undoes what
 * another just did. Nobody waits inside a worker; whoever comes too early is woken in its turn.
 */
import type { ObjectKey } from "../../api/key.ts";
import type { Outcome } from "../../control/outcome.ts";

/** Only the safety net: the end of the turn before wakes the object. */
const WAIT_MS = 5_000;

/** The outcome of a pass that came too early. */
export function waitForTurn(bucket: ObjectKey): Outcome {
  return { kind: "wait", ms: WAIT_MS, on: `another policy of Bucket ${bucket}` };
}

/** Turns at buckets; bounded by the number of BucketPolicies. */
export class BucketTurns {
  readonly #wake: (policy: ObjectKey) => void;
  readonly #busy = new Set<ObjectKey>();
  readonly #waiting = new Map<ObjectKey, Set<ObjectKey>>();

  /** @param wake has a BucketPolicy looked at again */
  constructor(wake: (policy: ObjectKey) => void) {
    this.#wake = wake;
  }

  /** True when it is the policy's turn, which ends with {@link release}; else it is woken later. */
  take(bucket: ObjectKey, policy: ObjectKey): boolean {
    const waiting = this.#waiting.get(bucket) ?? new Set();
    if (this.#busy.has(bucket)) {
      this.#waiting.set(bucket, waiting.add(policy));
      return false;
    }
    waiting.delete(policy);
    this.#busy.add(bucket);
    return true;
  }

  /** Ends a turn and wakes the one that has waited for longest. */
  release(bucket: ObjectKey): void {
    this.#busy.delete(bucket);
    const waiting = this.#waiting.get(bucket);
    const next = waiting?.values().next().value;
    if (waiting === undefined || next === undefined) {
      this.#waiting.delete(bucket);
      return;
    }
    waiting.delete(next);
    this.#wake(next);
  }
}
