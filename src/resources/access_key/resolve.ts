/**
 * Everything a pass over an AccessKey needs before it may speak to the cloud.
 */
import type { AccessKey, AccessKeySpec } from "../../api/access_key.ts";
import { keyOf } from "../../api/key.ts";
import type { User } from "../../api/user.ts";
import { findCondition } from "../../control/conditions.ts";
import { conditionsOf } from "../../control/status.ts";
import type { Session } from "../../wasabi/session.ts";
import { type Account, resolveAccount } from "../account.ts";
import { resolveGranted } from "../granted_reference.ts";
import { bearsPredecessorMarks } from "../predecessor_marks.ts";
import { providerKeyOf } from "../reference.ts";
import { InvalidSpecError } from "../spec.ts";
import type { AccessKeyContext } from "./context.ts";
import type { AccessKeyReason } from "./reasons.ts";

/** What to work with, or what is in the way. */
export type Resolved =
  | {
    readonly kind: "resolved";
    readonly session: Session;
    readonly user: User;
    readonly userName: string;
    readonly bucket: string | undefined;
    readonly warning: string | undefined;
  }
  | {
    readonly kind: "blocked";
    readonly reason: AccessKeyReason;
    readonly message: string;
    readonly on: string;
  };

/**
 * Resolves Provider, session and User of an AccessKey.
 *
 * @throws InvalidSpecError when the spec names no User
 */
export async function resolve(
  key: AccessKey,
  context: AccessKeyContext,
  { spec }: { readonly spec: AccessKeySpec },
): Promise<Resolved> {
  const account = await accountOf(key, context, { spec, needsReady: true });
  if (account.kind === "blocked") return account;
  const name = spec.userRef?.name;
  if (name === undefined) throw new InvalidSpecError("Change spec.userRef: name the User");
  const reference = resolveGranted(key, { ...spec.userRef, name }, {
    kind: "User",
    field: "userRef",
    find: context.user,
    namespaces: context.lookup,
    workedBefore: bearsPredecessorMarks(key),
  });
  if (reference.kind === "problem") return { ...reference, kind: "blocked" };
  const { target } = reference;
  const problem = problemOf(target, key);
  if (problem !== undefined) {
    return { kind: "blocked", ...problem, on: `User ${keyOf(target)}` };
  }
  return {
    kind: "resolved",
    session: account.session,
    user: target,
    userName: target.spec!.name,
    bucket: target.spec?.tags?.["Bucket"],
    warning: account.warning ?? reference.warning,
  };
}

/** The account of an AccessKey. */
export function accountOf(
  key: AccessKey,
  context: AccessKeyContext,
  options: { readonly spec: AccessKeySpec; readonly needsReady: boolean },
): Promise<Account> {
  return resolveAccount(key, {
    ...context,
    reference: options.spec.providerRef,
    needsReady: options.needsReady,
    workedBefore: bearsPredecessorMarks(key),
  });
}

/** A User that was not tried yet is no news: key and User are often made together. */
function problemOf(
  user: User,
  key: AccessKey,
): { readonly reason: AccessKeyReason; readonly message: string } | undefined {
  const { name } = user.metadata;
  const notReady = (message: string) => ({ reason: "UserNotReady", message } as const);
  if (providerKeyOf(user) !== providerKeyOf(key)) {
    return notReady(`User "${name}" is of another Provider: refer to one of the same account`);
  }
  if (user.metadata.deletionTimestamp !== undefined) {
    return notReady(`User "${name}" is being deleted`);
  }
  const ready = findCondition(conditionsOf(user), "Ready");
  if (ready === undefined || ready.status === "Unknown") {
    return { reason: "Pending", message: `Waiting for the first try of User "${name}"` };
  }
  // The user was made once; that its newest policy does not hold yet is no reason to stop.
  const exists = user.status?.userId !== undefined && user.status.ownership !== undefined &&
    user.status.ownership !== "Creating";
  if (ready.status === "True" || exists) return undefined;
  return notReady(`User "${name}" is not ready: ${ready.reason}`);
}
