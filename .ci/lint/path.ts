/** Where a linted file is in the repository. */
const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** Path from the repository's root, such as "src/queue/heap.ts". */
export function repositoryPath(filename: string): string {
  const path = filename.replace(/^file:\/\//, "");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path.replace(/^\.?\//, "");
}

/** Whether the file belongs to the program. */
export function isSource(path: string): boolean {
  return path.startsWith("src/");
}

/**
 * Target of an import as a path from the repository's root; undefined for a package.
 *
 * "@std/assert" is a name for a file of the tests.
 */
export function importedPath(from: string, specifier: string): string | undefined {
  if (specifier === "@std/assert") return "tests/support/std_assert.ts";
  if (!specifier.startsWith(".")) return undefined;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
