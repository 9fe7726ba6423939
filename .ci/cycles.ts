/** Check: no import cycle in src/, type imports included. */
import { ROOT, typescriptFiles } from "./files.ts";

/** Who imports whom. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Each cycle once, as the list of its files from the first in order. */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const cycles = new Map<string, readonly string[]>();
  const finished = new Set<string>();
  function visit(file: string, path: readonly string[]): void {
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = path.slice(start);
      cycles.set([...cycle].sort().join(" "), cycle);
      return;
    }
    if (finished.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
  return [...cycles.values()];
}

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** The imports of all files, as Deno itself resolves them. */
async function graphOf(files: readonly string[]): Promise<Graph> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      entry,
      files.map((file) => `import "file://${ROOT}${file}";`).join("\n"),
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", `${ROOT}deno.json`, entry],
      cwd: ROOT,
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    return toGraph(JSON.parse(new TextDecoder().decode(stdout)));
  } finally {
    await Deno.remove(entry);
  }
}

function toGraph(info: Info): Graph {
  const prefix = `file://${ROOT}src/`;
  const graph = new Map<string, readonly string[]>();
  for (const { specifier, dependencies = [] } of info.modules) {
    if (!specifier.startsWith(prefix)) continue;
    const targets = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier])
      .filter((target) => target !== undefined && target.startsWith(prefix));
    graph.set(shorten(specifier), [...new Set(targets)].map((target) => shorten(target ?? "")));
  }
  return graph;
}

function shorten(specifier: string): string {
  return specifier.slice(`file://${ROOT}`.length);
}

if (import.meta.main) {
  const files = await typescriptFiles("src");
  const graph = await graphOf(files);
  const missing = files.filter((file) => !graph.has(file));
  for (const file of missing) console.error(`Cannot see imports of ${file}`);
  const cycles = findCycles(graph);
  for (const cycle of cycles) console.error(`Import cycle: ${[...cycle, cycle[0]].join(" -> ")}`);
  console.log(`cycles: ${cycles.length} in ${graph.size} files`);
  if (cycles.length > 0 || missing.length > 0) Deno.exit(1);
}
