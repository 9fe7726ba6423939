/**
 * One form for all documents that mean the same, so that they can be compared.
 *
 * Services hand policies back in other words: lists of one as texts, `{"AWS": "*"}` for `"*"`,
 * values as texts, in any order (wasabi §2.5). Rewriting them for that would never end.
 */
import { createHash } from "node:crypto";
import type { Json } from "../../api/common.ts";
import { listOf, OLDEST_VERSION, type PolicyDocument } from "./document.ts";
import type { Condition, Principal, Statement } from "./document.ts";
import { isEverybody, principalNames } from "./principal.ts";

/** Operators whose values are true or false, in any case. */
const BOOLEAN_OPERATOR = /^(?:Bool|Null)(?:IfExists)?$/;
const ADDRESS_OPERATOR = /^(?:Not)?IpAddress(?:IfExists)?$/;

/**
 * True when two documents mean the same. Names of statements count: they are what people look
 * for; an Id of the whole document does not.
 */
export function samePolicy(left: PolicyDocument, right: PolicyDocument): boolean {
  return canonicalPolicy(left) === canonicalPolicy(right);
}

/** The one text of all documents that mean the same. */
export function canonicalPolicy(document: PolicyDocument): string {
  const statements = document.Statement.map(canonicalStatement);
  return JSON.stringify([document.Version ?? OLDEST_VERSION, ...sortedSet(statements)]);
}

/** The one text of all statements that mean the same. */
function canonicalStatement(statement: Statement): string {
  return JSON.stringify([
    statement.Sid ?? "",
    statement.Effect,
    principalOf(statement.Principal),
    principalOf(statement.NotPrincipal),
    actionsOf(statement.Action),
    actionsOf(statement.NotAction),
    setOf(statement.Resource),
    setOf(statement.NotResource),
    conditionOf(statement.Condition),
  ]);
}

/** Short name of a statement: equal for statements that mean the same. */
export function statementFingerprint(statement: Statement): string {
  return shortHash(canonicalStatement(statement));
}

/** Short name of a document: equal for documents that mean the same. */
export function policyFingerprint(document: PolicyDocument): string {
  return shortHash(canonicalPolicy(document));
}

/** 64 bits of SHA-256, as hexadecimal text. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function principalOf(principal: Principal | undefined): Json {
  if (principal === undefined) return null;
  // Everybody includes whoever else is named.
  const kinds = isEverybody(principal) || principal === "*" ? ["AWS"] : Object.keys(principal);
  return kinds.toSorted().map((kind) => {
    const names = principalNames(principal, kind);
    return [kind, names.includes("*") && kind === "AWS" ? ["*"] : sortedSet(names)];
  });
}

/** Actions are the same in any case. */
function actionsOf(actions: Statement["Action"]): Json {
  return actions === undefined
    ? null
    : sortedSet(listOf(actions).map((action) => action.toLowerCase()));
}

function setOf(values: Statement["Resource"]): Json {
  return values === undefined ? null : sortedSet(listOf(values));
}

/** Names of keys are the same in any case; those of operators are not. */
function conditionOf(condition: Condition | undefined): Json {
  return Object.entries(condition ?? {})
    .flatMap(([operator, keys]) =>
      Object.entries(keys ?? {}).map(([key, values]) =>
        JSON.stringify([operator, key.toLowerCase(), valuesOf(operator, values)])
      )
    )
    .toSorted();
}

function valuesOf(operator: string, values: Json): readonly string[] {
  const list: readonly Json[] = Array.isArray(values) ? values : [values as Json];
  return sortedSet(list.map((value) => canonicalValue(operator, value)));
}

function canonicalValue(operator: string, value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (BOOLEAN_OPERATOR.test(operator)) return text.toLowerCase();
  return ADDRESS_OPERATOR.test(operator) ? canonicalRange(text) : text;
}

/** A single address is a range of one; bits behind the length of an IPv4 range mean nothing. */
function canonicalRange(text: string): string {
  const [address = "", length] = text.split("/");
  const isIpv4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(address);
  const bits = Number(length ?? (isIpv4 ? 32 : 128));
  if (!isIpv4 || !(bits >= 0 && bits <= 32)) return `${address.toLowerCase()}/${length ?? 128}`;
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const block = 2 ** (32 - bits);
  const start = Math.floor(number / block) * block;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${parts.join(".")}/${bits}`;
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted();
}
