/** Files of the repository, for the checks. */

/** The repository's root, with a slash at the end. */
export const ROOT = decodeURIComponent(new URL("../", import.meta.url).pathname);

/** Paths, from the root, of the TypeScript files in `folder` and below, in order. */
export async function typescriptFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  async function visit(path: string): Promise<void> {
    for await (const entry of Deno.readDir(ROOT + path)) {
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory) await visit(child);
      else if (child.endsWith(".ts")) files.push(child);
    }
  }
  await visit(folder);
  return files.sort();
}
