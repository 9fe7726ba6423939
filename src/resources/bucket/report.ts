/**
 * The status of a Bucket.
 */
import type { StatusReport, WantedCondition } from "../../control/outcome.ts";
import type { Ownership } from "./plan.ts";
import type { BucketReason } from "./reasons.ts";

/** Why the object is not ready. */
export interface Problem {
  readonly reason: BucketReason;
  readonly message: string;
  /** Which of the predecessor's conditions it sets, if any. */
  readonly raises?: "ProviderNotReady" | "CreationFailed";
  /** A person must act. */
  readonly stalled: boolean;
  /** Fields that the pass found out all the same. */
  readonly found?: Partial<Facts>;
}

/** What a pass found out about the bucket. */
export interface Facts {
  readonly exists: boolean;
  readonly ownership: Ownership | null;
  readonly region: string;
  readonly endpoint: string;
}

/** A field of the spec that is not applied, and why. */
export interface UnsupportedField {
  readonly field: string;
  readonly why: string;
}

/** Reports a bucket that is as the spec says, as far as the fields can be managed. */
export function reportReady(
  result: {
    readonly name: string;
    readonly facts: Facts;
    readonly unsupported: readonly UnsupportedField[];
    readonly warning: string | undefined;
    readonly nowMs: number;
  },
): StatusReport {
  const message = `Bucket ${result.name} is ready`;
  const unsupported = describeUnsupported(result.unsupported);
  const synced: WantedCondition = unsupported === undefined
    ? { type: "Synced", status: "True", reason: "Ready", message }
    : { type: "Synced", status: "False", reason: "FeatureUnsupported", message: unsupported };
  return {
    fields: {
      bucketName: result.name,
      arn: `arn:aws:s3:::${result.name}`,
      ...result.facts,
      lastSyncTime: new Date(result.nowMs).toISOString(),
    },
    conditions: [
      { type: "Ready", status: "True", reason: "Ready", message },
      synced,
      absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
      absent("CreationFailed", "BucketExists", "The bucket exists"),
      unsupported === undefined
        ? absent("FeatureUnsupported", "AllSettingsManaged", "Every setting is applied")
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

/** Reports what stands between a Bucket and its readiness; the fields known so far stay. */
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
        : absent("CreationFailed", "BucketExists", "No creation has failed"),
      ...(problem.stalled ? [{ type: "Stalled", status: "True", reason, message } as const] : []),
    ],
  };
}

function absent(type: string, reason: BucketReason, message: string): WantedCondition {
  return { type, status: "False", reason, message };
}

function warningCondition(warning: string | undefined): readonly WantedCondition[] {
  if (warning === undefined) return [];
  return [{
    type: "ReferenceWarning",
    status: "True",
    reason: "ReferenceAllowedByPredecessor" satisfies BucketReason,
    message: warning,
  }];
}

function describeUnsupported(fields: readonly UnsupportedField[]): string | undefined {
  if (fields.length === 0) return undefined;
  const list = fields.map(({ field, why }) => `spec.${field} (${why})`).join(", ");
  return `Not applied: ${list}`;
}
