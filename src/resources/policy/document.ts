/**
 * Policy documents in the service's form, as they are written to it and read from it.
 *
 * Source of the grammar:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import type { Json } from "../../api/common.ts";
import type { OneOrMore } from "../../api/policy_document.ts";

/** Whom a statement speaks of: `"*"`, or identities by kind, such as `{"AWS": [...]}`. */
export type Principal = "*" | { readonly [kind: string]: OneOrMore };

/** `{operator: {key: values}}`; a value may be a text, a boolean or a number. */
export type Condition = { readonly [operator: string]: { readonly [key: string]: Json } };

/** One statement. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly NotPrincipal?: Principal;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Condition;
}

/** A whole document. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

/** The version that has variables such as `${aws:username}`; what we write unless told else. */
export const CURRENT_VERSION = "2012-10-17";
/** What a document without a version means. */
export const OLDEST_VERSION = "2008-10-17";

/** As a list, whichever form it has. */
export function listOf(value: OneOrMore | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/**
 * Reads a document that the service answered with; undefined when it is none. What is inside the
 * statements is taken as it is: it is compared, and written back if it is somebody else's.
 */
export function parseDocument(text: string): PolicyDocument | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { Version, Statement } = value;
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  if (!statements.every(isStatement)) return undefined;
  return {
    ...(typeof Version === "string" ? { Version } : {}),
    Statement: statements,
  };
}

/** Size as the service counts it: characters of the compact text. */
export function sizeOf(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function isStatement(value: unknown): value is Statement {
  return isRecord(value) && (value["Effect"] === "Allow" || value["Effect"] === "Deny");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
