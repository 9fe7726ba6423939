/**
 * Executes one step; the only file of the kind that writes to the cloud, besides delete.ts.
 */
import { ProviderError } from "../../wasabi/error.ts";
import { createUser, tagUser, untagUser } from "../../wasabi/iam.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import {
  attachUserPolicy,
  deleteUserPolicy,
  detachUserPolicy,
  putUserPolicy,
} from "../../wasabi/iam_user_policies.ts";
import type { Refusal, Step } from "./plan.ts";
import { inlinePolicyName } from "./taken_over.ts";

/** What a step did. */
export type Applied =
  | { readonly kind: "done" }
  /** The service lacks the feature. */
  | { readonly kind: "unsupported"; readonly field: string; readonly code: string }
  /** The user turned out to be somebody else's. */
  | ({ readonly kind: "refused" } & Refusal);

/** Where a step is executed. */
export interface ApplyContext {
  readonly iam: Iam;
  readonly userName: string;
  /** Stores the intention to create in the object's status. */
  readonly claim: () => Promise<void>;
}

/**
 * Executes one step.
 *
 * @throws ProviderError when the service fails or refuses for another reason than the results name
 */
export async function apply(step: Step, context: ApplyContext): Promise<Applied> {
  const { iam, userName } = context;
  const policyName = inlinePolicyName(userName);
  switch (step.kind) {
    case "claim":
      await context.claim();
      break;
    case "create":
      return await create(context);
    case "putPolicy": {
      const document = JSON.stringify(step.document);
      await putUserPolicy(iam, { userName, policyName }, { document });
      break;
    }
    case "attach":
      await attachUserPolicy(iam, userName, step);
      break;
    case "dropInline":
      await deleteUserPolicy(iam, { userName, policyName });
      break;
    case "detach":
      await detachUserPolicy(iam, userName, step);
      break;
    case "tag":
      return await withTags(tagUser(iam, userName, step));
    case "untag":
      return await withTags(untagUser(iam, userName, step));
  }
  return { kind: "done" };
}

/** The name was free a moment ago; if it is not now, somebody was faster, and it is not ours. */
async function create({ iam, userName }: ApplyContext): Promise<Applied> {
  try {
    await createUser(iam, userName);
    return { kind: "done" };
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "AlreadyExists")) throw error;
    return {
      kind: "refused",
      reason: "AdoptionRefused",
      message:
        `IAM user "${userName}" was made by somebody else at the same moment: set spec.adoptionPolicy: Adopt to take it over, or choose another spec.name`,
    };
  }
}

async function withTags(write: Promise<void>): Promise<Applied> {
  try {
    await write;
    return { kind: "done" };
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "Unsupported")) throw error;
    return { kind: "unsupported", field: "tags", code: error.code };
  }
}
