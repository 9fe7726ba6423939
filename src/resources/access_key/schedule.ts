/**
 * When a key is due for what; pure.
 */
import type { AccessKeySpec } from "../../api/access_key.ts";
import { fraction } from "../jitter.ts";
import type { KeyTiming } from "./context.ts";
import type { Memory, PreviousKey } from "./memory.ts";

/** Rotations of a fleet come up to this share of the interval early, each at its own place. */
const JITTER = 0.05;
/** Overdue rotations are spread over at most this many days. */
const MOST_SPREAD_DAYS = 7;

/** What a schedule is made from. */
export interface ScheduleInput {
  readonly spec: AccessKeySpec;
  readonly memory: Memory;
  /** When the service made the current key; undefined when it does not say. */
  readonly createdAtMs: number | undefined;
  readonly uid: string;
  readonly nowMs: number;
  readonly timing: KeyTiming;
}

/** When the next rotation on schedule is due, counted from the creation of the key. */
export function nextRotationMs(input: ScheduleInput): number | undefined {
  const { spec, memory, timing, uid } = input;
  if (spec.rotate?.enabled !== true) return undefined;
  const anchorMs = timeOf(memory.lastRotateTime) ?? input.createdAtMs ?? input.nowMs;
  const intervalMs = spec.rotate.intervalDays * timing.dayMs;
  const dueMs = Math.round(anchorMs + intervalMs * (1 - JITTER * fraction(uid)));
  return Math.max(dueMs, timeOf(memory.rotateNotBefore) ?? dueMs);
}

/**
 * Before which no rotation comes, for a key whose schedule is new to us and overdue: taken over
 * from the predecessor, whose rotation never worked, or switched on for an old key. A whole fleet
 * would rotate at once otherwise.
 */
export function staggeredStartMs(input: ScheduleInput): number | undefined {
  const dueMs = nextRotationMs(input);
  const { spec, nowMs, timing, uid } = input;
  if (dueMs === undefined || dueMs > nowMs) return undefined;
  const days = Math.min(spec.rotate?.intervalDays ?? 1, MOST_SPREAD_DAYS);
  return Math.round(nowMs + days * timing.dayMs * (0.02 + 0.98 * fraction(uid)));
}

/** When a replaced key is switched off. */
export function switchOffMs(
  key: PreviousKey,
  { spec, timing }: Pick<ScheduleInput, "spec" | "timing">,
): number {
  const days = spec.rotate?.previousKeysRetentionDays ?? 7;
  return (timeOf(key.rotateTime) ?? 0) + Math.max(days * timing.dayMs, timing.overlapFloorMs);
}

/** When a key that was switched off is deleted; undefined while it is on. */
export function deletionMs(
  key: PreviousKey,
  { timing, soon }: {
    readonly timing: KeyTiming;
    /** Its place is needed: it goes after the shortest time. */
    readonly soon: boolean;
  },
): number | undefined {
  const inactiveMs = timeOf(key.inactiveTime);
  if (inactiveMs === undefined) return undefined;
  const waitMs = soon ? Math.min(timing.inactiveMs, timing.overlapFloorMs) : timing.inactiveMs;
  return inactiveMs + waitMs;
}

/** Milliseconds of a timestamp, also in the predecessor's form; undefined when it is none. */
export function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}
