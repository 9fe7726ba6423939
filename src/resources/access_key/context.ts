/**
 * What the AccessKeys need from the rest of the operator.
 */
import type { AccessKey } from "../../api/access_key.ts";
import type { ObjectKey } from "../../api/key.ts";
import type { User } from "../../api/user.ts";
import type { KubeClient } from "../../kube/client.ts";
import type { Clock } from "../../ops/clock.ts";
import type { Redactor } from "../../ops/redact.ts";
import type { ProviderSessions } from "../provider_sessions.ts";
import type { ReferenceLookup } from "../reference.ts";

/** The times that a rotation goes by; tests run them faster. */
export interface KeyTiming {
  /** Length of the days in the spec. */
  readonly dayMs: number;
  /** A replaced key is valid for at least this time, whatever the retention says. */
  readonly overlapFloorMs: number;
  /** How long a key that was switched off can be switched on again before it is deleted. */
  readonly inactiveMs: number;
  /** Pause before the first new try of a key that is not honoured yet; it grows tenfold. */
  readonly verifyPollMs: number;
  /** A key that appeared within this time of a recorded creation may be the one of it. */
  readonly creationWindowMs: number;
  /** A key that was used within this time is in use. */
  readonly inUseMs: number;
}

const DAY_MS = 24 * 3_600_000;

/** The times that hold unless a test asks for others. */
export const keyTiming: KeyTiming = {
  dayMs: DAY_MS,
  overlapFloorMs: 600_000,
  inactiveMs: DAY_MS,
  verifyPollMs: 1_000,
  creationWindowMs: 300_000,
  inUseMs: DAY_MS,
};

/** The seams of the kind. */
export interface AccessKeyContext {
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  readonly user: (key: ObjectKey) => User | undefined;
  /** AccessKeys that refer to a User. */
  readonly keysOf: (user: ObjectKey) => readonly AccessKey[];
  readonly client: KubeClient;
  readonly redactor: Redactor;
  /** Asks for a new try of a Provider whose key or connection seems to have failed. */
  readonly suspectProvider: (provider: ObjectKey) => void;
  readonly clock: Clock;
  readonly timing: KeyTiming;
  /** Users that a key is being made for: one at a time, or nobody could tell whose is whose. */
  readonly creating: Set<string>;
  /** Time between two comparisons with the cloud, where the AccessKey names none. */
  readonly driftIntervalMs: number;
}
