/**
 * What a lease says, and what to write into it; pure. The rules are those of client-go
 * (tools/leaderelection), so that any two replicas understand each other.
 */
import type { LeaseSpec } from "../../kube/leases.ts";

/** Durations of the election, in milliseconds. */
export interface LeaseDurations {
  /** How long a standby waits after the last renewal that it saw. @default {15_000} */
  readonly leaseMs: number;
  /** How long the leader goes on trying to renew. @default {10_000} */
  readonly renewDeadlineMs: number;
  /** Pause between two tries. @default {2_000} */
  readonly retryMs: number;
}

/** What was seen of the lease, and when by the local clock. */
export interface Sighting {
  /** The stored record as text; a renewal changes it. */
  readonly text: string;
  /** Monotonic time at which this text was first seen. */
  readonly atMs: number;
}

/** A new sighting keeps the time of an unchanged record: only the local clock counts. */
export function sight(
  before: Sighting | undefined,
  { spec, nowMs }: { readonly spec: LeaseSpec; readonly nowMs: number },
): Sighting {
  const text = JSON.stringify(spec);
  return before?.text === text ? before : { text, atMs: nowMs };
}

/** True when the lease is somebody else's and may still be in use. */
export function isHeldByOther(
  spec: LeaseSpec,
  sighting: Sighting,
  self: { readonly identity: string; readonly nowMs: number; readonly leaseMs: number },
): boolean {
  const holder = spec.holderIdentity ?? "";
  if (holder === "" || holder === self.identity) return false;
  return sighting.atMs + self.leaseMs > self.nowMs;
}

/** The record by which `identity` holds the lease; a change of holder is a transition. */
export function heldRecord(
  before: LeaseSpec | undefined,
  self: { readonly identity: string; readonly wallMs: number; readonly leaseMs: number },
): LeaseSpec {
  const now = microTime(self.wallMs);
  const kept = before?.holderIdentity === self.identity ? before : undefined;
  const transitions = before?.leaseTransitions ?? 0;
  return {
    holderIdentity: self.identity,
    leaseDurationSeconds: Math.ceil(self.leaseMs / 1000),
    acquireTime: kept?.acquireTime ?? now,
    renewTime: now,
    leaseTransitions: before === undefined || kept !== undefined ? transitions : transitions + 1,
  };
}

/** The record of a lease that nobody holds, so that a standby need not wait. */
export function releasedRecord(before: LeaseSpec, { wallMs }: { wallMs: number }): LeaseSpec {
  const now = microTime(wallMs);
  return {
    holderIdentity: "",
    leaseDurationSeconds: 1,
    acquireTime: now,
    renewTime: now,
    leaseTransitions: before.leaseTransitions ?? 0,
  };
}

/** What is wrong with the durations; undefined when they fit together. */
export function faultOf(durations: LeaseDurations): string | undefined {
  const { leaseMs, renewDeadlineMs, retryMs } = durations;
  if (leaseMs <= renewDeadlineMs) return "the lease must last longer than the renew deadline";
  if (renewDeadlineMs <= JITTER_FACTOR * retryMs) {
    return "the renew deadline must be longer than 1.2 times the retry period";
  }
  return undefined;
}

/** The rule of client-go, whose pauses vary by it. */
const JITTER_FACTOR = 1.2;

/** MicroTime of the API: six digits, of which a JavaScript clock knows three. */
function microTime(wallMs: number): string {
  return new Date(wallMs).toISOString().replace("Z", "000Z");
}
