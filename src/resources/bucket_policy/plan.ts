/**
 * From what the bucket has and what it should have to one write, or the reason why not; pure.
 */
import type { PolicyDocument } from "../policy/document.ts";
import { parseDocument } from "../policy/document.ts";
import { policyFingerprint, shortHash, statementFingerprint } from "../policy/canonical.ts";
import { type ForeignStatements, type Merged, mergePolicies, type Share } from "../policy/merge.ts";
import type { BucketPolicyReason } from "./reasons.ts";

/** Why nothing is written; the message names the field and the remedy. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: BucketPolicyReason;
  readonly message: string;
}

/** What the own object has on the bucket once the plan is done. */
interface OwnPart {
  /** Fingerprints of its statements. */
  readonly own: readonly string[];
  readonly conflicts: readonly string[];
}

/** What to do. */
export type Plan =
  | ({ readonly kind: "settled" } & OwnPart)
  | ({
    readonly kind: "write";
    /** Without a statement the policy is removed. */
    readonly document: PolicyDocument;
    /** True when the object wants what it wanted before, so that somebody else changed the bucket. */
    readonly isDrift: boolean;
  } & OwnPart)
  | Refusal;

/** What a plan is made from. */
export interface PlanInput {
  /** JSON text of the bucket's policy. */
  readonly observed: string | undefined;
  readonly own: Share;
  readonly others: readonly Share[];
  readonly foreign: ForeignStatements;
  /** The predecessor's object, not yet found to say the same as the bucket, and not opted in. */
  readonly isUnproven: boolean;
  /** See {@link unsettledMark}. */
  readonly unsettled: string | undefined;
}

/** Decides what to do with a bucket's policy. */
export function planPolicy(input: PlanInput): Plan {
  const { observed: text, foreign } = input;
  const observed = text === undefined ? undefined : parseDocument(text);
  if (text !== undefined && observed === undefined && foreign !== "Replace") {
    return refused(
      "ForeignPolicy",
      "The bucket has a policy that cannot be read: set spec.adoptionPolicy: Replace to replace it",
    );
  }
  const own = ownShare(input, observed);
  const merged = mergePolicies({ ...input, own, observed });
  if (merged.kind === "impossible") return refused("InvalidPolicy", merged.message);
  if (merged.kind === "merged" && merged.isSynced) return { ...merged, kind: "settled" };
  if (input.isUnproven) {
    return refused(
      "TakeoverDiffers",
      "The bucket's policy is not what this object says, and the predecessor may never have " +
        "applied it: look at both, then set spec.adoptionPolicy to Adopt or Replace to have it written",
    );
  }
  const { unsettled } = input;
  if (merged.kind === "foreign") {
    const isAnswer = unsettled?.endsWith(ONCE) && unsettled.split("/")[1] === markOf(text);
    return isAnswer ? notConverged() : refused("ForeignPolicy", describeForeign(merged));
  }
  if (unsettled !== undefined && unsettled === unsettledMark(merged.own, text)) {
    return notConverged();
  }
  const isDrift = merged.own.length > 0 &&
    merged.own.every((fingerprint) => input.own.recorded.includes(fingerprint));
  return { ...merged, kind: "write", isDrift };
}

/**
 * Names what was wanted and what the service made of it, so that it is not written again and
 * again.
 */
export function unsettledMark(own: readonly string[], observed: string | undefined): string {
  return `${shortHash(own.join(" "))}/${markOf(observed)}`;
}

/**
 * The mark to keep after a write that was not read back as it was written. The first time it may
 * have been somebody else, just between the write and the look at it: one more write is tried.
 *
 * @param before the mark that was kept so far
 */
export function nextMark(
  mark: string,
  before: string | undefined,
): { readonly mark: string; readonly isSure: boolean } {
  const isSure = before === mark || before === mark + ONCE;
  return { mark: isSure ? mark : mark + ONCE, isSure };
}

const ONCE = "/once";

function notConverged(): Refusal {
  return refused(
    "NotConverged",
    "The service answers with another policy than the one that was written, and does so each " +
      "time: change the policy to what the service makes of it",
  );
}

function markOf(text: string | undefined): string {
  const document = text === undefined ? undefined : parseDocument(text);
  return document === undefined ? shortHash(text ?? "") : policyFingerprint(document);
}

/** What the service made of the own statements belongs to the object as well. */
function ownShare(
  { own, unsettled, observed }: PlanInput,
  read: PolicyDocument | undefined,
): Share {
  if (unsettled === undefined || unsettled.endsWith(ONCE)) return own;
  if (unsettled.split("/")[1] !== markOf(observed)) return own;
  return {
    ...own,
    recorded: [...own.recorded, ...read?.Statement.map(statementFingerprint) ?? []],
  };
}

function describeForeign({ names }: Extract<Merged, { kind: "foreign" }>): string {
  const shown = names.slice(0, 5).join(", ");
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `The bucket has statements that no BucketPolicy put there (${shown}${more}): set ` +
    "spec.adoptionPolicy: Adopt to keep them beside these, or Replace to remove them";
}

function refused(reason: BucketPolicyReason, message: string): Refusal {
  return { kind: "refused", reason, message };
}
