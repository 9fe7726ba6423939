/**
 * Reads policy documents.
 *
 * Whatever the evaluation would not understand is refused here: a policy must not seem to hold
 * because a part of it was ignored. Source of the grammar:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { type Condition, parseConditions } from "./condition.ts";
import { isKnownKey } from "./context.ts";
import { PolicyError } from "./error.ts";
import { checkVariables } from "./pattern.ts";
import { parsePrincipals, type PrincipalSet } from "./principal.ts";

/** What a policy is attached to: a user, or the bucket of that name. */
export type PolicyTarget =
  | { readonly kind: "identity" }
  | { readonly kind: "bucket"; readonly bucket: string };

/** Actions or resources: those that fit a pattern, or all others. */
export interface Selection {
  readonly kind: "only" | "except";
  readonly patterns: readonly string[];
}

/** One statement. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: Selection;
  readonly resources: Selection;
  /** Of bucket policies only. */
  readonly principals?: { readonly kind: "only" | "except"; readonly set: PrincipalSet };
  readonly conditions: readonly Condition[];
}

/** A document that can be evaluated. */
export interface PolicyDocument {
  /** Since version 2012-10-17 a document has variables. */
  readonly hasVariables: boolean;
  readonly statements: readonly Statement[];
}

type Json = Readonly<Record<string, unknown>>;

const DOCUMENT_FIELDS = ["Version", "Id", "Statement"];
const STATEMENT_FIELDS = [
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"],
  ...["Resource", "NotResource", "Condition"],
];

/**
 * Reads a document.
 *
 * @throws {PolicyError}
 */
export function parsePolicy(text: string, target: PolicyTarget): PolicyDocument {
  const document = parseJson(text);
  checkFields(document, DOCUMENT_FIELDS);
  const version = document["Version"] ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw new PolicyError("The policy must contain a valid version string");
  }
  const element = document["Statement"];
  const list: readonly unknown[] = Array.isArray(element) ? element : [element];
  if (element === undefined || list.length === 0) {
    throw new PolicyError("Missing required field Statement");
  }
  const hasVariables = version === "2012-10-17";
  const statements = list.map((item) => parseStatement(item, { target, hasVariables }));
  checkIds(list, target);
  return { hasVariables, statements };
}

function parseStatement(
  element: unknown,
  { target, hasVariables }: { readonly target: PolicyTarget; readonly hasVariables: boolean },
): Statement {
  if (!isObject(element)) throw new PolicyError("Syntax errors in policy: not a statement");
  checkFields(element, STATEMENT_FIELDS);
  const effect = element["Effect"];
  if (effect !== "Allow" && effect !== "Deny") {
    throw new PolicyError(`Invalid effect: "${String(effect)}"`);
  }
  const actions = selection(element, "Action");
  const resources = selection(element, "Resource");
  for (const action of actions.patterns) checkAction(action, target);
  for (const resource of resources.patterns) checkResource(resource, target);
  const conditions = parseConditions(element["Condition"]);
  if (hasVariables) {
    const texts = [...resources.patterns, ...conditions.flatMap(({ values }) => values)];
    for (const text of texts) checkVariables(text, isKnownKey);
  }
  return { effect, actions, resources, ...principalsOf(element, target), conditions };
}

function principalsOf(element: Json, target: PolicyTarget): Pick<Statement, "principals"> {
  const [only, except] = [element["Principal"], element["NotPrincipal"]];
  if (target.kind === "identity") {
    if (only === undefined && except === undefined) return {};
    throw new PolicyError("Policy document should not specify a principal");
  }
  if (only !== undefined && except !== undefined) {
    throw new PolicyError("Policy has both Principal and NotPrincipal");
  }
  if (only !== undefined) return { principals: { kind: "only", set: parsePrincipals(only) } };
  if (except === undefined) throw new PolicyError("Missing required field Principal");
  if (element["Effect"] !== "Deny") {
    throw new PolicyError("Allow with NotPrincipal is not allowed");
  }
  return { principals: { kind: "except", set: parsePrincipals(except) } };
}

function selection(element: Json, name: "Action" | "Resource"): Selection {
  const [only, except] = [element[name], element[`Not${name}`]];
  if ((only === undefined) === (except === undefined)) {
    throw new PolicyError(
      only === undefined ? `Missing required field ${name}` : `Policy has ${name} and Not${name}`,
    );
  }
  const value = only ?? except;
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = patterns.filter((item) => typeof item === "string");
  if (texts.length === 0 || texts.length < patterns.length) {
    throw new PolicyError(`Policy has invalid ${name.toLowerCase()}`);
  }
  return { kind: only === undefined ? "except" : "only", patterns: texts };
}

function checkAction(action: string, target: PolicyTarget): void {
  const isValid = action === "*" ||
    (target.kind === "bucket" ? /^s3:[\w*?]+$/i : /^[\w-]+:[\w*?]+$/).test(action);
  if (!isValid) throw new PolicyError(`Policy has invalid action: "${action}"`);
}

function checkResource(resource: string, target: PolicyTarget): void {
  if (target.kind === "identity") {
    if (resource === "*" || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/.test(resource)) return;
    throw new PolicyError(`Resource "${resource}" must be in ARN format or "*"`);
  }
  const arn = `arn:aws:s3:::${target.bucket}`;
  if (resource === arn || resource.startsWith(`${arn}/`)) return;
  throw new PolicyError(`Policy has invalid resource: "${resource}"`);
}

function checkIds(statements: readonly unknown[], target: PolicyTarget): void {
  const ids = statements.map((statement) => (statement as Json)["Sid"])
    .filter((id) => id !== undefined && id !== "");
  for (const id of ids) {
    const isValid = typeof id === "string" &&
      (target.kind === "bucket" || /^[A-Za-z0-9]*$/.test(id));
    if (!isValid) {
      throw new PolicyError(`Statement IDs (SID) must be alpha-numeric: "${String(id)}"`);
    }
  }
  if (new Set(ids).size < ids.length) {
    throw new PolicyError("Statement IDs (SID) in a single policy must be unique");
  }
}

function checkFields(element: Json, known: readonly string[]): void {
  const unknown = Object.keys(element).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new PolicyError(`Unknown field ${unknown}`);
}

function parseJson(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PolicyError("This policy contains invalid Json");
  }
  if (!isObject(value)) throw new PolicyError("Policies must be valid JSON and begin with '{'");
  return value;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
