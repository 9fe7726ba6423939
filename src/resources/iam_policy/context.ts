/**
 * What the IAMPolicies need from the rest of the operator.
 */
import type { IAMPolicy } from "../../api/iam_policy.ts";
import type { ObjectKey } from "../../api/key.ts";
import type { User } from "../../api/user.ts";
import type { Clock } from "../../ops/clock.ts";
import type { ProviderSessions } from "../provider_sessions.ts";
import type { ReferenceLookup } from "../reference.ts";

/** The seams of the kind. */
export interface IAMPolicyContext {
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  /** IAMPolicies that refer to a Provider, in all namespaces. */
  readonly policiesOf: (provider: ObjectKey) => readonly IAMPolicy[];
  /** Users whose `spec.name` is the given one, in all namespaces. */
  readonly usersNamed: (name: string) => readonly User[];
  /** Asks for a new try of a Provider whose key or connection seems to have failed. */
  readonly suspectProvider: (provider: ObjectKey) => void;
  readonly clock: Clock;
  /** Told when a managed policy was found changed behind our back. */
  readonly onDrift: () => void;
  /** Time between two comparisons with the cloud, where the object names none. */
  readonly driftIntervalMs: number;
}
