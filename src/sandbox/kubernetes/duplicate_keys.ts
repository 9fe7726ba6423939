/** Finds what JSON.parse hides: keys that one object has twice. */

/** Everything of JSON that is not white space, a comma or a colon. */
const TOKEN = /[{}[\]]|"(?:[^"\\]|\\.)*"(\s*:)?|[^\s,:{}[\]"]+/g;

interface Container {
  /** Path of the container, such as `spec.rules[2]`. */
  readonly path: string;
  /** Keys of an object; undefined for a list. */
  readonly keys: Set<string> | undefined;
  /** Name of the value that comes next. */
  next: string;
  index: number;
}

/** Paths of repeated keys of a valid JSON text, each once, in the order of their repetition. */
export function duplicateKeys(text: string): readonly string[] {
  const found = new Set<string>();
  const open: Container[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    const container = open.at(-1);
    if (token === "}" || token === "]") {
      open.pop();
    } else if (container?.keys !== undefined && colon !== undefined) {
      const key: string = JSON.parse(token.slice(0, -colon.length));
      container.next = container.path === "" ? key : `${container.path}.${key}`;
      if (container.keys.has(key)) found.add(container.next);
      container.keys.add(key);
    } else {
      if (container?.keys === undefined && container !== undefined) {
        container.next = `${container.path}[${container.index++}]`;
      }
      if (token === "{" || token === "[") {
        const keys = token === "{" ? new Set<string>() : undefined;
        open.push({ path: container?.next ?? "", keys, next: "", index: 0 });
      }
    }
  }
  return [...found];
}
