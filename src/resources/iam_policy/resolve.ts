/**
 * Everything a pass over an IAMPolicy needs before it may speak to the cloud.
 */
import type { IAMPolicy, IAMPolicySpec } from "../../api/iam_policy.ts";
import { type Account, resolveAccount } from "../account.ts";
import { providerKeyOf } from "../reference.ts";
import type { IAMPolicyContext } from "./context.ts";
import { policyNameOf } from "./names.ts";
import { isTakenOver } from "./taken_over.ts";

/** The account of an IAMPolicy. */
export function accountOf(
  policy: IAMPolicy,
  context: IAMPolicyContext,
  options: { readonly spec: IAMPolicySpec; readonly needsReady: boolean },
): Promise<Account> {
  return resolveAccount(policy, {
    ...context,
    reference: options.spec.providerRef,
    needsReady: options.needsReady,
    workedBefore: isTakenOver(policy),
  });
}

/** Name of the object's managed policy. */
export function nameOf(policy: IAMPolicy, context: IAMPolicyContext): string {
  const provider = providerKeyOf(policy);
  const others = provider === undefined ? [] : context.policiesOf(provider);
  return policyNameOf(policy, { others });
}
