/**
 * From what is and what should be to ordered steps, or the reason why not; pure.
 */
import type { UserSpec, UserStatus } from "../../api/user.ts";
import type { IamUser, Tags } from "../../wasabi/iam.ts";
import { samePolicy } from "../policy/canonical.ts";
import { parseDocument, type PolicyDocument } from "../policy/document.ts";
import type { Observed } from "./observe.ts";
import type { UserReason } from "./reasons.ts";
import type { WantedPolicy } from "./resolve.ts";

/** How the object came to its user. */
export type Ownership = NonNullable<UserStatus["ownership"]>;

/** One write. */
export type Step =
  /** Records the intention to create, so that a crash after the creation is understood. */
  | { readonly kind: "claim" }
  | { readonly kind: "create" }
  | { readonly kind: "putPolicy"; readonly document: PolicyDocument }
  | { readonly kind: "attach"; readonly policyArn: string }
  /** Only once what replaces it surely holds. */
  | { readonly kind: "dropInline" }
  | { readonly kind: "detach"; readonly policyArn: string }
  | { readonly kind: "tag"; readonly tags: Tags }
  | { readonly kind: "untag"; readonly keys: readonly string[] };

/** Why nothing may be done; the message names the field and the remedy. */
export interface Refusal {
  readonly reason: UserReason;
  readonly message: string;
}

/** What to do. */
export type Plan =
  | {
    readonly kind: "steps";
    readonly steps: readonly Step[];
    /** How the object stands to the user once the steps are done. */
    readonly ownership: Ownership;
    /** Something replaced is kept for this time yet. */
    readonly settleMs: number | undefined;
  }
  | ({ readonly kind: "refused" } & Refusal);

/** What a plan is made from. */
export interface PlanInput {
  readonly spec: UserSpec;
  readonly observed: Observed;
  readonly policy: WantedPolicy;
  readonly status: Partial<UserStatus>;
  /** The predecessor handled this object and made the user. */
  readonly takenOver: boolean;
  /** The inline policy is the one that the predecessor would have written. */
  readonly provenByPolicy: boolean;
  readonly nowMs: number;
  readonly policySettleMs: number;
}

/** Clocks of operator and service may differ this much before signatures fail. */
const MOST_SKEW_MS = 900_000;

/** Decides what to do with a user. */
export function planUser(input: PlanInput): Plan {
  const { observed } = input;
  if (observed.kind === "absent") return planCreation(input);
  const right = rightTo(observed.user, input);
  if (right.kind === "refused") return right;
  const policy = planPolicy(input, observed);
  return {
    kind: "steps",
    steps: [...policy.steps, ...tagSteps(input.spec, observed.tags)],
    ownership: right.ownership,
    settleMs: policy.settleMs,
  };
}

/** Policy before key: a key is never seen without its rights (wasabi §4.5). */
function planCreation({ spec, policy }: PlanInput): Plan {
  const steps: Step[] = [{ kind: "claim" }, { kind: "create" }];
  if (policy.kind === "inline") steps.push({ kind: "putPolicy", document: policy.document });
  if (policy.kind === "managed") steps.push({ kind: "attach", policyArn: policy.policyArn });
  steps.push(...tagSteps(spec, {}));
  return { kind: "steps", steps, ownership: "Created", settleMs: undefined };
}

type Right =
  | { readonly kind: "right"; readonly ownership: Ownership }
  | Extract<Plan, { kind: "refused" }>;

function rightTo(user: IamUser, input: PlanInput): Right {
  const { spec, status } = input;
  if (isOurs(user, input)) {
    return { kind: "right", ownership: status.ownership === "Adopted" ? "Adopted" : "Created" };
  }
  if (spec.adoptionPolicy === "Adopt") return { kind: "right", ownership: "Adopted" };
  if (status.userId !== undefined && (status.ownership !== undefined || input.takenOver)) {
    return refused(
      "UserReplaced",
      `IAM user "${spec.name}" is another one than this object made: set spec.adoptionPolicy: Adopt to take it over, or delete it`,
    );
  }
  return refused(
    "AdoptionRefused",
    `IAM user "${spec.name}" exists and was not made for this object: set spec.adoptionPolicy: Adopt to take it over, or choose another spec.name`,
  );
}

