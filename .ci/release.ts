/**
 * Checks that a tag is the one version that deno.json and the chart have, and prints the notes
 * that go before the list of changes.
 */
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { ROOT } from "./files.ts";

/** The versions that have to be equal, by the file that states them. */
export type Versions = Readonly<Record<string, string>>;

/** Reads the version of deno.json, and both of the chart. */
export async function readVersions(): Promise<Versions> {
  const program = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const chart = parse(await Deno.readTextFile(`${ROOT}chart/Chart.yaml`));
  return {
    "deno.json": program.version,
    "version of chart/Chart.yaml": chart.version,
    "appVersion of chart/Chart.yaml": chart.appVersion,
  };
}

/** What does not fit together, one a line; nothing when the tag may be released. */
export function faultsOf(tag: string, versions: Versions): readonly string[] {
  const wanted = /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1];
  if (wanted === undefined) return [`Cannot release tag: received "${tag}"`];
  return Object.entries(versions)
    .filter(([, version]) => version !== wanted)
    .map(([file, version]) => `Cannot release ${tag}: ${file} has ${version}`);
}

/** The first part of a release's notes: how to get it, and how to check it. */
export function notesOf(tag: string, image: string): string {
  const [name] = image.split("@");
  const repository = name?.replace(/^[^/]+\//, "");
  return `## Install

\`\`\`sh
helm install wasabi-s3-operator oci://ghcr.io/${
    repository?.split("/")[0]
  }/charts/wasabi-s3-operator \\
  --version ${tag.slice(1)} --namespace wasabi-s3-operator --create-namespace \\
  --set image.repository=${name},image.digest=${image.split("@")[1]}
\`\`\`

An upgrade from the predecessor is told in docs/upgrade.md. The definitions alone are in crds.yaml.

## Check

\`\`\`sh
cosign verify ${image} \\
  --certificate-oidc-issuer https://token.actions.githubusercontent.com \\
  --certificate-identity https://github.com/${repository}/.github/workflows/release.yaml@refs/tags/${tag}
\`\`\`
`;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { image: { type: "string" } },
  });
  const tag = positionals[0] ?? "";
  const faults = faultsOf(tag, await readVersions());
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
  if (values.image !== undefined) console.log(notesOf(tag, values.image));
}

if (import.meta.main) await main();
