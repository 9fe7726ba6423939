/**
 * How managed policies are called, and what their description says.
 *
 * An account has one space of names, and a cluster one for each namespace: the name is
 * `<namespace>.<name>`, which is read in one way only, as a namespace has no dot. The predecessor
 * took the bare name; its policies keep theirs (seed-spec §2.4).
 */
import { FIELD_MANAGER } from "../../api/common.ts";
import type { IAMPolicy } from "../../api/iam_policy.ts";
import { shortHash } from "../policy/canonical.ts";
import { isTakenOver } from "./taken_over.ts";

/** Longest name of a managed policy (IAM's CreatePolicy). */
const MAX_LENGTH = 128;
const HASH_LENGTH = 8;

/**
 * Name of an object's managed policy.
 *
 * @param options.others of the same Provider. The predecessor gave objects of two namespaces one
 * policy: the first of them keeps it
 */
export function policyNameOf(
  policy: IAMPolicy,
  { others }: { readonly others: readonly IAMPolicy[] },
): string {
  const { status, metadata } = policy;
  if (status?.policyName !== undefined) return status.policyName;
  const inherited = inheritedName(policy);
  const isFree = others.every((other) =>
    other.metadata.uid === metadata.uid || claimedName(other) !== inherited ||
    goesBefore(policy, other)
  );
  return inherited !== undefined && isFree ? inherited : qualifiedName(policy);
}

/** The name under which the predecessor made the policy of an object. */
export function inheritedName(policy: IAMPolicy): string | undefined {
  if (!isTakenOver(policy)) return undefined;
  return nameIn(policy.status?.policyArn) ?? policy.metadata.name;
}

function claimedName(policy: IAMPolicy): string | undefined {
  return policy.status?.policyName ?? inheritedName(policy);
}

function goesBefore(left: IAMPolicy, right: IAMPolicy): boolean {
  if (right.status?.policyName !== undefined) return false;
  return rankOf(left) < rankOf(right);
}

/** Sorts by age; the uid decides between objects of the same second. */
function rankOf({ metadata }: IAMPolicy): string {
  return `${metadata.creationTimestamp} ${metadata.uid}`;
}

function qualifiedName({ metadata }: IAMPolicy): string {
  const name = `${metadata.namespace ?? "default"}.${metadata.name}`;
  if (name.length <= MAX_LENGTH) return name;
  const hash = shortHash(name).slice(0, HASH_LENGTH);
  return `${name.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}-${hash}`;
}

/** Whom a policy says to be made for; other services of the account may look at it. */
export function descriptionOf({ metadata }: IAMPolicy): string {
  return `IAMPolicy ${metadata.namespace}/${metadata.name} (${metadata.uid}) managed by ${FIELD_MANAGER}`;
}

/** What the predecessor wrote. */
export function predecessorDescriptionOf({ metadata }: IAMPolicy): string {
  return `IAMPolicy ${metadata.name} managed by wasabi-s3-operator`;
}

/** Name at the end of an ARN such as `arn:aws:iam::100000000001:policy/read`. */
function nameIn(arn: string | undefined): string | undefined {
  const name = arn?.split(":policy/")[1];
  return name === undefined || name === "" ? undefined : name;
}
