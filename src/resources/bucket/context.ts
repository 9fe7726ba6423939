/**
 * What the Buckets need from the rest of the operator.
 */
import type { Bucket } from "../../api/bucket.ts";
import type { ObjectKey } from "../../api/key.ts";
import type { Clock } from "../../ops/clock.ts";
import type { ProviderSessions } from "../provider_sessions.ts";
import type { ChildStore } from "./auto_manage/keep.ts";
import type { ReferenceLookup } from "../reference.ts";
import type { Refusals } from "../refusals.ts";

/** Told what happened to buckets, for the metrics. */
export interface BucketObserver {
  operation(operation: string, result: "success" | "failed"): void;
  drift(resourceType: string): void;
}

/** The seams of the kind. */
export interface BucketContext {
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  /** What the services answered not to have. */
  readonly refusals: Refusals;
  /** The objects that autoManage stands for. */
  readonly children: ChildStore;
  /** Buckets whose `spec.name` is the given one, in all namespaces. */
  readonly bucketsNamed: (name: string) => readonly Bucket[];
  /** Asks for a new try of a Provider whose key or connection seems to have failed. */
  readonly suspectProvider: (provider: ObjectKey) => void;
  readonly clock: Clock;
  readonly observer: BucketObserver;
  /** Time between two comparisons with the cloud, where the Bucket names none. */
  readonly driftIntervalMs: number;
}
