/**
 * The status of a User.
 */
import type { Json } from "../../api/common.ts";
import type { StatusReport, WantedCondition } from "../../control/outcome.ts";
import type { UserReason } from "./reasons.ts";

/** Why the object is not ready. */
export interface Problem {
  readonly reason: UserReason;
  readonly message: string;
  /** Which of the predecessor's conditions it sets, if any. */
  readonly raises?: "ProviderNotReady" | "CreationFailed";
  /** A person must act. */
  readonly stalled: boolean;
  /** Fields that the pass found out all the same; null removes one. */
  readonly found?: { readonly [field: string]: Json };
}

/** Reports a user that is as the spec says, as far as the fields can be managed. */
export function reportReady(
  result: {
    readonly name: string;
    readonly fields: { readonly [field: string]: Json };
    /** Why the tags are not applied, if they are not. */
    readonly tagsUnsupported: string | undefined;
    readonly warning: string | undefined;
    readonly nowMs: number;
  },
): StatusReport {
  const message = `User ${result.name} is ready`;
  const code = result.tagsUnsupported;
  const unsupported = code === undefined
    ? undefined
    : `Not applied: spec.tags (the service answers ${code})`;
  return {
    fields: {
      created: true,
      ...result.fields,
      lastSyncTime: new Date(result.nowMs).toISOString(),
    },
    conditions: [
      { type: "Ready", status: "True", reason: "Ready", message },
      // Tags are a remark on the user; where the service has none, nothing is missing.
      { type: "Synced", status: "True", reason: "Ready", message },
      absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
      absent("CreationFailed", "UserExists", "The IAM user exists"),
      unsupported === undefined
        ? absent("FeatureUnsupported", "AllSettingsManaged", "Every field is applied")
        : {
          type: "FeatureUnsupported",
          status: "True",
          reason: "FeatureUnsupported",
          message: unsupported,
        },
      ...warningCondition(result.warning),
    ],
  };
}

/** Reports what stands between a User and its readiness; the fields known so far stay. */
export function reportProblem(problem: Problem): StatusReport {
  const { reason, message } = problem;
  const status = reason === "Pending" ? "Unknown" : "False";
  return {
    fields: problem.found ?? {},
    conditions: [
      { type: "Ready", status, reason, message },
      { type: "Synced", status, reason, message },
      problem.raises === "ProviderNotReady"
        ? { type: "ProviderNotReady", status: "True", reason, message }
        : absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
      problem.raises === "CreationFailed"
        ? { type: "CreationFailed", status: "True", reason, message }
        : absent("CreationFailed", "UserExists", "No creation has failed"),
      ...(problem.stalled ? [{ type: "Stalled", status: "True", reason, message } as const] : []),
    ],
  };
}

function absent(type: string, reason: UserReason, message: string): WantedCondition {
  return { type, status: "False", reason, message };
}

function warningCondition(warning: string | undefined): readonly WantedCondition[] {
  if (warning === undefined) return [];
  return [{
    type: "ReferenceWarning",
    status: "True",
    reason: "ReferenceAllowedByPredecessor" satisfies UserReason,
    message: warning,
  }];
}
