/**
 * The status of a BucketPolicy.
 */
import type { Json } from "../../api/common.ts";
import type { StatusReport, WantedCondition } from "../../control/outcome.ts";
import type { BucketPolicyReason } from "./reasons.ts";

/** Why the object is not ready. */
export interface Problem {
  readonly reason: BucketPolicyReason;
  readonly message: string;
  /** Which of the predecessor's conditions it sets, if any. */
  readonly raises?: "BucketNotReady" | "ApplyFailed";
  /** A person must act. */
  readonly stalled: boolean;
  /** Fields that the pass found out all the same. */
  readonly found?: { readonly [field: string]: Json };
}

/** Reports a bucket that has the object's statements. */
export function reportReady(
  result: {
    readonly bucket: string;
    readonly provider: Json;
    readonly own: readonly string[];
    readonly takenOver: boolean;
    readonly warnings: readonly string[];
    readonly referenceWarning: string | undefined;
    readonly nowMs: number;
  },
): StatusReport {
  const message = `Policy applied to bucket ${result.bucket}`;
  return {
    fields: {
      bucketName: result.bucket,
      providerRef: result.provider,
      applied: true,
      appliedStatements: result.own,
      takenOver: result.takenOver ? true : null,
      unsettled: null,
      lastSyncTime: new Date(result.nowMs).toISOString(),
    },
    conditions: [
      { type: "Ready", status: "True", reason: "Ready", message },
      { type: "Synced", status: "True", reason: "Ready", message },
      absent("BucketNotReady", "BucketReady", "The Bucket can be used"),
      absent("ApplyFailed", "PolicyApplied", "The policy is applied"),
      policyWarning(result.warnings),
      ...referenceWarning(result.referenceWarning),
    ],
  };
}

/** Reports what stands between a policy and its bucket; the fields known so far stay. */
export function reportProblem(problem: Problem): StatusReport {
  const { reason, message } = problem;
  const status = reason === "Pending" ? "Unknown" : "False";
  return {
    fields: problem.found ?? {},
    conditions: [
      { type: "Ready", status, reason, message },
      { type: "Synced", status, reason, message },
      problem.raises === "BucketNotReady"
        ? { type: "BucketNotReady", status: "True", reason, message }
        : absent("BucketNotReady", "BucketReady", "The Bucket can be used"),
      problem.raises === "ApplyFailed"
        ? { type: "ApplyFailed", status: "True", reason, message }
        : absent("ApplyFailed", "PolicyApplied", "No write of the policy has failed"),
      ...(problem.stalled ? [{ type: "Stalled", status: "True", reason, message } as const] : []),
    ],
  };
}

function absent(type: string, reason: BucketPolicyReason, message: string): WantedCondition {
  return { type, status: "False", reason, message };
}

function policyWarning(warnings: readonly string[]): WantedCondition {
  if (warnings.length === 0) {
    return absent("PolicyWarning", "NoWarnings", "Nothing about the policy is worth a warning");
  }
  return {
    type: "PolicyWarning",
    status: "True",
    reason: "PolicyWarnings" satisfies BucketPolicyReason,
    message: warnings.slice(0, 5).join("; "),
  };
}

function referenceWarning(message: string | undefined): readonly WantedCondition[] {
  if (message === undefined) return [];
  const reason: BucketPolicyReason = "ReferenceAllowedByPredecessor";
  return [{ type: "ReferenceWarning", status: "True", reason, message }];
}
