/**
 * Everything a pass over a User needs before it may speak to the cloud.
 */
import { keyOf } from "../../api/key.ts";
import type { User, UserSpec } from "../../api/user.ts";
import { findCondition } from "../../control/conditions.ts";
import { conditionsOf } from "../../control/status.ts";
import type { Session } from "../../wasabi/session.ts";
import { type Account, resolveAccount } from "../account.ts";
import { resolveGranted } from "../granted_reference.ts";
import type { PolicyDocument } from "../policy/document.ts";
import { type SourceDocument, translateIdentityPolicy } from "../policy/translate.ts";
import { bearsPredecessorMarks } from "../predecessor_marks.ts";
import { providerKeyOf } from "../reference.ts";
import type { UserContext } from "./context.ts";
import type { UserReason } from "./reasons.ts";
import { documentOf } from "./taken_over.ts";

/** The permissions that the spec asks for. */
export type WantedPolicy =
  /** The spec names none: what the user has is not this object's business. */
  | { readonly kind: "unmanaged" }
  | { readonly kind: "inline"; readonly document: PolicyDocument }
  | { readonly kind: "managed"; readonly policyArn: string };

/** What to work with, or what is in the way. */
export type Resolved =
  | {
    readonly kind: "resolved";
    readonly session: Session;
    readonly policy: WantedPolicy;
    readonly warning: string | undefined;
  }
  | {
    readonly kind: "blocked";
    readonly blames: "provider" | "user";
    readonly reason: UserReason;
    readonly message: string;
    readonly on: string;
  };

/** Resolves Provider, session and policy of a User. */
export async function resolve(
  user: User,
  context: UserContext,
  { spec }: { readonly spec: UserSpec },
): Promise<Resolved> {
  const account = await accountOf(user, context, { spec, needsReady: true });
  if (account.kind === "blocked") return { ...account, blames: "provider" };
  const rival = findRival(user, context);
  if (rival !== undefined) return inConflict(user, rival);
  const policy = policyOf(user, context, spec);
  if (policy.kind === "blocked") return policy;
  const { session } = account;
  return {
    kind: "resolved",
    session,
    policy: policy.wanted,
    warning: account.warning ?? policy.warning,
  };
}

/** The account of a User. */
export function accountOf(
  user: User,
  context: UserContext,
  options: { readonly spec: UserSpec; readonly needsReady: boolean },
): Promise<Account> {
  return resolveAccount(user, {
    ...context,
    reference: options.spec.providerRef,
    needsReady: options.needsReady,
    workedBefore: bearsPredecessorMarks(user),
  });
}

/**
 * The object that has the IAM user which `user` asks for, if that is another one: one that made or
 * adopted it goes first, then the older one. Objects of other Providers may mean another account.
 */
function findRival(user: User, context: UserContext): User | undefined {
  const provider = providerKeyOf(user);
  return rivalsOf(user, context).find((other) => providerKeyOf(other) === provider);
}

function rivalsOf(user: User, context: UserContext): readonly User[] {
  return context.usersNamed(user.spec?.name ?? "")
    .filter((other) => other.metadata.uid !== user.metadata.uid)
    .filter((other) => goesBefore(other, user));
}

/**
 * What is in the way when the very IAM user that was found is another object's already, by a
 * Provider of the same account: of unique IDs there is only one of each.
 */
export function conflictOver(
  user: User,
  context: UserContext,
  { userId }: { readonly userId: string },
): Extract<Resolved, { kind: "blocked" }> | undefined {
  const rival = rivalsOf(user, context).find(({ status }) => status?.userId === userId);
  return rival === undefined ? undefined : inConflict(user, rival);
}

function goesBefore(left: User, right: User): boolean {
  const [leftOwns, rightOwns] = [left, right].map(({ status }) => status?.userId !== undefined);
  if (leftOwns !== rightOwns) return leftOwns === true;
  return rankOf(left) < rankOf(right);
}

function rankOf({ metadata }: User): string {
  return `${metadata.creationTimestamp} ${metadata.uid}`;
}

/** An object of another namespace is not named: that it exists is none of this one's business. */
function inConflict(user: User, other: User): Extract<Resolved, { kind: "blocked" }> {
  const near = other.metadata.namespace === user.metadata.namespace;
  const who = near ? `User "${other.metadata.name}"` : "A User of another namespace";
  return {
    kind: "blocked",
    blames: "user",
    reason: "UserConflict",
    message:
      `${who} manages IAM user "${user.spec?.name}" already: choose another spec.name, or delete one of the two objects`,
    on: `User ${keyOf(other)}`,
  };
}

type PolicyResult =
  | { readonly kind: "found"; readonly wanted: WantedPolicy; readonly warning: string | undefined }
  | Extract<Resolved, { kind: "blocked" }>;

function policyOf(user: User, context: UserContext, spec: UserSpec): PolicyResult {
  const name = spec.policyRef?.name;
  if (spec.policy !== undefined && name !== undefined) {
    return blocked("PolicyConflict", {
      message: "Give one of spec.policy and spec.policyRef, not both",
      on: "a changed spec",
    });
  }
  if (spec.policy !== undefined) {
    return found({ kind: "inline", document: documentOf(spec.policy) });
  }
  if (name === undefined) return found({ kind: "unmanaged" });
  const { namespace } = spec.policyRef ?? {};
  const reference = resolveGranted(user, { name, namespace }, {
    kind: "IAMPolicy",
    field: "policyRef",
    find: context.policy,
    namespaces: context.lookup,
    workedBefore: bearsPredecessorMarks(user),
  });
  if (reference.kind === "problem") return blocked(reference.reason, reference);
  const { target, warning } = reference;
  const on = `IAMPolicy ${keyOf(target)}`;
  const ready = findCondition(conditionsOf(target), "Ready");
  const current = ready?.observedGeneration === target.metadata.generation;
  if (ready?.status !== "True" || !current) {
    const why = ready === undefined || !current ? "was not applied yet" : `says ${ready.reason}`;
    return blocked("PolicyNotReady", { message: `IAMPolicy "${name}" ${why}`, on });
  }
  if (providerKeyOf(target) !== providerKeyOf(user)) {
    const message = `IAMPolicy "${name}" is of another Provider: refer to one of the same account`;
    return blocked("PolicyNotReady", { message, on });
  }
  const policyArn = target.status?.policyArn;
  if (policyArn !== undefined) return found({ kind: "managed", policyArn }, warning);
  // A service without managed policies: its document is written into the user.
  const document = translateIdentityPolicy(target.spec!.policy as unknown as SourceDocument);
  return found({ kind: "inline", document }, warning);
}

function found(wanted: WantedPolicy, warning?: string): PolicyResult {
  return { kind: "found", wanted, warning };
}

function blocked(
  reason: UserReason,
  detail: { readonly message: string; readonly on: string },
): Extract<Resolved, { kind: "blocked" }> {
  const { message, on } = detail;
  return { kind: "blocked", blames: "user", reason, message, on };
}
