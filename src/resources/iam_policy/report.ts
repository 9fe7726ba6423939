/**
 * The status of an IAMPolicy.
 */
import type { Json } from "../../api/common.ts";
import type { StatusReport, WantedCondition } from "../../control/outcome.ts";
import type { IAMPolicyReason } from "./reasons.ts";

/** Why the object is not ready. */
export interface Problem {
  readonly reason: IAMPolicyReason;
  readonly message: string;
  /** Which of the predecessor's conditions it sets; AttachFailed says that the creation failed. */
  readonly raises?: "ProviderNotReady" | "AttachFailed";
  /** A person must act. */
  readonly stalled: boolean;
  /** Fields that the pass found out all the same; null removes one. */
  readonly found?: { readonly [field: string]: Json };
}

/** What a pass found out about a managed policy. */
export interface Facts {
  readonly policyArn: string;
  readonly policyName: string;
  readonly ownership: "Created" | "Adopted" | "Creating";
  readonly attachedUsers: readonly string[];
  readonly takenOver: true | null;
}

/** Reports a managed policy that is as the spec says. */
export function reportReady(
  result: {
    readonly facts: Facts;
    readonly ignoresTags: boolean;
    readonly warning: string | undefined;
    readonly nowMs: number;
  },
): StatusReport {
  const { facts, ignoresTags } = result;
  const message = `IAMPolicy ${facts.policyName} is ready`;
  const unsupported = ignoresTags
    ? "Not applied: spec.tags (no service is known to have tags on policies)"
    : undefined;
  return {
    fields: {
      ...facts,
      applied: true,
      writtenDocument: null,
      writeTime: null,
      lastSyncTime: new Date(result.nowMs).toISOString(),
    },
    conditions: [
      { type: "Ready", status: "True", reason: "Ready", message },
      { type: "Synced", status: "True", reason: "Ready", message },
      ...goodConditions(),
      featureCondition(unsupported),
      ...warningCondition(result.warning),
    ],
  };
}

/**
 * Reports that the service has no managed policies. It is ready for use: Users that refer to it
 * get the document inline.
 */
export function reportUnsupported(
  { code, warning }: { readonly code: string; readonly warning: string | undefined },
): StatusReport {
  const message =
    `The service has no managed policies (it answers ${code}): Users that refer to this object get the document inline`;
  return {
    fields: { policyArn: null, applied: false, attachedUsers: [] },
    conditions: [
      { type: "Ready", status: "True", reason: "FeatureUnsupported", message },
      { type: "Synced", status: "False", reason: "FeatureUnsupported", message },
      ...goodConditions(),
      featureCondition(message),
      ...warningCondition(warning),
    ],
  };
}

/** Reports what stands between an IAMPolicy and its readiness; the fields known so far stay. */
export function reportProblem(problem: Problem): StatusReport {
  const { reason, message } = problem;
  const status = reason === "Pending" ? "Unknown" : "False";
  return {
    fields: problem.found ?? {},
    conditions: [
      { type: "Ready", status, reason, message },
      { type: "Synced", status, reason, message },
      ...goodConditions().map((good): WantedCondition =>
        good.type === problem.raises ? { type: good.type, status: "True", reason, message } : good
      ),
      ...(problem.stalled ? [{ type: "Stalled", status: "True", reason, message } as const] : []),
    ],
  };
}

/** The predecessor's conditions while nothing is wrong. */
function goodConditions(): readonly WantedCondition[] {
  return [
    absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
    absent("AttachFailed", "PolicyExists", "No creation has failed"),
  ];
}

function featureCondition(message: string | undefined): WantedCondition {
  const type = "FeatureUnsupported";
  if (message === undefined) return absent(type, "AllSettingsManaged", "Every field is applied");
  return { type, status: "True", reason: "FeatureUnsupported", message };
}

function absent(type: string, reason: IAMPolicyReason, message: string): WantedCondition {
  return { type, status: "False", reason, message };
}

function warningCondition(message: string | undefined): readonly WantedCondition[] {
  if (message === undefined) return [];
  const reason: IAMPolicyReason = "ReferenceAllowedByPredecessor";
  return [{ type: "ReferenceWarning", status: "True", reason, message }];
}
