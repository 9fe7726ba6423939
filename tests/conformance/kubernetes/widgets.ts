/**
 * The kind Widget: a definition with one field for each thing that a definition can ask for.
 */
import type { TestObject } from "../../support/builders.ts";

const SPEC_SCHEMA = {
  type: "object",
  required: ["color"],
  "x-kubernetes-validations": [
    { rule: "!has(self.size) || self.size < 100", message: "size must be below 100" },
  ],
  properties: {
    color: { type: "string", enum: ["red", "green"] },
    size: { type: "integer", minimum: 1, default: 3 },
    label: { type: "string", pattern: "^[a-z]+$", maxLength: 8 },
    fixed: {
      type: "string",
      "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "fixed cannot be changed" }],
    },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    atomic: { type: "array", items: { type: "string" } },
    set: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
    nothing: { type: "string", nullable: true },
    count: { "x-kubernetes-int-or-string": true },
  },
};

const STATUS_SCHEMA = {
  type: "object",
  properties: {
    observedGeneration: { type: "integer" },
    conditions: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
      items: {
        type: "object",
        required: ["type", "status"],
        properties: {
          type: { type: "string" },
          status: { type: "string", enum: ["True", "False", "Unknown"] },
          reason: { type: "string" },
        },
      },
    },
  },
};

/** A definition like Widget's under other names. */
export function widgetDefinition(plural: string, kind: string): TestObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.conformance.example.dev` },
    spec: {
      group: "conformance.example.dev",
      scope: "Namespaced",
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        selectableFields: [{ jsonPath: ".spec.color" }],
        additionalPrinterColumns: [{ name: "Color", type: "string", jsonPath: ".spec.color" }],
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: SPEC_SCHEMA, status: STATUS_SCHEMA },
          },
        },
      }],
    },
  };
}

/** A Widget. */
export function aWidget(name: string, spec: TestObject = {}, metadata: TestObject = {}) {
  return {
    apiVersion: "conformance.example.dev/v1",
    kind: "Widget",
    metadata: { name, ...metadata },
    spec: { color: "red", ...spec },
  };
}

/** Content of an apply of conditions to a Widget's status. */
export function conditionsOf(name: string, ...conditions: readonly TestObject[]): TestObject {
  return {
    apiVersion: "conformance.example.dev/v1",
    kind: "Widget",
    metadata: { name },
    status: { conditions },
  };
}
