/**
 * Registry → CustomResourceDefinition. What is in crds/ is this, written as YAML.
 */
import { GROUP, VERSION } from "./common.ts";
import { type KindDefinition, type KindName, kinds } from "./registry.ts";
import type { ValidationRule } from "./schema.ts";
import { type StructuralSchema, structuralSchema } from "./structural_schema.ts";

/** The part of `apiextensions.k8s.io/v1` that we write. */
export interface CustomResourceDefinition {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly scope: "Namespaced";
    readonly versions: readonly CustomResourceDefinitionVersion[];
  };
}

/** One version of a definition. */
export interface CustomResourceDefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly additionalPrinterColumns: readonly Readonly<Record<string, string>>[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly subresources: { readonly status: Readonly<Record<string, never>> };
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
}

/** The definition of one kind; a new object at each call. */
export function customResourceDefinition(name: KindName): CustomResourceDefinition {
  const kind = kinds[name];
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: {
        kind: kind.kind,
        listKind: kind.listKind,
        plural: kind.plural,
        singular: kind.singular,
        shortNames: [kind.shortName],
        categories: ["s3", "wasabi"],
      },
      scope: "Namespaced",
      versions: [{
        name: VERSION,
        served: true,
        storage: true,
        additionalPrinterColumns: kind.printerColumns.map((column) => ({ ...column })),
        ...selectableFields(kind),
        subresources: { status: {} },
        schema: { openAPIV3Schema: rootSchema(kind) },
      }],
    },
  };
}

/** API servers before this minor version refuse selectableFields, which they do not know (KEP-4358). */
const KNOWS_SELECTABLE_FIELDS = 30;

/**
 * A definition without what an older API server would refuse.
 *
 * @param options.kubernetesMinor minor version of the API server, such as 29
 */
export function fitDefinition(
  definition: CustomResourceDefinition,
  { kubernetesMinor }: { readonly kubernetesMinor: number },
): CustomResourceDefinition {
  if (kubernetesMinor >= KNOWS_SELECTABLE_FIELDS) return definition;
  const versions = definition.spec.versions.map(({ selectableFields: _unknown, ...rest }) => rest);
  return { ...definition, spec: { ...definition.spec, versions } };
}

function selectableFields(kind: KindDefinition) {
  if (kind.selectableFields.length === 0) return {};
  return { selectableFields: kind.selectableFields.map((jsonPath) => ({ jsonPath })) };
}

function rootSchema(kind: KindDefinition): StructuralSchema {
  const spec = structuralSchema("spec", kind.specSchema);
  const status = structuralSchema("status", kind.statusSchema);
  return {
    description: kind.description,
    type: "object",
    "x-kubernetes-validations": [keepSpec(), ...spec.objectRules],
    // Not required: the predecessor admitted objects without a spec, and they must stay editable.
    properties: { spec: spec.schema, status: status.schema },
  };
}

/** Without this rule, removing the spec and writing another would change immutable fields. */
function keepSpec(): ValidationRule {
  return {
    rule: "!has(oldSelf.spec) || has(self.spec)",
    message: "spec cannot be removed: delete the object instead",
    fieldPath: ".spec",
  };
}
