/**
 * Lists of rules as maps by their ID: their order means nothing to the service.
 */
import type { UnsupportedField } from "./setting.ts";

/** What became of one rule of a spec. */
export interface ConvertedRule<Value> {
  /** Undefined when nothing of it can be applied. */
  readonly value: Value | undefined;
  readonly leftOut: readonly UnsupportedField[];
}

/** Rules of a spec as a map; the second rule with an ID is left out, for a service has but one. */
export function rulesById<Rule extends { readonly id: string }, Value>(
  rules: readonly Rule[],
  { field, convert }: {
    readonly field: string;
    readonly convert: (rule: Rule) => ConvertedRule<Value>;
  },
): { readonly rules: Readonly<Record<string, Value>>; readonly leftOut: UnsupportedField[] } {
  const values = new Map<string, Value>();
  const seen = new Set<string>();
  const leftOut: UnsupportedField[] = [];
  for (const rule of rules) {
    if (seen.has(rule.id)) {
      leftOut.push({ field: ruleField(field, rule.id), why: "a rule before it has the same id" });
      continue;
    }
    seen.add(rule.id);
    const converted = convert(rule);
    leftOut.push(...converted.leftOut);
    if (converted.value !== undefined) values.set(rule.id, converted.value);
  }
  return { rules: Object.fromEntries(values), leftOut };
}

/** Rules of an answer as a map; a service may know rules without a name. */
export function observedById<Rule extends { readonly ID?: string | undefined }, Value>(
  rules: readonly Rule[],
  convert: (rule: Rule) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    rules.map((rule, index) => [rule.ID || `unnamed-${index}`, convert(rule)]),
  );
}

/** `lifecycle.rules["logs"]`, as differences name it. */
export function ruleField(field: string, id: string): string {
  return `${field}[${JSON.stringify(id)}]`;
}
