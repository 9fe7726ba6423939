/**
 * Compiled CEL rules (`x-kubernetes-validations`).
 *
 * Evaluated by cel-js. Kubernetes' own libraries (isURL, quantity, sum …) are not there: a rule that
 * calls them is refused when its definition is installed, never ignored.
 */

import type { ParseResult } from "@marcbachmann/cel-js";
import { Environment, Optional } from "@marcbachmann/cel-js";
import type { JsonValue } from "./json.ts";
import { isObject } from "./json.ts";
import type { Schema, ValidationRule } from "./resource_type.ts";

const RESERVED = new Set(
  ("true false null in as break const continue else for function if import let loop package " +
    "namespace return var void while").split(" "),
);

let environment: Environment | undefined;

function sharedEnvironment(): Environment {
  environment ??= new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 10_000, maxDepth: 200 },
  }).registerVariable("self", "dyn").registerVariable("oldSelf", "dyn");
  return environment;
}

/** The name under which CEL sees a property (KEP-2876, "escaping"). */
function escapeName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__").replaceAll("/", "__slash__");
}

/** The JSON value as CEL sees it: integers as int, times as timestamps, escaped property names. */
export function celValue(value: JsonValue | undefined, schema: Schema | undefined): unknown {
  if (typeof value === "number") {
    const whole = schema?.type === undefined || schema.type === "integer";
    return whole && Number.isInteger(value) ? BigInt(value) : value;
  }
  if (typeof value === "string") {
    return schema?.format === "date-time" ? new Date(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (!isObject(value)) return value;
  const additional = schema?.additionalProperties;
  const below = typeof additional === "object" ? additional : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const own = schema?.properties?.[key];
      return own === undefined
        ? [key, celValue(child, below)]
        : [escapeName(key), celValue(child, own)];
    }),
  );
}

/** A rule ready to run. */
export interface RuleProgram {
  readonly usesOldSelf: boolean;
  /** @returns undefined when the rule holds, otherwise what to tell the user. */
  run(self: unknown, oldSelf: unknown): string | undefined;
}

function parse(expression: string): ParseResult {
  const parsed = sharedEnvironment().parse(expression);
  const checked = parsed.check();
  if (!checked.valid) throw checked.error ?? new Error("Cannot check the expression");
  return parsed;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

/**
 * Compiles one rule.
 *
 * @throws Error with the parser's or the type checker's words.
 */
export function compileRule(rule: ValidationRule): RuleProgram {
  const program = parse(rule.rule);
  const messageProgram = rule.messageExpression === undefined
    ? undefined
    : parse(rule.messageExpression);
  const fallback = rule.message ?? `failed rule: ${rule.rule.trim()}`;

  function message(context: Record<string, unknown>): string {
    if (messageProgram === undefined) return fallback;
    try {
      const text: unknown = messageProgram(context);
      return typeof text === "string" && text.trim() !== "" ? text : fallback;
    } catch {
      return fallback;
    }
  }

  return {
    usesOldSelf: /\boldSelf\b/.test(rule.rule),
    run(self, oldSelf) {
      const old = rule.optionalOldSelf === true
        ? (oldSelf === undefined ? Optional.none() : Optional.of(oldSelf))
        : oldSelf;
      const context = { self, oldSelf: old };
      try {
        return program(context) === true ? undefined : message(context);
      } catch (error) {
        return `${firstLine(error)} evaluating rule: ${fallback}`;
      }
    },
  };
}
