/**
 * Objects as the predecessor left them in a cluster (recorded from its version 0.2.4).
 */
import { assert, assertEquals } from "@std/assert";
import { type KindName, kinds } from "../../../src/api/registry.ts";
import type { StructuralSchema } from "../../../src/api/structural_schema.ts";
import objects from "../../support/predecessor_objects.json" with { type: "json" };
import { rootSchemaOf, validatorOf } from "./validator.ts";

for (const { kind, name, spec, status } of objects) {
  const definition = kinds[kind as KindName];

  Deno.test(`stored ${kind} "${name}" is valid under the definition, without any change`, () => {
    const object = structuredClone({ spec, status });
    const validate = validatorOf(definition.kind);
    assert(validate(object), JSON.stringify(validate.errors));
    assertEquals(object as unknown, { spec, status });
  });

  Deno.test(`stored ${kind} "${name}" is parsed without any loss`, () => {
    assertEquals(definition.specSchema.parse(spec), spec as unknown);
    assertEquals(definition.statusSchema.parse(status), status as unknown);
  });

  Deno.test(`stored ${kind} "${name}" loses no field to pruning`, () => {
    assertEquals(pruned({ spec, status }, rootSchemaOf(definition.kind)), []);
  });
}

/** Paths of fields that the API server would drop. */
function pruned(value: unknown, schema: StructuralSchema, path = ""): readonly string[] {
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item) => schema.items ? pruned(item, schema.items, `${path}[]`) : [path]);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = schema.properties?.[name] ?? schema.additionalProperties;
    return field ? pruned(inner, field, `${path}.${name}`) : [`${path}.${name}`];
  });
}
