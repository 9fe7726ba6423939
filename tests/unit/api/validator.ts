/**
 * Validates objects against the generated definitions, as the API server does before it looks at
 * CEL: defaults first, then types, bounds, patterns and formats.
 */
import { Ajv, type ValidateFunction } from "ajv";
import { customResourceDefinition } from "../../../src/api/crd.ts";
import type { KindName } from "../../../src/api/registry.ts";
import type { StructuralSchema } from "../../../src/api/structural_schema.ts";

/** The root schema of a kind. */
export function rootSchemaOf(kind: KindName): StructuralSchema {
  const version = customResourceDefinition(kind).spec.versions[0];
  if (version === undefined) throw new Error(`Cannot read definition: ${kind} has no version`);
  return version.schema.openAPIV3Schema;
}

/** A function that fills in defaults and says whether the object is valid. */
export function validatorOf(kind: KindName): ValidateFunction {
  const ajv = new Ajv({
    strict: false,
    useDefaults: true,
    allErrors: true,
    formats: {
      "date-time": (value: string) => !Number.isNaN(Date.parse(value)),
      date: /^\d{4}-\d{2}-\d{2}$/,
      uri: URL.canParse,
      int32: { type: "number", validate: (value: number) => Math.abs(value) < 2 ** 31 },
      int64: { type: "number", validate: Number.isSafeInteger },
    },
  });
  return ajv.compile(rootSchemaOf(kind));
}

/** One field of a schema. */
export interface Field {
  /** Such as `spec.lifecycle.rules[].id`; map values end in `{}`. */
  readonly path: string;
  readonly schema: StructuralSchema;
  readonly required: boolean;
}

/** All fields of a kind, items and map values included, parents first. */
export function fieldsOf(kind: KindName): readonly Field[] {
  return walk({ path: "", schema: rootSchemaOf(kind), required: true });
}

function walk(field: Field): readonly Field[] {
  const { path, schema } = field;
  const required = schema.required ?? [];
  const inner: Field[] = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    path: path === "" ? name : `${path}.${name}`,
    schema: property,
    required: required.includes(name),
  }));
  if (schema.items) inner.push({ path: `${path}[]`, schema: schema.items, required: true });
  if (schema.additionalProperties) {
    inner.push({ path: `${path}{}`, schema: schema.additionalProperties, required: true });
  }
  return [field, ...inner.flatMap(walk)];
}
