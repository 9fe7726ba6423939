/**
 * What is generated into chart/: the definitions of the custom resources, the schema of the values,
 * its README, and its defaults as a file that templates can read.
 */
import { isMap, isPair, isScalar, type Pair, parseDocument, stringify, type YAMLMap } from "yaml";
import { ROOT } from "./files.ts";
import type { GeneratedFiles } from "./generate.ts";

/** One value of the chart. */
interface Value {
  readonly path: readonly string[];
  readonly content: unknown;
  readonly description: string;
}

type Schema = Readonly<Record<string, unknown>>;

/** What a type alone does not say. */
const RULES: Readonly<Record<string, Schema>> = {
  replicaCount: { minimum: 0, maximum: 10 },
  "image.pullPolicy": { enum: ["Always", "IfNotPresent", "Never"] },
  "operator.watchScope": { enum: ["", "namespaced", "cluster"] },
  "operator.logLevel": { pattern: "^(?i:debug|info|warning|error)$" },
  "operator.metricsPort": { minimum: 1024, maximum: 65535 },
  "operator.driftCheckIntervalSeconds": { minimum: 1, maximum: 86400 },
  "operator.probeIntervalSeconds": { minimum: 1, maximum: 86400 },
  "operator.rateLimitPerSecond": { type: "number", minimum: 0.1 },
  // Empty stands for none, and `helm --set` gives a fraction as a string.
  "operator.iamRateLimitPerSecond": {
    type: ["number", "string"],
    minimum: 0.1,
    pattern: "^([0-9]+(\\.[0-9]+)?)?$",
  },
  "operator.workers": { minimum: 1, maximum: 64 },
  "operator.watchNamespaces": { items: { type: "string" } },
  "operator.extraEnv": { items: { type: "object", required: ["name"] } },
  imagePullSecrets: { items: { type: "object" } },
  "rbac.preset": { enum: ["minimal", "cluster", "namespaced", "split"] },
  updateStrategy: { enum: ["RollingUpdate", "Recreate"] },
  "podDisruptionBudget.maxUnavailable": { type: ["integer", "string"] },
  "networkPolicy.egressPorts": { items: { type: "integer", minimum: 1, maximum: 65535 } },
  "service.type": { enum: ["ClusterIP", "NodePort", "LoadBalancer"] },
  "service.port": { minimum: 1, maximum: 65535 },
};

/** Maps that users fill as they like. */
const FREE = new Set([
  "serviceAccount.annotations",
  "resources",
  "securityContext",
  "containerSecurityContext",
  "livenessProbe",
  "readinessProbe",
  "nodeSelector",
  "affinity",
  "serviceMonitor.labels",
  "labels",
  "podLabels",
  "annotations",
]);

/** The copies of the definitions that the chart installs. */
export function chartDefinitions(definitions: GeneratedFiles): GeneratedFiles {
  return new Map(
    [...definitions].map((
      [path, content],
    ) => [path.replace(/^crds\//, "chart/files/crds/"), content]),
  );
}

/** README, schema and defaults of the chart. */
export async function chartReferences(): Promise<GeneratedFiles> {
  const text = await Deno.readTextFile(`${ROOT}chart/values.yaml`);
  const document = parseDocument(text);
  const root = document.contents as YAMLMap;
  return new Map([
    ["chart/values.schema.json", `${JSON.stringify(schemaOfRoot(root), undefined, 2)}\n`],
    ["chart/README.md", readme(valuesOf(root, []))],
    ["chart/files/defaults.yaml", stringify(document.toJSON())],
  ]);
}

function schemaOfRoot(root: YAMLMap): Schema {
  return {
    $schema: "https://json-schema.org/draft-07/schema#",
    title: "Values of the wasabi-s3-operator chart",
    ...schemaOfMap(root, []),
  };
}

function schemaOfMap(map: YAMLMap, path: readonly string[]): Schema {
  const entries = map.items.filter(isPair).map((pair) => {
    const key = keyOf(pair);
    return [key, schemaOf(pair.value, [...path, key])] as const;
  });
  const properties = Object.fromEntries(entries);
  const shared = path.length === 0 ? { global: { type: "object" } } : {};
  return { type: "object", properties: { ...properties, ...shared }, additionalProperties: false };
}

function schemaOf(node: unknown, path: readonly string[]): Schema {
  const name = path.join(".");
  if (isMap(node) && !FREE.has(name)) return schemaOfMap(node as YAMLMap, path);
  return { type: typeOf(isScalar(node) ? node.value : (node as YAMLMap).toJSON()), ...RULES[name] };
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return "integer";
  return typeof value === "object" ? "object" : typeof value;
}

function valuesOf(map: YAMLMap, path: readonly string[]): readonly Value[] {
  return map.items.filter(isPair).flatMap((pair, index) => {
    const inner = [...path, keyOf(pair)];
    // The comment above a map's first key belongs to the map, as the parser sees it.
    const above = index === 0 && path.length > 0 ? map.commentBefore : undefined;
    const description = descriptionIn(above ?? commentAbove(pair));
    const isGroup = isMap(pair.value) && !FREE.has(inner.join("."));
    if (isGroup) return valuesOf(pair.value as YAMLMap, inner);
    if (isMap(pair.value) && description === "") return valuesOf(pair.value as YAMLMap, inner);
    const content = isScalar(pair.value) ? pair.value.value : (pair.value as YAMLMap).toJSON();
    return [{ path: inner, content, description }];
  });
}

function keyOf(pair: Pair): string {
  return String((pair.key as { readonly value: unknown }).value);
}

function commentAbove(pair: Pair): string | null | undefined {
  return (pair.key as { readonly commentBefore?: string | null }).commentBefore;
}

/** The comment from `--` on; without it the value would be undocumented. */
function descriptionIn(comment: string | null | undefined): string {
  const [, text = ""] = (comment ?? "").split(/^\s*-- /m);
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

function readme(values: readonly Value[]): string {
  const missing = values.filter(({ description }) => description === "");
  if (missing.length > 0) {
    const names = missing.map(({ path }) => path.join(".")).join(", ");
    throw new Error(`Cannot document values of the chart: no comment at ${names}`);
  }
  const rows = values.map(({ path, content, description }) =>
    `| \`${path.join(".")}\` | \`${JSON.stringify(content)}\` | ${description} |`
  );
  return `<!-- Generated from chart/values.yaml by \`deno task generate\`; changes here are lost. -->

# wasabi-s3-operator

Buckets, users, policies and access keys of Wasabi and other S3 services, as Kubernetes objects.

\`\`\`sh
helm install wasabi-s3-operator ./chart --namespace wasabi-s3-operator --create-namespace
\`\`\`

The image is built from the repository's Dockerfile and loaded into the cluster, or pushed to a
registry of your own: \`--set image.repository=registry.example.com/wasabi-s3-operator\`.

An upgrade from the predecessor keeps every object; see docs/upgrade.md. Uninstalling keeps the
custom resource definitions, and with them all objects.

## Values

| value | default | meaning |
| --- | --- | --- |
${rows.join("\n")}
`;
}
