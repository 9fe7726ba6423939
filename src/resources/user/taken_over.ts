/**
 * Users that the predecessor left behind (seed-spec §11.1.6 and 7).
 */
import type { User, UserSpec } from "../../api/user.ts";
import { samePolicy } from "../policy/canonical.ts";
import { parseDocument, type PolicyDocument } from "../policy/document.ts";
import { type SourceStatement, translateIdentityPolicy } from "../policy/translate.ts";
import { bearsPredecessorMarks } from "../predecessor_marks.ts";

/** True for an object that the predecessor handled and whose IAM user it said to have made. */
export function isTakenOver(user: User): boolean {
  return bearsPredecessorMarks(user) && user.status?.userId !== undefined;
}

/** Name of the inline policy of an IAM user; the predecessor's, so that it is found again. */
export function inlinePolicyName(userName: string): string {
  return `${userName}-policy`;
}

/** The document of a policy in a User's spec. */
export function documentOf(policy: NonNullable<UserSpec["policy"]>): PolicyDocument {
  return translateIdentityPolicy({
    version: policy.version ?? "2012-10-17",
    statement: (policy.statement ?? []) as unknown as readonly SourceStatement[],
  });
}

/**
 * True when an inline policy is the one that the predecessor would have made for this object. It
 * is the proof for a user whose id the predecessor did not come to write down.
 */
export function isPredecessorPolicy(user: User, text: string | undefined): boolean {
  const { spec } = user;
  const found = text === undefined ? undefined : parseDocument(text);
  if (found === undefined || spec === undefined || !bearsPredecessorMarks(user)) return false;
  const version = spec.policy?.version;
  const wanted = spec.policy === undefined ? defaultDocument(spec) : documentOf(spec.policy);
  return samePolicy(
    { ...wanted, Version: version ?? "2012-10-17" },
    { ...found, Version: version ?? "2012-10-17" },
  );
}

/** What the predecessor gave to users without a policy of their own. */
function defaultDocument(spec: UserSpec): PolicyDocument {
  const bucket = spec.tags?.["Bucket"] ?? spec.name;
  return {
    Statement: [{
      Effect: "Allow",
      Action: ["s3:*"],
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    }],
  };
}
