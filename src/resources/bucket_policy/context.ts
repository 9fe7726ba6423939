/**
 * What the BucketPolicies need from the rest of the operator.
 */
import type { Bucket } from "../../api/bucket.ts";
import type { BucketPolicy } from "../../api/bucket_policy.ts";
import type { ObjectKey } from "../../api/key.ts";
import type { Clock } from "../../ops/clock.ts";
import type { Session } from "../../wasabi/session.ts";
import type { ProviderSessions } from "../provider_sessions.ts";
import type { ReferenceLookup } from "../reference.ts";
import type { BucketTurns } from "./turns.ts";

/** The seams of the kind. */
export interface BucketPolicyContext {
  readonly lookup: ReferenceLookup;
  readonly bucket: (key: ObjectKey) => Bucket | undefined;
  /** BucketPolicies that refer to a Bucket, in all namespaces. */
  readonly policiesOf: (bucket: ObjectKey) => readonly BucketPolicy[];
  /** BucketPolicies that have put statements on a bucket of this name. */
  readonly policiesOn: (bucketName: string) => readonly BucketPolicy[];
  readonly sessions: ProviderSessions;
  /** ARN of the session's own key; undefined where the service does not tell it. */
  readonly callerArn: (session: Session, signal: AbortSignal) => Promise<string | undefined>;
  /** Asks for a new try of a Provider whose key or connection seems to have failed. */
  readonly suspectProvider: (provider: ObjectKey) => void;
  readonly clock: Clock;
  /** Told when a bucket's policy was found changed behind our back. */
  readonly onDrift: () => void;
  /** Time between two comparisons with the cloud, where the object names none. */
  readonly driftIntervalMs: number;
  readonly turns: BucketTurns;
}
