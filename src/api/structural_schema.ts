/**
 * zod → structural schema, the subset of OpenAPI v3 that a CustomResourceDefinition may hold
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 * #specifying-a-structural-schema).
 */
import { z } from "zod";
import { IMMUTABLE, NEW_VALUE_RULES, type ValidationRule } from "./schema.ts";

/** A structural schema; only the parts that we look into are named. */
export interface StructuralSchema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
  readonly [keyword: string]: unknown;
}

/** A schema, and the rules that its newValueRules put on the whole object. */
export interface ConvertedSchema {
  readonly schema: StructuralSchema;
  readonly objectRules: readonly ValidationRule[];
}

/** What the conversion of a field must know about its place. */
interface Place {
  /** CEL expression of the field, such as `self.spec.endpoint`. */
  readonly expression: string;
  /** CEL conditions under which the field is absent. */
  readonly absent: readonly string[];
  readonly objectRules: ValidationRule[];
}

type JsonSchema = Readonly<Record<string, unknown>>;

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const VALIDATIONS = "x-kubernetes-validations";

/** Keywords in the order in which a reader of the YAML looks for them. */
const KEYWORDS = [
  "description",
  "type",
  "format",
  "default",
  "enum",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "required",
  "allOf",
  PRESERVE,
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
  VALIDATIONS,
];

/**
 * Converts the schema of the field `name` of a custom resource (`spec` or `status`).
 *
 * Throws where the zod schema says something that a structural schema cannot.
 */
export function structuralSchema(name: string, schema: z.ZodType): ConvertedSchema {
  const json = z.toJSONSchema(schema, {
    io: "input",
    target: "openapi-3.0",
    reused: "inline",
    unrepresentable: "any",
  });
  const expression = `self.${name}`;
  const objectRules: ValidationRule[] = [];
  const place = { expression, absent: [`!has(${expression})`], objectRules };

  return { schema: convert(json as JsonSchema, place), objectRules };
}

function convert(json: JsonSchema, place: Place): StructuralSchema {
  refuseUnknown(json, place);
  const result: Record<string, unknown> = {};
  for (const keyword of KEYWORDS) {
    if (json[keyword] !== undefined && !isUnbounded(json[keyword])) result[keyword] = json[keyword];
  }

  const fieldRules = convertRules(json, place);
  if (fieldRules.length > 0) result[VALIDATIONS] = fieldRules;

  const properties = Object.entries((json["properties"] ?? {}) as Record<string, JsonSchema>);
  if (properties.length > 0) {
    const required = (json["required"] ?? []) as readonly string[];
    result["properties"] = Object.fromEntries(
      properties.map(([name, field]) => [
        name,
        convert(field, inside(place, name, required.includes(name))),
      ]),
    );
  }

  for (const keyword of ["items", "additionalProperties"]) {
    const inner = json[keyword];
    if (json[PRESERVE] === true || typeof inner !== "object" || inner === null) continue;
    result[keyword] = convert(inner as JsonSchema, { ...place, expression: "" });
  }
  return result;
}

function inside(place: Place, name: string, required: boolean): Place {
  if (place.expression === "") return place;
  const expression = `${place.expression}.${name}`;
  const absent = required ? place.absent : [...place.absent, `!has(${expression})`];
  return { ...place, expression, absent };
}

/** zod writes the limits of safe integers where there is no bound. */
function isUnbounded(value: unknown): boolean {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;
}

function refuseUnknown(json: JsonSchema, place: Place): void {
  const known = [...KEYWORDS, "properties", "items", "additionalProperties", NEW_VALUE_RULES];
  const unknown = Object.keys(json).filter((keyword) => !known.includes(keyword));
  if (unknown.length === 0) return;
  throw new Error(
    `Cannot convert ${place.expression || "item"}: keyword "${unknown.join('", "')}"`,
  );
}

function convertRules(json: JsonSchema, place: Place): readonly ValidationRule[] {
  const plain = (json[VALIDATIONS] ?? []) as readonly ValidationRule[];
  const forNewValues = (json[NEW_VALUE_RULES] ?? []) as readonly ValidationRule[];
  if (forNewValues.length > 0 && place.expression === "") {
    throw new Error("Cannot convert rules for new values: they are inside a list or map");
  }

  place.objectRules.push(...forNewValues.map((rule) => ruleForNewObjects(rule, place)));
  if (plain.some((rule) => rule.rule === IMMUTABLE)) return plain;
  return [
    ...plain,
    ...forNewValues.map((rule) => ruleForChanges(rule, { isObject: json["type"] === "object" })),
  ];
}

/** On the whole object: skipped as soon as the operator has seen the object. */
function ruleForNewObjects(rule: ValidationRule, place: Place): ValidationRule {
  const alternatives = ["has(self.status)", ...place.absent];
  return {
    rule: [...alternatives, about(place.expression, rule)].join(" || "),
    message: rule.message,
    fieldPath: place.expression.replace(/^self/, "") + (rule.fieldPath ?? ""),
  };
}

/** On the field: a value, or an object that broke the rule before, may stay as it is. */
function ruleForChanges(rule: ValidationRule, options: { isObject: boolean }): ValidationRule {
  const exception = options.isObject ? `!(${about("oldSelf", rule)})` : "self == oldSelf";
  return { ...rule, rule: `${exception} || ${about("self", rule)}` };
}

/** The rule about another value, fit to stand beside `||`, which binds tighter than `?`. */
function about(expression: string, { rule }: ValidationRule): string {
  const text = rule.replaceAll(/\bself\b/g, expression);
  return rule.includes(" ? ") ? `(${text})` : text;
}
