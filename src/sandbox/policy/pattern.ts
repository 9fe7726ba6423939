/**
 * Patterns of policies: `*` stands for any text, `?` for one character.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
import { PolicyError } from "./error.ts";

/** Values that stand for `${…}` in a document, by lower-case name. */
export type Variables = (name: string) => string | undefined;

const VARIABLE = /\$\{([^}]*)\}/g;
/** `${*}`, `${?}` and `${$}` stand for the characters themselves. */
const ESCAPES: ReadonlySet<string> = new Set(["*", "?", "$"]);

/** Options of {@link matches}. */
export interface MatchOptions {
  /** Where documents of this version know variables; without it `${` is plain text. */
  readonly variables?: Variables;
  readonly ignoreCase?: boolean;
}

/** Whether the whole text fits the pattern; false where a variable has no value. */
export function matches(pattern: string, text: string, options: MatchOptions = {}): boolean {
  const source = toSource(pattern, options.variables);
  return source !== undefined &&
    new RegExp(`^${source}$`, options.ignoreCase ? "isu" : "su").test(text);
}

/** The text with its variables replaced, where no wildcards are meant; undefined without a value. */
export function substitute(text: string, variables: Variables | undefined): string | undefined {
  if (variables === undefined) return text;
  let isComplete = true;
  const result = text.replaceAll(VARIABLE, (_whole, name: string) => {
    const value = ESCAPES.has(name) ? name : variables(name.toLowerCase());
    isComplete &&= value !== undefined;
    return value ?? "";
  });
  return isComplete ? result : undefined;
}

/**
 * Checks that each variable of a text can have a value.
 *
 * @throws {PolicyError}
 */
export function checkVariables(text: string, isKnown: (name: string) => boolean): void {
  for (const [whole, name = ""] of text.matchAll(VARIABLE)) {
    if (ESCAPES.has(name) || isKnown(name.toLowerCase())) continue;
    throw new PolicyError(`Unsupported policy variable: "${whole}"`);
  }
}

function toSource(pattern: string, variables: Variables | undefined): string | undefined {
  const parts = variables === undefined ? [pattern] : pattern.split(/(\$\{[^}]*\})/);
  const sources = parts.map((part, index) => {
    if (index % 2 === 0) return literal(part).replaceAll("\\*", ".*").replaceAll("\\?", ".");
    const value = substitute(part, variables);
    return value === undefined ? undefined : literal(value);
  });
  return sources.includes(undefined) ? undefined : sources.join("");
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
