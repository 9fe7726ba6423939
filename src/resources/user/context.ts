/**
 * What the Users need from the rest of the operator.
 */
import type { AccessKey } from "../../api/access_key.ts";
import type { IAMPolicy } from "../../api/iam_policy.ts";
import type { ObjectKey } from "../../api/key.ts";
import type { User } from "../../api/user.ts";
import type { Clock } from "../../ops/clock.ts";
import type { ProviderSessions } from "../provider_sessions.ts";
import type { ReferenceLookup } from "../reference.ts";

/** The seams of the kind. */
export interface UserContext {
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  readonly policy: (key: ObjectKey) => IAMPolicy | undefined;
  /** Users whose `spec.name` is the given one, in all namespaces. */
  readonly usersNamed: (name: string) => readonly User[];
  /** AccessKeys that refer to a User. */
  readonly keysOf: (user: ObjectKey) => readonly AccessKey[];
  /** Asks for a new try of a Provider whose key or connection seems to have failed. */
  readonly suspectProvider: (provider: ObjectKey) => void;
  readonly clock: Clock;
  /** Told of a difference between spec and cloud. */
  readonly onDrift: (what: string) => void;
  /** Time between two comparisons with the cloud, where the User names none. */
  readonly driftIntervalMs: number;
  /**
   * How long a replaced policy is kept beside the new one, because changes of IAM take a while to
   * hold (wasabi §4.5).
   */
  readonly policySettleMs: number;
}
