/**
 * Reads the examples and points them at the embedded services.
 */
import { parseAllDocuments } from "yaml";
import type { Json } from "../api/common.ts";

/** An object of an example file. */
export interface ExampleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: Json | undefined;
}

/** Where the services are that the examples are pointed at. */
export interface Services {
  /** Address of the service of a region. */
  endpointOf(region: string): string;
  /** Address of IAM, for the Providers that name one. */
  readonly iamEndpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Reads all YAML files of a folder, in the order of their names.
 *
 * @throws Error naming the file that cannot be read
 */
export async function readExamples(folder: string | URL): Promise<readonly ExampleObject[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isFile && /\.ya?ml$/.test(entry.name)) names.push(entry.name);
  }
  const texts = await Promise.all(
    names.sort().map((name) => Deno.readTextFile(pathIn(folder, name))),
  );
  const objects = texts.flatMap((text, index) =>
    parseAllDocuments(text).map((document) => {
      const problem = document.errors[0];
      if (problem === undefined) return document.toJS() as ExampleObject;
      throw new Error(`Cannot read example: ${names[index]}`, { cause: problem });
    })
  );
  return [...objects].filter((object) => object !== null).sort(byDependency);
}

/** Regions of the Providers among the objects. */
export function regionsOf(objects: readonly ExampleObject[]): readonly string[] {
  const regions = objects.filter(({ kind }) => kind === "Provider")
    .map((provider) => (provider["spec"] as { readonly region: string }).region);
  return [...new Set(regions)];
}

/** Puts the embedded service's address and key in the place of the real ones. */
export function pointAtSandbox(object: ExampleObject, services: Services): ExampleObject {
  if (object.kind === "Provider") {
    const spec = object["spec"] as { readonly region: string; readonly iamEndpoint?: string };
    const iam = spec.iamEndpoint === undefined ? {} : { iamEndpoint: services.iamEndpoint };
    return { ...object, spec: { ...spec, endpoint: services.endpointOf(spec.region), ...iam } };
  }
  const data = object["stringData"] as Readonly<Record<string, string>> | undefined;
  if (object.kind !== "Secret" || data === undefined) return object;
  const values: Readonly<Record<string, string>> = {
    "access-key": services.accessKeyId,
    "secret-key": services.secretAccessKey,
  };
  const stringData = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, values[key] ?? value]),
  );
  return { ...object, stringData };
}

const ORDER = ["Namespace", "Secret", "Provider"];

/** Namespaces first; the rest would find its way in any order. */
function byDependency(left: ExampleObject, right: ExampleObject): number {
  const rank = ({ kind }: ExampleObject) => ORDER.includes(kind) ? ORDER.indexOf(kind) : 9;
  return rank(left) - rank(right);
}

function pathIn(folder: string | URL, name: string): string | URL {
  return typeof folder === "string" ? `${folder}/${name}` : new URL(name, folder);
}
