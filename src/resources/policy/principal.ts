/**
 * Principals of bucket policies: their forms, and the account number that they need.
 */
import type { OneOrMore } from "../../api/policy_document.ts";
import { listOf, type PolicyDocument, type Principal, type Statement } from "./document.ts";

/** ARN of an account; a bare account number means the same. */
const ACCOUNT = /^\d{12}$/;
/**
 * ARNs without an account number, as the predecessor wrote them. Wasabi documents the number
 * alone (wasabi §2.5).
 */
const WITHOUT_ACCOUNT = /^arn:aws:iam::(?:\*|wasabi|):/;

/** Names of one kind, in the one form of each. */
export function principalNames(principal: Principal, kind: string): readonly string[] {
  if (principal === "*") return kind === "AWS" ? ["*"] : [];
  return listOf(principal[kind]).map(canonicalName);
}

/** True when the principal is everybody. */
export function isEverybody(principal: Principal | undefined): boolean {
  return principal !== undefined && principalNames(principal, "AWS").includes("*");
}

function canonicalName(name: string): string {
  return ACCOUNT.test(name) ? `arn:aws:iam::${name}:root` : name;
}

/** True when a document names somebody by an ARN without an account number. */
export function needsAccount(document: PolicyDocument): boolean {
  return document.Statement.some(({ Principal, NotPrincipal }) =>
    [Principal, NotPrincipal].some((principal) =>
      principal !== undefined &&
      principalNames(principal, "AWS").some((name) => WITHOUT_ACCOUNT.test(name))
    )
  );
}

/** The document with the account's real number wherever a principal lacks it. */
export function withAccount(document: PolicyDocument, account: string): PolicyDocument {
  function complete(name: string): string {
    return name.replace(WITHOUT_ACCOUNT, `arn:aws:iam::${account}:`);
  }
  function completed(principal: Principal): Principal {
    if (principal === "*" || principal["AWS"] === undefined) return principal;
    const names = principal["AWS"];
    const AWS: OneOrMore = typeof names === "string" ? complete(names) : names.map(complete);
    return { ...principal, AWS };
  }
  function completedStatement(statement: Statement): Statement {
    const { Principal, NotPrincipal } = statement;
    return {
      ...statement,
      ...(Principal === undefined ? {} : { Principal: completed(Principal) }),
      ...(NotPrincipal === undefined ? {} : { NotPrincipal: completed(NotPrincipal) }),
    };
  }
  return { ...document, Statement: document.Statement.map(completedStatement) };
}
