/**
 * From a spec to the document that the service is to have: translated, with the account's number,
 * and looked through.
 */
import {
  type BucketPolicy,
  type BucketPolicySpec,
  bucketPolicySpecSchema,
} from "../../api/bucket_policy.ts";
import { keyOf } from "../../api/key.ts";
import { statementFingerprint } from "../policy/canonical.ts";
import type { PolicyDocument } from "../policy/document.ts";
import { lintBucketPolicy } from "../policy/lint.ts";
import type { Share } from "../policy/merge.ts";
import { needsAccount, withAccount } from "../policy/principal.ts";
import { translateBucketPolicy } from "../policy/translate.ts";
import type { BucketPolicyReason } from "./reasons.ts";
import { isUnproven } from "./taken_over.ts";

/** What is known about the place that the policy is put on. */
export interface Place {
  readonly bucket: string;
  readonly usesTls: boolean;
  /** ARN of the operator's own key; undefined where the service does not tell it. */
  readonly arn: string | undefined;
}

/** A document that may be written, or why not. */
export type Wanted =
  | {
    readonly kind: "wanted";
    readonly document: PolicyDocument;
    readonly warnings: readonly string[];
  }
  | { readonly kind: "refused"; readonly reason: BucketPolicyReason; readonly message: string };

/** True when the operator's own ARN is needed to write or to judge the policy. */
export function asksForArn(spec: BucketPolicySpec): boolean {
  const document = translateBucketPolicy(spec.policy);
  return needsAccount(document) || document.Statement.some(({ Effect }) => Effect === "Deny");
}

/** The document of a spec. */
export function wantedDocument(spec: BucketPolicySpec, place: Place): Wanted {
  const translated = translateBucketPolicy(spec.policy);
  const account = place.arn?.split(":")[4];
  if (account === undefined && needsAccount(translated)) {
    return {
      kind: "refused",
      reason: "AccountUnknown",
      message:
        "A principal has no account number, and the service does not tell it: write it out, as in " +
        "arn:aws:iam::123456789012:user/name, or set spec.iamEndpoint of the Provider",
    };
  }
  const document = account === undefined ? translated : withAccount(translated, account);
  const findings = lintBucketPolicy(document, place);
  const refusals = findings.filter(({ kind }) => kind === "refusal");
  if (refusals.length > 0) {
    const message = refusals.slice(0, 3).map((finding) => finding.message).join("; ");
    return { kind: "refused", reason: "InvalidPolicy", message };
  }
  return { kind: "wanted", document, warnings: findings.map(({ message }) => message) };
}

/**
 * What another object has on the bucket.
 *
 * @param options.counts false for one that wants nothing any more, or may not refer to the bucket
 */
export function shareOf(
  policy: BucketPolicy,
  { place, counts }: { readonly place: Place; readonly counts: boolean },
): Share {
  const spec = bucketPolicySpecSchema.safeParse(policy.spec ?? {}).data;
  const wanted = counts && spec !== undefined ? wantedDocument(spec, place) : undefined;
  return {
    owner: keyOf(policy),
    wanted: wanted?.kind === "wanted" ? wanted.document : { Statement: [] },
    recorded: [...recordedOf(policy, place.bucket), ...inheritedOf(policy, place)],
  };
}

/**
 * What a predecessor's object has on the bucket, if anything: it recorded nothing, and wrote its
 * document word by word, without the account's number.
 */
export function inheritedOf(policy: BucketPolicy, place: Place): readonly string[] {
  const spec = bucketPolicySpecSchema.safeParse(policy.spec ?? {}).data;
  if (!isUnproven(policy) || spec === undefined) return [];
  const literal = translateBucketPolicy(spec.policy).Statement;
  const wanted = wantedDocument(spec, place);
  const complete = wanted.kind === "wanted" ? wanted.document.Statement : [];
  return [...literal, ...complete].map(statementFingerprint);
}

/** What an object wrote on this bucket; nothing, if it was on another one. */
export function recordedOf({ status }: BucketPolicy, bucket: string): readonly string[] {
  return status?.bucketName === bucket ? status.appliedStatements ?? [] : [];
}
