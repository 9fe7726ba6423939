/**
 * Check: what a file exports, another file of src/ imports.
 *
 * A test is no user: code that only tests need is not part of the program. Except for
 * src/sandbox/, whose API is made for tests. A type that its own file uses is part of the shape
 * of what the file exports, and needs no other user.
 */
import { ROOT, typescriptFiles } from "./files.ts";

/** Exports that nobody imports, and why they are there. */
const ALLOWED: ReadonlyMap<string, string> = new Map([
  ["src/ops/log.ts: silentLogger", "tests run operators quietly"],
  ["src/resources/bucket/settings/cors.ts: corsOf", "its canonical form is a property test's"],
  ["src/kube/watch_stream.ts: readChunks", "its guarantees are tested on their own"],
]);

/** Text of each file, by path from the root. */
export type Sources = ReadonlyMap<string, string>;

interface Export {
  readonly name: string;
  readonly isType: boolean;
}

const DECLARATION =
  /^export (?:declare )?(?:abstract )?(?:async )?(function\*?|class|interface|type|const|let) ([\w$]+)/gm;
const EXPORT_LIST = /^export (type )?\{([^}]*)\}( from "([^"]+)")?/gm;
const IMPORT_LIST = /^import (?:type )?(?:[\w$]+, )?\{([^}]*)\} from "([^"]+)"/gm;
const WHOLE = /(?:^import (?:type )?\* as [\w$]+ from|^export \* from|\bimport\() ?"([^"]+)"/gm;
const TYPE_IMPORT = /\bimport\("([^"]+)"\)\.([\w$]+)/g;

/** Exported names of src/ that are not used, such as "src/ops/a.ts: b". */
export function findDeadExports(sources: Sources): readonly string[] {
  const used = new Set<string>();
  for (const [path, text] of sources) {
    const isTest = path.startsWith("tests/") || path.endsWith("_test.ts");
    for (const use of usesOf(path, text)) {
      if (!isTest || use.startsWith("src/sandbox/")) used.add(use);
    }
  }
  const dead: string[] = [];
  for (const [path, text] of sources) {
    if (!path.startsWith("src/")) continue;
    for (const { name, isType } of exportsOf(text)) {
      if (used.has(`${path}: ${name}`) || used.has(`${path}: *`)) continue;
      if (isType && timesUsed(name, text) > 1) continue;
      dead.push(`${path}: ${name}`);
    }
  }
  return dead;
}

function exportsOf(text: string): readonly Export[] {
  const exports: Export[] = [];
  for (const [, form, name = ""] of text.matchAll(DECLARATION)) {
    exports.push({ name, isType: form === "interface" || form === "type" });
  }
  for (const [, type, list = ""] of text.matchAll(EXPORT_LIST)) {
    for (const [, name] of namesOf(list)) exports.push({ name, isType: type !== undefined });
  }
  return exports;
}

/** What a file imports, and what it hands on, as "path: name", or "path: *" for everything. */
function usesOf(path: string, text: string): readonly string[] {
  const uses: string[] = [];
  function add(specifier: string | undefined, name: string): void {
    if (specifier?.startsWith(".")) {
      uses.push(`${new URL(specifier, `file:///${path}`).pathname.slice(1)}: ${name}`);
    }
  }
  for (const [, list = "", specifier] of text.matchAll(IMPORT_LIST)) {
    for (const [name] of namesOf(list)) add(specifier, name);
  }
  for (const [, , list = "", , specifier] of text.matchAll(EXPORT_LIST)) {
    for (const [name] of namesOf(list)) add(specifier, name);
  }
  for (const [, specifier, name = "*"] of text.matchAll(TYPE_IMPORT)) {
    // Of a module that is loaded at run time, any part may be used.
    add(specifier, ["then", "catch"].includes(name) ? "*" : name);
  }
  const withoutTypeImports = text.replace(TYPE_IMPORT, "");
  for (const [, specifier] of withoutTypeImports.matchAll(WHOLE)) add(specifier, "*");
  return uses;
}

/** Of each entry of a list in braces the name there and the name here. */
function namesOf(list: string): readonly (readonly [there: string, here: string])[] {
  return list.split(",").map((entry) => entry.trim().replace(/^type /, "")).filter(Boolean)
    .map((entry) => {
      const [there = "", here = there] = entry.split(" as ");
      return [there, here];
    });
}

function timesUsed(name: string, text: string): number {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(new RegExp(`\\b${name.replace("$", "\\$")}\\b`, "g"))].length;
}

if (import.meta.main) {
  const paths = (await Promise.all(["src", "tests", ".ci"].map(typescriptFiles))).flat();
  const texts = await Promise.all(paths.map((path) => Deno.readTextFile(ROOT + path)));
  const dead = findDeadExports(new Map(paths.map((path, index) => [path, texts[index] ?? ""])));
  const faults = dead.filter((name) => !ALLOWED.has(name));
  const needless = [...ALLOWED.keys()].filter((name) => !dead.includes(name));
  for (const fault of faults) console.error(`Nobody in src/ imports ${fault}`);
  for (const name of needless) console.error(`The allow-list names what is used or gone: ${name}`);
  console.log(`dead exports: ${faults.length}, allowed ${ALLOWED.size}`);
  if (faults.length + needless.length > 0) Deno.exit(1);
}
