/**
 * Writes what is generated from the source, or with --check fails naming each file that differs.
 *
 * A generator returns paths and contents; a new one is one entry of the list.
 */
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { customResourceDefinition } from "../src/api/crd.ts";
import { kindNames } from "../src/api/registry.ts";
import { chartDefinitions, chartReferences } from "./generate_chart.ts";
import { resourcesReference } from "./generate_crds_reference.ts";
import { conditionsReference, configurationReference } from "./generate_docs.ts";

/** Path below the repository → content. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/** One source of generated files. */
export interface Generator {
  readonly name: string;
  /** Folder that holds nothing but this generator's files; others in it are stale. */
  readonly folder?: string;
  readonly files: () => GeneratedFiles | Promise<GeneratedFiles>;
}

/** All generators. */
export const generators: readonly Generator[] = [
  { name: "custom resource definitions", folder: "crds", files: customResourceDefinitions },
  {
    name: "definitions in the chart",
    folder: "chart/files/crds",
    files: () => chartDefinitions(customResourceDefinitions()),
  },
  { name: "references of the chart", files: chartReferences },
  { name: "reference of conditions", files: conditionsReference },
  { name: "reference of the custom resources", files: resourcesReference },
  { name: "reference of the configuration", files: configurationReference },
];

function customResourceDefinitions(): GeneratedFiles {
  const header = "# Generated from src/api/ by `deno task generate`; changes here are lost.\n";
  return new Map(kindNames.map((name) => {
    const definition = customResourceDefinition(name);
    const yaml = stringify(definition, { lineWidth: 100, aliasDuplicateObjects: false });
    return [`crds/${definition.metadata.name}.yaml`, header + yaml];
  }));
}

/** Files that differ from what would be generated, each with the reason. */
export async function findDifferences(root: URL): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const generator of generators) {
    const files = await generator.files();
    for (const [path, content] of files) {
      const present = await Deno.readTextFile(new URL(path, root)).catch(() => undefined);
      if (present === undefined) differences.push(`${path}: missing`);
      else if (present !== content) {
        differences.push(`${path}: ${firstDifference(present, content)}`);
      }
    }
    for (const path of await staleFiles(generator, { root, files })) {
      differences.push(`${path}: no longer generated`);
    }
  }
  return differences;
}

/** Writes all files and removes stale ones. */
export async function generate(root: URL): Promise<void> {
  for (const generator of generators) {
    const files = await generator.files();
    for (const [path, content] of files) {
      const url = new URL(path, root);
      await Deno.mkdir(new URL(".", url), { recursive: true });
      await Deno.writeTextFile(url, content);
    }
    for (const path of await staleFiles(generator, { root, files })) {
      await Deno.remove(new URL(path, root));
    }
  }
}

async function staleFiles(
  generator: Generator,
  options: { root: URL; files: GeneratedFiles },
): Promise<readonly string[]> {
  if (generator.folder === undefined) return [];
  const stale: string[] = [];
  for await (const entry of Deno.readDir(new URL(generator.folder, options.root))) {
    const path = `${generator.folder}/${entry.name}`;
    if (entry.isFile && !options.files.has(path)) stale.push(path);
  }
  return stale;
}

function firstDifference(present: string, wanted: string): string {
  const presentLines = present.split("\n");
  const wantedLines = wanted.split("\n");
  const index = wantedLines.findIndex((line, i) => line !== presentLines[i]);
  if (index === -1) return `has lines after line ${wantedLines.length}`;
  return `line ${index + 1} is ${JSON.stringify(presentLines[index] ?? "")}, ` +
    `not ${JSON.stringify(wantedLines[index])}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const root = new URL("../", import.meta.url);
  if (!values.check) return await generate(root);

  const differences = await findDifferences(root);
  if (differences.length === 0) return;
  console.error(`Generated files are out of date; run \`deno task generate\`:`);
  for (const difference of differences) console.error(`  ${difference}`);
  Deno.exit(1);
}

if (import.meta.main) await main();
