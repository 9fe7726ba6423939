/**
 * From a document as the custom resources have it, with lower-case keys, to the service's form.
 */
import type { OneOrMore } from "../../api/policy_document.ts";
import { type Condition, type PolicyDocument, type Principal, type Statement } from "./document.ts";

/** A statement of a custom resource. */
export interface SourceStatement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly principal?: string | { readonly [kind: string]: unknown };
  readonly notPrincipal?: string | { readonly [kind: string]: unknown };
  readonly action?: OneOrMore;
  readonly notAction?: OneOrMore;
  readonly resource?: OneOrMore;
  readonly notResource?: OneOrMore;
  readonly condition?: { readonly [operator: string]: unknown };
}

/** A document of a custom resource. */
export interface SourceDocument {
  readonly version: string;
  readonly statement: readonly SourceStatement[];
}

/** Translates the policy of a bucket. */
export function translateBucketPolicy(source: SourceDocument): PolicyDocument {
  return {
    Version: source.version,
    Statement: source.statement.map((statement) => ({
      ...statementOf(statement),
      ...principalOf("Principal", statement.principal),
      ...principalOf("NotPrincipal", statement.notPrincipal),
    })),
  };
}

/**
 * Translates the policy of a user or of an account. A principal, which such a policy cannot have
 * and some older objects do, is left out.
 */
export function translateIdentityPolicy(source: SourceDocument): PolicyDocument {
  return { Version: source.version, Statement: source.statement.map(statementOf) };
}

function statementOf(source: SourceStatement): Statement {
  const { sid, effect, action, notAction, resource, notResource, condition } = source;
  return {
    ...(sid === undefined || sid === "" ? {} : { Sid: sid }),
    Effect: effect,
    ...(action === undefined ? {} : { Action: action }),
    ...(notAction === undefined ? {} : { NotAction: notAction }),
    ...(resource === undefined ? {} : { Resource: resource }),
    ...(notResource === undefined ? {} : { NotResource: notResource }),
    ...(condition === undefined ? {} : { Condition: condition as Condition }),
  };
}

/** A bare ARN or account number becomes `{"AWS": ...}`, the form that services take. */
function principalOf(
  name: "Principal" | "NotPrincipal",
  source: SourceStatement["principal"],
): Pick<Statement, "Principal" | "NotPrincipal"> {
  if (source === undefined) return {};
  const principal = typeof source !== "string"
    ? source as Principal
    : source === "*"
    ? source
    : { AWS: source };
  return { [name]: principal };
}
