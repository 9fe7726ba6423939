/**
 * Decides whether a request is allowed.
 *
 * Deny first, then any Allow, else no. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { type ConditionFacts, isFulfilled } from "./condition.ts";
import { type RequestContext, valueOf } from "./context.ts";
import type { PolicyDocument, Selection, Statement } from "./document.ts";
import { matches, type MatchOptions } from "./pattern.ts";
import {
  arnOf,
  isSpared,
  matchPrincipal,
  type Principal,
  type PrincipalMatch,
} from "./principal.ts";

/** What somebody wants to do. */
export interface AccessQuestion {
  readonly principal: Principal;
  /** Such as s3:GetObject. */
  readonly action: string;
  /** ARN, or "*" for an action that is about no single thing. */
  readonly resource: string;
  /** Account whose resource it is. */
  readonly ownerId: string;
  /** Policies of the user. */
  readonly identityPolicies: readonly PolicyDocument[];
  readonly bucketPolicy?: PolicyDocument | undefined;
  /** Facts of the request; those of the principal are added. */
  readonly context: RequestContext;
}

/** Why a request is allowed or not. */
export type Verdict = "allowed" | "denied" | "notAllowed";

/**
 * Judges a request.
 *
 * An account's own key may do everything with what the account owns: no policy narrows it
 * (wasabi.md §4.6). Another account's sender needs the bucket's policy, and its own too.
 */
export function judge(question: AccessQuestion): Verdict {
  const { principal, ownerId } = question;
  const isOwn = principal.kind !== "anonymous" && principal.accountId === ownerId;
  if (isOwn && principal.kind === "root") return "allowed";
  const asked = { ...question, context: withPrincipal(question.context, principal) };
  const own = question.identityPolicies.map((policy) => effectOf(policy, asked));
  const granted = question.bucketPolicy === undefined
    ? NOTHING
    : effectOf(question.bucketPolicy, asked);
  if ([...own, granted].some((effect) => effect.isDenied)) return "denied";
  const isAllowedByOwn = own.some((effect) => effect.allow !== "none");
  if (isOwn) return isAllowedByOwn || granted.allow === "direct" ? "allowed" : "notAllowed";
  const isEnough = principal.kind !== "user" || isAllowedByOwn;
  return granted.allow !== "none" && isEnough ? "allowed" : "notAllowed";
}

interface Effect {
  readonly isDenied: boolean;
  readonly allow: PrincipalMatch;
}

const NOTHING: Effect = { isDenied: false, allow: "none" };

function effectOf(policy: PolicyDocument, question: AccessQuestion): Effect {
  const variables = policy.hasVariables
    ? (name: string) => valueOf(name, question.context)
    : undefined;
  const fitting = policy.statements
    .filter((statement) => isAbout(statement, { ...question, variables }))
    .map((statement) => ({ effect: statement.effect, match: matchOf(statement, question) }))
    .filter(({ match }) => match !== "none");
  const allows = fitting.filter(({ effect }) => effect === "Allow").map(({ match }) => match);
  return {
    isDenied: fitting.some(({ effect }) => effect === "Deny"),
    allow: allows.includes("direct") ? "direct" : allows[0] ?? "none",
  };
}

function isAbout(
  statement: Statement,
  { action, resource, context, variables }: AccessQuestion & Pick<ConditionFacts, "variables">,
): boolean {
  const options = variables === undefined ? {} : { variables };
  return isSelected(statement.actions, action, { ignoreCase: true }) &&
    isSelected(statement.resources, resource, options) &&
    statement.conditions.every((condition) => isFulfilled(condition, { context, variables }));
}

function matchOf({ principals }: Statement, { principal }: AccessQuestion): PrincipalMatch {
  if (principals === undefined) return "direct";
  if (principals.kind === "only") return matchPrincipal(principals.set, principal);
  return isSpared(principals.set, principal) ? "none" : "direct";
}

function isSelected({ kind, patterns }: Selection, text: string, options: MatchOptions): boolean {
  return patterns.some((pattern) => matches(pattern, text, options)) === (kind === "only");
}

function withPrincipal(context: RequestContext, principal: Principal): RequestContext {
  if (principal.kind === "anonymous") return context;
  return {
    ...context,
    principalArn: arnOf(principal),
    accountId: principal.accountId,
    userId: principal.kind === "user" ? principal.userId : principal.accountId,
    ...(principal.kind === "user" && { userName: principal.userName }),
  };
}
