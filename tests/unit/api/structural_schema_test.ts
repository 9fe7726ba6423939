import { z } from "zod";
import { assertEquals, assertThrows } from "@std/assert";
import { immutable, newValueRules, text } from "../../../src/api/schema.ts";
import { structuralSchema } from "../../../src/api/structural_schema.ts";

const rule = { rule: "self != 'a' && size(self) > 1", message: "not a" };

Deno.test("a rule for new values is skipped for old values and for objects with a status", () => {
  const schema = z.object({
    optional: z.object({ name: text("Name.", 9).meta(newValueRules(rule)) }).exactOptional(),
  });
  const { schema: converted, objectRules } = structuralSchema("spec", schema);
  const name = converted.properties?.["optional"]?.properties?.["name"];
  assertEquals(name?.["x-kubernetes-validations"], [
    { ...rule, rule: "self == oldSelf || self != 'a' && size(self) > 1" },
  ]);
  assertEquals(objectRules, [{
    message: "not a",
    rule: "has(self.status) || !has(self.spec) || !has(self.spec.optional) || " +
      "self.spec.optional.name != 'a' && size(self.spec.optional.name) > 1",
    fieldPath: ".spec.optional.name",
  }]);
});

Deno.test("a rule for new values of an object is skipped where the object broke it before", () => {
  const both = { rule: "!has(self.a)", message: "no a", fieldPath: ".a" };
  const schema = z.object({ a: text("A.", 9).exactOptional() }).meta(newValueRules(both));
  const { schema: converted, objectRules } = structuralSchema("spec", schema);
  assertEquals(converted["x-kubernetes-validations"], [
    { ...both, rule: "!(!has(oldSelf.a)) || !has(self.a)" },
  ]);
  assertEquals(objectRules.map(({ fieldPath }) => fieldPath), [".spec.a"]);
});

Deno.test("a rule for new values of an immutable field is not repeated for changes", () => {
  const field = text("Name.", 9).meta({ ...immutable("fixed"), ...newValueRules(rule) });
  const { schema, objectRules } = structuralSchema("spec", z.object({ name: field }));
  assertEquals(schema.properties?.["name"]?.["x-kubernetes-validations"], [
    { rule: "self == oldSelf", message: "fixed" },
  ]);
  assertEquals(objectRules.length, 1);
});

Deno.test("a rule for new values inside a list is refused", () => {
  const schema = z.object({ list: z.array(text("Item.", 9).meta(newValueRules(rule))) });
  assertThrows(() => structuralSchema("spec", schema), Error, "inside a list or map");
});

Deno.test("a schema that a structural schema cannot hold is refused with its place", () => {
  const schema = z.object({ either: z.union([z.string(), z.int()]) });
  assertThrows(
    () => structuralSchema("spec", schema),
    Error,
    'Cannot convert self.spec.either: keyword "anyOf"',
  );
});

Deno.test("unknown fields are neither refused nor kept, unless the field says so", () => {
  const schema = z.object({
    closed: z.strictObject({ a: z.boolean() }),
    open: z.record(z.string(), z.unknown()).meta({ "x-kubernetes-preserve-unknown-fields": true }),
  });
  const { properties } = structuralSchema("spec", schema).schema;
  assertEquals(Object.keys(properties?.["closed"] ?? {}), ["type", "required", "properties"]);
  assertEquals(properties?.["open"], {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
  });
});
