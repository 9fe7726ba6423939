/**
 * Reads a managed policy: its document, and whom it is attached to.
 */
import { ProviderError } from "../../wasabi/error.ts";
import { accountId } from "../../wasabi/iam.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import {
  getPolicy,
  getPolicyVersion,
  listEntitiesForPolicy,
  type ManagedPolicy,
  type PolicyEntities,
} from "../../wasabi/iam_policies.ts";

/** What the service has. */
export type Observed =
  | { readonly kind: "absent" }
  | {
    readonly kind: "present";
    readonly policy: ManagedPolicy;
    /** JSON text of the version that holds; undefined when it is gone already. */
    readonly document: string | undefined;
    readonly attached: PolicyEntities;
  }
  /** The service has no managed policies. */
  | { readonly kind: "unsupported"; readonly code: string };

/** ARN of a managed policy of the account. */
async function arnOf(iam: Iam, policyName: string): Promise<string> {
  return `arn:aws:iam::${await accountId(iam.session, iam.signal)}:policy/${policyName}`;
}

/** Reads the policy of a name; a service without such policies is a fact and no failure. */
export async function observe(iam: Iam, policyName: string): Promise<Observed> {
  try {
    const policy = await getPolicy(iam, await arnOf(iam, policyName));
    if (policy === undefined) return { kind: "absent" };
    const [document, attached] = await Promise.all([
      getPolicyVersion(iam, policy.arn, { versionId: policy.defaultVersionId }),
      listEntitiesForPolicy(iam, policy.arn),
    ]);
    return { kind: "present", policy, document, attached };
  } catch (error) {
    const unsupported = error instanceof ProviderError && error.kind === "Unsupported";
    if (unsupported) return { kind: "unsupported", code: error.code };
    throw error;
  }
}
