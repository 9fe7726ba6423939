/**
 * The layers: a file imports only from a higher number, or from its own folder.
 *
 * The table is the one of docs/architecture.md; what it adds beyond the numbers is in
 * {@link objectionTo}.
 */

/** Where a file stands. */
interface Place {
  readonly layer: number;
  /** Files of one group may import each other. */
  readonly group: string;
}

const FOLDERS: readonly (readonly [pattern: RegExp, layer: number])[] = [
  [/^src\/(main\.ts$|commands\/)/, 0],
  [/^src\/(operator\.ts$|operator\/|config\.ts$)/, 1],
  [/^src\/sandbox\//, 1.5],
  [/^src\/resources\//, 2],
  [/^src\/control\//, 3],
  [/^src\/(watch|queue)\//, 4],
  [/^src\/(wasabi|kube)\//, 5],
  [/^src\/api\//, 6],
  [/^src\/ops\//, 7],
];

/** Folders of src/resources that are no kind, but used by several. */
const SHARED_BY_KINDS: readonly string[] = ["policy"];

/** What the sandbox must not know, although it stands below it. */
const HIDDEN_FROM_SANDBOX = /^src\/(resources|control)\//;

const SANDBOX_USER = /^src\/commands\/sandbox(_[a-z0-9_]+)?\.ts$|^src\/commands\/sandbox\//;

function placeOf(path: string): Place | undefined {
  const entry = FOLDERS.find(([pattern]) => pattern.test(path));
  if (entry === undefined) return undefined;
  const [, layer] = entry;
  if (layer <= 1) return { layer, group: String(layer) };
  const kind = /^src\/resources\/([a-z0-9_]+)\//.exec(path)?.[1];
  if (kind !== undefined && !SHARED_BY_KINDS.includes(kind)) {
    return { layer, group: `src/resources/${kind}` };
  }
  return { layer, group: path.split("/").slice(0, 2).join("/") };
}

/**
 * Why the file at `from` must not import the one at `to`, both as paths from the repository's
 * root; undefined where it may.
 */
export function objectionTo(from: string, to: string): string | undefined {
  if (!from.startsWith("src/")) return undefined;
  if (to === "deno.json") return undefined;
  if (!to.startsWith("src/")) return `src must not import ${to}`;
  const [source, target] = [placeOf(from), placeOf(to)];
  if (source === undefined) return `${from} is in no layer of .ci/lint/layer_table.ts`;
  if (target === undefined) return `${to} is in no layer of .ci/lint/layer_table.ts`;
  if (source.group === target.group) return undefined;
  if (to.startsWith("src/sandbox/") && !SANDBOX_USER.test(from)) {
    return "Only src/commands/sandbox*.ts and tests import src/sandbox/";
  }
  if (from.startsWith("src/sandbox/") && HIDDEN_FROM_SANDBOX.test(to)) {
    return `src/sandbox/ must not know ${target.group}/`;
  }
  if (target.layer < source.layer) {
    return `Layer ${source.layer} must not import layer ${target.layer}`;
  }
  const isSharedByKinds = target.group === "src/resources";
  if (target.layer === source.layer && !isSharedByKinds) {
    return `${source.group}/ and ${target.group}/ must not import each other`;
  }
  return undefined;
}
