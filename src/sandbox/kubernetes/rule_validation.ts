/** Runs the CEL rules of a schema at each level where they stand. */

import type { JsonValue } from "./json.ts";
import { equalJson, isObject, objectOr } from "./json.ts";
import type { ObjectChange, Schema, ValidationRule } from "./resource_type.ts";
import type { RuleProgram } from "./rule_program.ts";
import { celValue, compileRule } from "./rule_program.ts";
import type { FieldError } from "./status_error.ts";

const programs = new WeakMap<ValidationRule, RuleProgram>();
const schemasWithRules = new WeakMap<Schema, boolean>();

/** The rules that stand at this level. */
function rulesOf(schema: Schema): readonly ValidationRule[] {
  const rules = schema["x-kubernetes-validations"];
  return Array.isArray(rules) ? rules : [];
}

/** The compiled rule, compiled once. */
function programOf(rule: ValidationRule): RuleProgram {
  let program = programs.get(rule);
  if (program === undefined) {
    program = compileRule(rule);
    programs.set(rule, program);
  }
  return program;
}

function children(schema: Schema): Schema[] {
  const found = Object.values(schema.properties ?? {});
  if (schema.items !== undefined) found.push(schema.items);
  if (typeof schema.additionalProperties === "object") found.push(schema.additionalProperties);
  return found;
}

function hasRules(schema: Schema): boolean {
  let known = schemasWithRules.get(schema);
  if (known === undefined) {
    known = rulesOf(schema).length > 0 || children(schema).some(hasRules);
    schemasWithRules.set(schema, known);
  }
  return known;
}

/** The item of `oldItems` that is the same as `item` by the list's keys, if it is a list map. */
export function correlated(
  schema: Schema,
  { item, oldItems }: { readonly item: JsonValue; readonly oldItems: JsonValue | undefined },
): JsonValue | undefined {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(keys)) return undefined;
  if (!Array.isArray(oldItems)) return undefined;
  return oldItems.find((old) =>
    keys.every((key: string) => equalJson(objectOr(old)[key], objectOr(item)[key]))
  );
}

interface Level {
  readonly schema: Schema;
  readonly value: JsonValue;
  readonly old: JsonValue | undefined;
  readonly path: string;
}

function checkLevel(level: Level, errors: FieldError[]): void {
  const { schema, value, old, path } = level;
  const rules = rulesOf(schema);
  if (rules.length === 0) return;
  const self = celValue(value, schema);
  const oldSelf = old === undefined ? undefined : celValue(old, schema);
  const unchanged = old !== undefined && equalJson(old, value);
  for (const rule of rules) {
    const program = programOf(rule);
    const transition = program.usesOldSelf && rule.optionalOldSelf !== true;
    if (transition && old === undefined) continue;
    // Ratcheting: an unchanged value may break rules that came after it (KEP-4008).
    if (!program.usesOldSelf && unchanged) continue;
    const message = program.run(self, oldSelf);
    if (message === undefined) continue;
    errors.push(ruleError(rule, { field: `${path}${rule.fieldPath ?? ""}`, value, message }));
  }
}

function ruleError(
  rule: ValidationRule,
  options: { readonly field: string; readonly value: JsonValue; readonly message: string },
): FieldError {
  const { message } = options;
  const field = options.field === "" ? "<nil>" : options.field.replace(/^\./, "");
  const reason = rule.reason ?? "FieldValueInvalid";
  if (reason === "FieldValueForbidden") return { reason, field, text: `Forbidden: ${message}` };
  if (reason === "FieldValueRequired") return { reason, field, text: `Required value: ${message}` };
  if (reason === "FieldValueDuplicate") {
    return { reason, field, text: `Duplicate value: ${JSON.stringify(options.value)}` };
  }
  // The real server shows scalars but no objects and no lists.
  const isScalar = typeof options.value !== "object";
  const shown = isScalar ? `${JSON.stringify(options.value)}: ` : "";
  return { reason, field, text: `Invalid value: ${shown}${message}` };
}

function visit(level: Level, errors: FieldError[]): void {
  const { schema, value, old, path } = level;
  if (value === null || !hasRules(schema)) return;
  checkLevel(level, errors);
  if (Array.isArray(value)) {
    const items = schema.items;
    if (items === undefined) return;
    value.forEach((item, index) => {
      const same = correlated(schema, { item, oldItems: old });
      visit({ schema: items, value: item, old: same, path: `${path}[${index}]` }, errors);
    });
    return;
  }
  if (!isObject(value)) return;
  const additional = schema.additionalProperties;
  for (const [key, child] of Object.entries(value)) {
    const own = schema.properties?.[key];
    const below = own ?? (typeof additional === "object" ? additional : undefined);
    if (below === undefined) continue;
    const childPath = own === undefined ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    visit({ schema: below, value: child, old: objectOr(old)[key], path: childPath }, errors);
  }
}

/** The rules that the object breaks; transition rules count only where there is an old value. */
export function validateRules(
  schema: Schema,
  { object, previous }: ObjectChange,
): FieldError[] {
  const errors: FieldError[] = [];
  visit({ schema, value: object, old: previous, path: "" }, errors);
  return errors;
}
