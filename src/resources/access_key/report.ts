/**
 * The status of an AccessKey.
 */
import type { Json } from "../../api/common.ts";
import type { StatusReport, WantedCondition } from "../../control/outcome.ts";
import type { Obstacle } from "./plan.ts";
import type { AccessKeyReason } from "./reasons.ts";

/** Why the object is not ready. */
export interface Problem {
  readonly reason: AccessKeyReason;
  readonly message: string;
  /** Which of the predecessor's conditions it sets, if any. */
  readonly raises?: "ProviderNotReady" | "CreationFailed" | "RotationFailed";
  /** A person must act. */
  readonly stalled: boolean;
  /** Fields that the pass found out all the same; null removes one. */
  readonly found?: { readonly [field: string]: Json };
}

/** Reports a key that works and is in its Secret. */
export function reportReady(
  result: {
    readonly accessKeyId: string;
    readonly fields: { readonly [field: string]: Json };
    /** What stands in the way of a rotation that is due. */
    readonly obstacle: Obstacle | undefined;
    readonly warning: string | undefined;
  },
): StatusReport {
  const message = `Access key ${result.accessKeyId} is ready`;
  const { obstacle } = result;
  return {
    fields: { ...result.fields, created: true },
    conditions: [
      { type: "Ready", status: "True", reason: "Ready", message },
      { type: "Synced", status: "True", reason: "Ready", message },
      absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
      absent("CreationFailed", "KeyExists", "The key exists"),
      absent("RotationFailed", "RotationPossible", "No rotation has failed"),
      obstacle === undefined
        ? absent("RotationBlocked", "RotationPossible", "Nothing stands in the way of a rotation")
        : { type: "RotationBlocked", status: "True", ...obstacle },
      ...warningCondition(result.warning),
    ],
  };
}

/** Reports what stands between an AccessKey and its readiness; the fields known so far stay. */
export function reportProblem(problem: Problem): StatusReport {
  const { reason, message, raises } = problem;
  const status = reason === "Pending" ? "Unknown" : "False";
  const limited = reason === "KeyLimitReached" || reason === "AmbiguousKeys" ||
    reason === "PreviousKeyInOverlap";
  return {
    fields: problem.found ?? {},
    conditions: [
      { type: "Ready", status, reason, message },
      { type: "Synced", status, reason, message },
      raises === "ProviderNotReady"
        ? { type: "ProviderNotReady", status: "True", reason, message }
        : absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
      raises === "CreationFailed"
        ? { type: "CreationFailed", status: "True", reason, message }
        : absent("CreationFailed", "KeyExists", "No creation has failed"),
      raises === "RotationFailed"
        ? { type: "RotationFailed", status: "True", reason, message }
        : absent("RotationFailed", "RotationPossible", "No rotation has failed"),
      limited
        ? { type: "RotationBlocked", status: "True", reason, message }
        : absent("RotationBlocked", "RotationPossible", "Nothing stands in the way of a rotation"),
      ...(problem.stalled ? [{ type: "Stalled", status: "True", reason, message } as const] : []),
    ],
  };
}

function absent(type: string, reason: AccessKeyReason, message: string): WantedCondition {
  return { type, status: "False", reason, message };
}

function warningCondition(warning: string | undefined): readonly WantedCondition[] {
  if (warning === undefined) return [];
  return [{
    type: "ReferenceWarning",
    status: "True",
    reason: "ReferenceAllowedByPredecessor" satisfies AccessKeyReason,
    message: warning,
  }];
}
