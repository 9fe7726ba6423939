/**
 * IAMPolicies that the predecessor left behind.
 */
import type { IAMPolicy } from "../../api/iam_policy.ts";
import { bearsPredecessorMarks } from "../predecessor_marks.ts";

/**
 * True for an object that the predecessor has handled, as our status remembers; at first its marks
 * say so, together with a status, which nobody else can write.
 */
export function isTakenOver(policy: IAMPolicy): boolean {
  const { status } = policy;
  if (status?.takenOver !== undefined) return status.takenOver;
  return status?.ownership === undefined && status?.policyArn !== undefined &&
    bearsPredecessorMarks(policy);
}
