/**
 * docs/crds.md: every field of every kind, from the schemas that the API server gets.
 */
import { customResourceDefinition } from "../src/api/crd.ts";
import { kindNames } from "../src/api/registry.ts";
import { code, NOTE, table } from "./generate_docs.ts";

const INTRODUCTION =
  `Fields of all kinds. \`[]\` is an element of a list, \`{}\` a value of a map; a field in **bold** is
required where its parent is present. Rules that a schema cannot say are part of the definitions in
[crds/](../crds), and the API server tells them in words.`;

/** What a reader wants to know of a schema; its shape is that of OpenAPI. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly [extension: `x-${string}`]: unknown;
}

interface Row {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The reference, one part for each kind. */
export function resourcesReference(): ReadonlyMap<string, string> {
  const parts = kindNames.map((name) => {
    const { spec } = customResourceDefinition(name);
    const [version] = spec.versions;
    const root = version!.schema.openAPIV3Schema as unknown as Schema;
    const { spec: wanted = {}, status = {} } = root.properties ?? {};
    return [
      `## ${name}`,
      `\`${spec.group}/${version!.name}\`, short name \`${
        spec.names.shortNames[0]
      }\`, in a namespace.`,
      ...paragraphs(wanted),
      "### spec",
      fields(wanted),
      "### status",
      fields(status),
    ].join("\n\n");
  });
  const head = [
    NOTE,
    "# Custom resources",
    INTRODUCTION,
  ];
  return new Map([["docs/crds.md", `${[...head, ...parts].join("\n\n")}\n`]]);
}

function paragraphs({ description }: Schema): readonly string[] {
  return description === undefined ? [] : [plain(description)];
}

function fields(schema: Schema): string {
  const rows = rowsOf(schema, "").map(({ path, schema, required }) => [
    required ? `**${code(path)}**` : code(path),
    typeOf(schema),
    [plain(schema.description ?? ""), limitsOf(schema)].filter((text) => text !== "").join(" "),
  ]);
  return table(["field", "type", "meaning"], rows);
}

function rowsOf(schema: Schema, parent: string): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const path = parent === "" ? name : `${parent}.${name}`;
    const required = schema.required?.includes(name) ?? false;
    return [{ path, schema: child, required }, ...rowsBelow(child, path)];
  });
}

function rowsBelow(schema: Schema, path: string): readonly Row[] {
  if (schema.items !== undefined) return rowsOf(schema.items, `${path}[]`);
  const values = schema.additionalProperties;
  if (typeof values === "object") return rowsOf(values, `${path}{}`);
  return rowsOf(schema, path);
}

function typeOf(schema: Schema): string {
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === "object") {
    return `map of ${typeOf(schema.additionalProperties)}`;
  }
  if (schema["x-kubernetes-int-or-string"]) return "integer or string";
  return schema.type ?? "any";
}

function limitsOf(schema: Schema): string {
  const limits = [
    schema.enum === undefined
      ? ""
      : `one of ${schema.enum.map((one) => code(String(one))).join(", ")}`,
    schema.default === undefined ? "" : `default ${code(JSON.stringify(schema.default))}`,
    rangeOf(schema.minimum, schema.maximum, ""),
    rangeOf(schema.minLength, schema.maxLength, " characters"),
    schema.maxItems === undefined ? "" : `at most ${schema.maxItems} elements`,
  ].filter((text) => text !== "");
  return limits.length === 0 ? "" : `(${limits.join("; ")})`;
}

function rangeOf(from: number | undefined, to: number | undefined, unit: string): string {
  if (from === undefined && to === undefined) return "";
  if (to === undefined || to >= Number.MAX_SAFE_INTEGER) return `at least ${from ?? 0}${unit}`;
  return from === undefined ? `at most ${to}${unit}` : `${from} to ${to}${unit}`;
}

/** A description without what Markdown would take for its own. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().replaceAll(/[|*_<>[\]]/g, "\\$&");
}
