import { assertEquals } from "@std/assert";
import { type KindName, kindNames, kinds } from "../../../src/api/registry.ts";
import type { StructuralSchema } from "../../../src/api/structural_schema.ts";
import { validSpecs } from "../../conformance/crd_rule_builders.ts";
import { fieldsOf, rootSchemaOf, validatorOf } from "./validator.ts";

/** Fields without a bound, each with the reason. */
const ANY_JSON = "any JSON: a schema without a type cannot bound it; the size of the request does";
const UNBOUNDED: Readonly<Record<string, string>> = {
  ...anyJson("BucketPolicy", ["principal", "notPrincipal"]),
  ...anyJson("BucketPolicy", ["action", "notAction", "resource", "notResource"]),
  ...anyJson("IAMPolicy", ["action", "notAction", "resource", "notResource"]),
  "AccessKey spec.policy": "has no fields: the API server drops what is inside",
};

function anyJson(kind: string, fields: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.map((field) => [`${kind} spec.policy.statement[].${field}`, ANY_JSON]),
  );
}

/** Keywords that a structural schema may use here. */
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
  "maxItems",
  "maxProperties",
  "required",
  "allOf",
  "properties",
  "items",
  "additionalProperties",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-validations",
];

function isBounded(schema: StructuralSchema): boolean {
  switch (schema.type) {
    case "string":
      return schema["enum"] !== undefined || schema["maxLength"] !== undefined;
    case "array":
      return schema["maxItems"] !== undefined;
    case "integer":
      return schema["format"] !== undefined && schema["minimum"] !== undefined;
    case "boolean":
      return true;
    case "object":
      return schema.properties !== undefined || schema["maxProperties"] !== undefined;
    default:
      return false;
  }
}

for (const kind of kindNames) {
  Deno.test(`${kind}: every field has a description that ends as a sentence`, () => {
    const bad = fieldsOf(kind)
      .filter(({ schema }) => !/^[A-Zhw"*].*\.$/.test(schema.description ?? ""))
      .map(({ path }) => path);
    assertEquals(bad, []);
  });

  Deno.test(`${kind}: every field has a bound or a reason to have none`, () => {
    const bad = fieldsOf(kind)
      .filter(({ path, schema }) => !isBounded(schema) && !UNBOUNDED[`${kind} ${path}`])
      .map(({ path }) => path);
    assertEquals(bad, []);
  });

  Deno.test(`${kind}: no field uses a keyword that a structural schema refuses`, () => {
    const bad = fieldsOf(kind).flatMap(({ path, schema }) =>
      Object.keys(schema).filter((keyword) => !KEYWORDS.includes(keyword))
        .map((keyword) => `${path}: ${keyword}`)
    );
    assertEquals(bad, []);
  });

  Deno.test(`${kind}: patterns are anchored at both ends`, () => {
    const patterns = fieldsOf(kind).map(({ schema }) => schema["pattern"])
      .filter((pattern): pattern is string => pattern !== undefined);
    assertEquals(patterns.filter((pattern) => !/^\^.*\$$/.test(pattern)), []);
  });

  Deno.test(`${kind}: no object-valued field has a default`, () => {
    const bad = fieldsOf(kind)
      .filter(({ schema }) => typeof schema["default"] === "object")
      .map(({ path }) => path);
    assertEquals(bad, []);
  });

  Deno.test(`${kind}: spec is not required and conditions are merged by type`, () => {
    const root = rootSchemaOf(kind);
    const conditions = root.properties?.["status"]?.properties?.["conditions"];
    assertEquals(root.required, undefined);
    assertEquals(conditions?.["x-kubernetes-list-type"], "map");
    assertEquals(conditions?.["x-kubernetes-list-map-keys"], ["type"]);
    assertEquals(conditions?.items?.required, ["type"]);
  });

  Deno.test(`${kind}: the parser fills in the same defaults as the API server`, () => {
    assertEquals(parsed(kind, validSpecs[kind]), defaulted(kind, validSpecs[kind]));
  });

  Deno.test(`${kind}: selectable fields and columns name fields of the schema`, () => {
    const paths = fieldsOf(kind).map(({ path }) => `.${path}`);
    const named = [
      ...kinds[kind].selectableFields,
      ...kinds[kind].printerColumns.map((column) => column.jsonPath),
    ].filter((path) => !path.startsWith(".metadata.") && !path.includes("[?("));
    assertEquals(named.filter((path) => !paths.includes(path)), []);
  });
}

Deno.test("empty nested objects get the same defaults from parser and API server", () => {
  const nested = {
    autoManage: { rotation: {} },
    versioning: {},
    encryption: {},
    publicAccess: {},
    lifecycle: { rules: [{ id: "a" }] },
    cors: { rules: [{ allowedOrigins: ["*"], allowedMethods: ["GET"] }] },
    tagging: {},
  };
  const spec = { ...validSpecs.Bucket, ...nested };
  assertEquals(parsed("Bucket", spec), defaulted("Bucket", spec));
});

function parsed(kind: KindName, spec: unknown): unknown {
  return kinds[kind].specSchema.parse(spec);
}

function defaulted(kind: KindName, spec: unknown): unknown {
  // Not structuredClone: it keeps objects shared, and a default would appear in both places.
  const object = JSON.parse(JSON.stringify({ spec }));
  const validate = validatorOf(kind);
  assertEquals(validate(object), true, JSON.stringify(validate.errors));
  return object.spec;
}