function isOurs(user: IamUser, input: PlanInput): boolean {
  const { status } = input;
  switch (status.ownership) {
    case "Creating": {
      // A recorded intention without its end: the process died between creation and report.
      const claimedAt = Date.parse(status.claimTime ?? "");
      return user.createdAtMs === undefined || !(user.createdAtMs < claimedAt - MOST_SKEW_MS);
    }
    case "Created":
    case "Adopted":
      return status.userId === user.userId;
    default:
      return status.userId === undefined
        ? input.provenByPolicy
        : input.takenOver && status.userId === user.userId;
  }
}

interface PolicyPlan {
  readonly steps: readonly Step[];
  readonly settleMs: number | undefined;
}

/** New permissions first; old ones go once the new ones were seen and have had time to hold. */
function planPolicy(
  input: PlanInput,
  observed: Extract<Observed, { kind: "present" }>,
): PolicyPlan {
  const { policy } = input;
  if (policy.kind === "unmanaged") return { steps: [], settleMs: undefined };
  const wrong = wrongPolicy(policy, observed);
  if (wrong !== undefined) return { steps: [wrong], settleMs: undefined };
  const replaced = replacedPolicies(input, observed);
  const changedAt = Date.parse(input.status.policyChangeTime ?? "");
  const leftMs = Number.isNaN(changedAt) ? 0 : changedAt + input.policySettleMs - input.nowMs;
  if (replaced.length === 0) return { steps: [], settleMs: undefined };
  return leftMs > 0 ? { steps: [], settleMs: leftMs } : { steps: replaced, settleMs: undefined };
}

function wrongPolicy(
  policy: Exclude<WantedPolicy, { kind: "unmanaged" }>,
  observed: Extract<Observed, { kind: "present" }>,
): Step | undefined {
  if (policy.kind === "managed") {
    const { policyArn } = policy;
    return observed.attached.includes(policyArn) ? undefined : { kind: "attach", policyArn };
  }
  const found = observed.inline === undefined ? undefined : parseDocument(observed.inline);
  const same = found !== undefined && samePolicy(found, policy.document);
  return same ? undefined : { kind: "putPolicy", document: policy.document };
}

/** What this object, or the predecessor for it, gave the user before. */
function replacedPolicies(
  { policy, status, takenOver, provenByPolicy }: PlanInput,
  observed: Extract<Observed, { kind: "present" }>,
): readonly Step[] {
  const wanted = policy.kind === "managed" ? policy.policyArn : undefined;
  const detach = (status.attachedPolicies ?? [])
    .filter((arn) => arn !== wanted && observed.attached.includes(arn))
    .map((policyArn): Step => ({ kind: "detach", policyArn }));
  const inlineIsOurs = status.inlinePolicy !== undefined || takenOver || provenByPolicy;
  const drop = policy.kind === "managed" && observed.inline !== undefined && inlineIsOurs;
  return drop ? [...detach, { kind: "dropInline" }] : detach;
}

/** Tags that the spec does not name stay. */
function tagSteps(spec: UserSpec, observed: Tags | undefined): readonly Step[] {
  if (spec.tags === undefined || observed === undefined) return [];
  const changed = Object.entries(spec.tags).filter(([key, value]) => observed[key] !== value);
  const removed = Object.keys(spec.tags).length === 0 ? Object.keys(observed) : [];
  return [
    ...(changed.length === 0 ? [] : [{ kind: "tag", tags: Object.fromEntries(changed) } as const]),
    ...(removed.length === 0 ? [] : [{ kind: "untag", keys: removed } as const]),
  ];
}

function refused(reason: UserReason, message: string): Extract<Plan, { kind: "refused" }> {
  return { kind: "refused", reason, message };
}
