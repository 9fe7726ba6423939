/** What the server demands of a CustomResourceDefinition before it installs it. */

import type { JsonObject } from "./json.ts";
import { isObject, listOr, objectOr, stringOr, valueAt } from "./json.ts";
import { nameOf } from "./object_meta.ts";
import type { Schema, ValidationRule } from "./resource_type.ts";
import { compileRule } from "./rule_program.ts";
import type { FieldError } from "./status_error.ts";
import { invalidValue, requiredValue } from "./status_error.ts";

function ruleErrors(schema: Schema, path: string): FieldError[] {
  const rules = schema["x-kubernetes-validations"];
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: ValidationRule, index) => {
    try {
      compileRule(rule);
      return [];
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const field = `${path}.x-kubernetes-validations[${index}].rule`;
      return [
        invalidValue(field, {
          value: rule.rule ?? "",
          detail: `compilation failed: ERROR: ${words}`,
        }),
      ];
    }
  });
}

function schemaErrors(schema: Schema, path: string): FieldError[] {
  const errors = ruleErrors(schema, path);
  const untyped = schema.type === undefined && schema["x-kubernetes-int-or-string"] !== true &&
    schema["x-kubernetes-preserve-unknown-fields"] !== true;
  if (untyped) {
    errors.push(requiredValue(`${path}.type`, "must not be empty for specified object fields"));
  }
  const listType = schema["x-kubernetes-list-type"];
  if (listType === "map" && listOr(schema["x-kubernetes-list-map-keys"] as never).length === 0) {
    const field = `${path}.x-kubernetes-list-map-keys`;
    errors.push(requiredValue(field, "must not be empty if x-kubernetes-list-type is map"));
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (!isObject(child)) continue;
    errors.push(...schemaErrors(child as Schema, `${path}.properties[${name}]`));
  }
  if (schema.items !== undefined) errors.push(...schemaErrors(schema.items, `${path}.items`));
  if (typeof schema.additionalProperties === "object") {
    errors.push(...schemaErrors(schema.additionalProperties, `${path}.additionalProperties`));
  }
  return errors;
}

function versionErrors(version: JsonObject, path: string): FieldError[] {
  const schema = valueAt(version, "schema.openAPIV3Schema");
  if (!isObject(schema)) {
    return [requiredValue(`${path}.schema.openAPIV3Schema`, "schemas are required")];
  }
  const schemaPath = `${path}.schema.openAPIV3Schema`;
  if (schema["type"] !== "object") {
    return [
      invalidValue(`${schemaPath}.type`, {
        value: schema["type"] ?? "",
        detail: "must be object at the root",
      }),
    ];
  }
  return schemaErrors(schema as Schema, schemaPath);
}

/** Faults of a definition that would make the real server refuse it. */
export function validateDefinition(definition: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const spec = objectOr(definition["spec"]);
  const names = objectOr(spec["names"]);
  const wanted = `${stringOr(names["plural"])}.${stringOr(spec["group"])}`;
  if (nameOf(definition) !== wanted) {
    const detail = `must be spec.names.plural+"."+spec.group`;
    errors.push(invalidValue("metadata.name", { value: nameOf(definition), detail }));
  }
  for (const name of ["plural", "singular", "kind", "listKind"]) {
    if (stringOr(names[name]) === "") errors.push(requiredValue(`spec.names.${name}`));
  }
  const scope = spec["scope"];
  if (scope !== "Namespaced" && scope !== "Cluster") errors.push(requiredValue("spec.scope"));
  const versions = listOr(spec["versions"]).map(objectOr);
  if (versions.filter((version) => version["storage"] === true).length !== 1) {
    const detail = "must have exactly one version marked as storage version";
    errors.push(
      invalidValue("spec.versions", {
        value: versions.map((version) => version["name"] ?? ""),
        detail,
      }),
    );
  }
  versions.forEach((version, index) => {
    errors.push(...versionErrors(version, `spec.versions[${index}]`));
  });
  return errors;
}
