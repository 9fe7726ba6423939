/**
 * Who a bucket policy speaks of: the forms that Wasabi documents
 * (docs:how-do-i-restrict-bucket-access-with-resource-based-policies).
 */
import { PolicyError } from "./error.ts";

/** Who sends a request. */
export type Principal =
  /** An account's own key. */
  | { readonly kind: "root"; readonly accountId: string }
  | {
    readonly kind: "user";
    readonly accountId: string;
    readonly arn: string;
    readonly userName: string;
    readonly userId: string;
  }
  /** Without a signature. */
  | { readonly kind: "anonymous" };

/** Whom a statement names: everybody (`*`), or ARNs of users and accounts. */
export type PrincipalSet =
  | { readonly kind: "everybody" }
  | { readonly kind: "arns"; readonly arns: readonly string[] };

/** How a statement's principals meet the sender. */
export type PrincipalMatch =
  /** The sender itself, or everybody. */
  | "direct"
  /** Its account, which may hand the right on to its users by their own policies. */
  | "account"
  | "none";

/** ARN of an account. */
export function accountArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

/** ARN of the sender; undefined for the anonymous one. */
export function arnOf(principal: Principal): string | undefined {
  if (principal.kind === "anonymous") return undefined;
  return principal.kind === "user" ? principal.arn : accountArn(principal.accountId);
}

/**
 * Reads a Principal or NotPrincipal element.
 *
 * @throws {PolicyError} for a form that the service does not know.
 */
export function parsePrincipals(element: unknown): PrincipalSet {
  if (element === "*") return { kind: "everybody" };
  if (typeof element !== "object" || element === null || Array.isArray(element)) throw invalid();
  const [entry, ...others] = Object.entries(element);
  if (entry === undefined || others.length > 0 || entry[0] !== "AWS") throw invalid();
  const names: readonly unknown[] = Array.isArray(entry[1]) ? entry[1] : [entry[1]];
  if (names.length === 0) throw invalid();
  if (names.includes("*")) return { kind: "everybody" };
  return { kind: "arns", arns: names.map(toArn) };
}

/** How Principal meets the sender. */
export function matchPrincipal(set: PrincipalSet, principal: Principal): PrincipalMatch {
  if (set.kind === "everybody") return "direct";
  if (principal.kind === "anonymous") return "none";
  if (set.arns.includes(arnOf(principal) ?? "")) return "direct";
  return set.arns.includes(accountArn(principal.accountId)) ? "account" : "none";
}

/**
 * Whether NotPrincipal spares the sender: a user is spared only where its account is named too.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function isSpared(set: PrincipalSet, principal: Principal): boolean {
  if (set.kind === "everybody") return true;
  if (principal.kind === "anonymous") return false;
  return [arnOf(principal) ?? "", accountArn(principal.accountId)]
    .every((arn) => set.arns.includes(arn));
}

function toArn(name: unknown): string {
  if (typeof name !== "string") throw invalid();
  if (/^\d{12}$/.test(name)) return accountArn(name);
  const isArn = /^arn:aws:iam::\d{12}:(root|user\/[\w+=,.@/-]+)$/.test(name);
  if (!isArn) throw invalid(name);
  return name;
}

function invalid(name?: string): PolicyError {
  return new PolicyError(`Invalid principal in policy${name === undefined ? "" : `: "${name}"`}`);
}
