/**
 * What a reconcile says at its end, and what that does to status and queue.
 */
import type { ConditionStatus, Json } from "../api/common.ts";

/** A condition as a reconcile wants it; times and generation are added when it is written. */
export interface WantedCondition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  /** One full sentence, without request ids or times: those would change at each pass. */
  readonly message: string;
}

/**
 * What a reconcile says about an object: every condition, and the fields that it knows now.
 * Fields that it leaves out stay as they are stored; one that is null is removed.
 */
export interface StatusReport {
  readonly fields: { readonly [key: string]: Json };
  readonly conditions: readonly WantedCondition[];
}

/** Something worth an Event besides the change of a condition. */
export interface Notice {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly note: string;
}

/** The end of one pass over one object. */
export type Outcome =
  /** The cloud is as the spec says, as read after the last write. */
  | {
    readonly kind: "done";
    readonly report: StatusReport;
    readonly recheckMs: number;
    readonly notices?: readonly Notice[];
  }
  /** Something else must happen first; `on` names it. No error, and no growing delay. */
  | {
    readonly kind: "wait";
    readonly report?: StatusReport;
    readonly ms: number;
    readonly on: string;
  }
  /** It may work the next time: exponential back-off. */
  | {
    readonly kind: "retry";
    readonly report?: StatusReport;
    readonly error: unknown;
    readonly atLeastMs?: number;
  }
  /** A person must act; looked at again now and then all the same. */
  | {
    readonly kind: "stuck";
    readonly report: StatusReport;
    readonly recheckMs: number;
    readonly notices?: readonly Notice[];
  }
  /** The clean-up of a deleted object is confirmed: its finalizer may go. */
  | { readonly kind: "released"; readonly notices?: readonly Notice[] };
