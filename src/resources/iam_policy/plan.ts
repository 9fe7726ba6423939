/**
 * From what is and what should be to one write, or the reason why not; pure.
 */
import type { IAMPolicyStatus } from "../../api/iam_policy.ts";
import { policyFingerprint, samePolicy } from "../policy/canonical.ts";
import { parseDocument, type PolicyDocument } from "../policy/document.ts";
import type { Observed } from "./observe.ts";
import type { IAMPolicyReason } from "./reasons.ts";

/** How the object came to its policy. */
export type Ownership = NonNullable<IAMPolicyStatus["ownership"]>;

/** Why nothing may be done; the message names the field and the remedy. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: IAMPolicyReason;
  readonly message: string;
}

/** What to do. */
export type Plan =
  | { readonly kind: "create" }
  | { readonly kind: "update"; readonly arn: string; readonly ownership: Ownership }
  | { readonly kind: "settled"; readonly arn: string; readonly ownership: Ownership }
  /** Written a moment ago, and not yet to be seen. */
  | { readonly kind: "settling" }
  | { readonly kind: "unsupported"; readonly code: string }
  | Refusal;

/** What a plan is made from. */
export interface PlanInput {
  readonly name: string;
  readonly wanted: PolicyDocument;
  readonly observed: Observed;
  readonly status: IAMPolicyStatus;
  readonly takenOver: boolean;
  readonly adopts: boolean;
  /** Descriptions that prove a policy to be made for this object. */
  readonly descriptions: { readonly ours: string; readonly predecessors: string };
  readonly nowMs: number;
}

/** IAM changes may take longer than a pass to be seen; each write makes one more version. */
const SETTLE_MS = 300_000;

/** Decides what to do with a managed policy. */
export function planPolicy(input: PlanInput): Plan {
  const { observed, wanted, name } = input;
  if (observed.kind === "unsupported") return observed;
  if (observed.kind === "absent") return wasJustWritten(input) ? SETTLING : { kind: "create" };
  const ownership = ownershipOf(input, observed.policy.description);
  if (ownership === undefined) {
    return {
      kind: "refused",
      reason: "AdoptionRefused",
      message:
        `Managed policy "${name}" exists and was not made for this object: set spec.adoptionPolicy: Adopt to take it over, or give this object another name`,
    };
  }
  const { arn } = observed.policy;
  const found = observed.document === undefined ? undefined : parseDocument(observed.document);
  if (found !== undefined && samePolicy(found, wanted)) return { kind: "settled", arn, ownership };
  // The predecessor never wrote an edit: it would take effect now, long after it was made.
  if (input.takenOver && input.status.ownership === undefined && !input.adopts) {
    return {
      kind: "refused",
      reason: "TakeoverDiffers",
      message:
        `Managed policy "${name}" is not what this object says, as the predecessor never applied an edit: look at both, then set spec.adoptionPolicy: Adopt to have it written`,
    };
  }
  return wasJustWritten(input) ? SETTLING : { kind: "update", arn, ownership };
}

const SETTLING: Plan = { kind: "settling" };

function wasJustWritten({ status, wanted, nowMs }: PlanInput): boolean {
  return status.writtenDocument === policyFingerprint(wanted) &&
    status.writeTime !== undefined && nowMs - Date.parse(status.writeTime) < SETTLE_MS;
}

/**
 * Undefined when nothing gives this object a right to the policy. Not every service returns the
 * description; a recorded intention, or the predecessor's memory, is then enough.
 */
function ownershipOf(input: PlanInput, description: string | undefined): Ownership | undefined {
  const { status, descriptions } = input;
  if (status.ownership === "Created" || status.ownership === "Adopted") return status.ownership;
  if (description === descriptions.ours) return "Created";
  const isMute = description === undefined || description === "";
  if (status.ownership === "Creating" && isMute) return "Created";
  if (input.takenOver && (isMute || description === descriptions.predecessors)) return "Created";
  return input.adopts ? "Adopted" : undefined;
}
