/**
 * BucketPolicies that the predecessor left behind.
 */
import type { BucketPolicy } from "../../api/bucket_policy.ts";
import { bearsPredecessorMarks } from "../predecessor_marks.ts";

/**
 * True for an object that the predecessor has handled, as our status remembers. At first its marks
 * say so, together with a status, which nobody else can write: the predecessor said `applied` of
 * every object, whether the bucket had the policy or not (seed-spec A4, A6).
 */
export function isTakenOver(policy: BucketPolicy): boolean {
  const { status } = policy;
  if (status?.takenOver !== undefined) return status.takenOver;
  const isNew = status?.appliedStatements === undefined && status?.bucketName === undefined;
  return isNew && status?.applied === true && bearsPredecessorMarks(policy);
}

/** True until the object has said for the first time what it has on the bucket. */
export function isUnproven(policy: BucketPolicy): boolean {
  return isTakenOver(policy) && policy.status?.appliedStatements === undefined;
}
